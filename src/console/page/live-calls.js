import { api, withQuery } from './api.js';
import { onEvent } from './events.js';
import { onSession, session } from './session.js';

/** @import { Call } from './api-shapes.js' */

/** Every call that is not over, kept by the event stream; read over REST at first and whenever something was missed. */

const UNFINISHED = ['awaiting_permission', 'ready', 'dialing', 'ringing', 'accepting', 'in_progress'];
const MOST = 200;
/** @type {Map<string, Call>} */
const calls = new Map();
/** @type {Set<() => void>} */
const listeners = new Set();
let watched = false;

/** Newest first. */
export const liveCalls = () =>
  [...calls.values()].filter(({ state }) => state !== 'ended').sort((a, b) => (a.created_at < b.created_at ? 1 : -1));

/** Calls `fn` whenever a call changes; the first who listens makes the store read. @param {() => void} fn */
export function onLiveCalls(fn) {
  listeners.add(fn);
  if (!watched) watch();
  return () => listeners.delete(fn);
}

/** @throws {Refusal} */
export async function readLiveCalls() {
  const pages = await Promise.all(UNFINISHED.map((state) => api('GET', withQuery('/api/calling/calls', { state, limit: MOST }))));
  calls.clear();
  for (const call of pages.flatMap(({ data }) => data)) learn(call);
  tell();
}

function watch() {
  watched = true;
  onEvent('call.*', ({ data }) => {
    learn(data);
    tell();
  });
  onEvent('reset', () => readLiveCalls().catch(() => undefined));
  onSession(() => {
    if (!session()) calls.clear();
  });
}

/** The younger word counts; an ended call stays for a while, so that an older event cannot bring it back. @param {Call} call */
function learn(call) {
  const known = calls.get(call.id);
  if (known && known.sequence > call.sequence) return;
  calls.set(call.id, call);
  const over = [...calls.values()].filter(({ state }) => state === 'ended');
  for (const { id } of over.slice(0, Math.max(0, over.length - MOST))) calls.delete(id);
}

function tell() {
  for (const fn of [...listeners]) fn();
}
