import { api, newIdempotencyKey, withQuery } from '../api.js';
import { allLines, changed, dropMedia, lineOf, onLines } from './lines.js';

/** @typedef {{ fence: number | null, timer: ReturnType<typeof setTimeout> | null, asking: AbortController | null, everyMs: number }} Lease */

/**
 * The leases of the calls with their audio in this window. While they are renewed the calls go on; when the window is gone
 * without a word, the gateway ends them.
 */

/** What this window calls itself. */
export const HOLDER = newIdempotencyKey();
/** Until the gateway has said how often. */
const RENEW_MS = 5_000;
/** The browser's question whether to leave holds up everything here; the gateway allows no more. */
const QUESTION_SECONDS = 60;
/** @type {Map<string, Lease>} */
const leases = new Map();

/** From now on each call that has its sound here is leased. */
export function keepLeases() {
  onLines(keep);
}

/** Takes the leases of what is held now, such as of a call that is answered in this moment. */
export function keep() {
  const held = allLines().filter(({ mine, media, call }) => mine && media && call.state !== 'ended');
  const ids = new Set(held.map(({ call }) => call.id));
  for (const [id, lease] of leases) if (!ids.has(id)) giveUp(id, lease);
  for (const { call, busy } of held) {
    /** @type {Lease} */
    const lease = leases.get(call.id) ?? { fence: null, timer: null, asking: null, everyMs: RENEW_MS };
    leases.set(call.id, lease);
    // A call that is just being ended would answer a renewal with a refusal.
    if (busy === 'ending') pause(lease);
    else if (lease.timer === null && lease.asking === null) void renew(call.id);
  }
}

/** @param {Lease} lease */
function pause(lease) {
  clearTimeout(lease.timer ?? undefined);
  lease.asking?.abort();
  Object.assign(lease, { timer: null, asking: null });
}

/** Asks for time while the browser asks the operator something. */
export function askForTime() {
  for (const [id, { fence }] of leases) {
    if (fence !== null) void hold(id, { fence, ttl_seconds: QUESTION_SECONDS }, { keepalive: true }).catch(() => undefined);
  }
}

/** @param {string} id */
async function renew(id) {
  const lease = leases.get(id);
  if (!lease) return;
  const asking = new AbortController();
  Object.assign(lease, { timer: null, asking });
  const late = setTimeout(() => asking.abort(), lease.everyMs);
  try {
    const answer = await hold(id, lease.fence === null ? {} : { fence: lease.fence }, { signal: asking.signal });
    Object.assign(lease, { fence: answer.fence, everyMs: answer.renew_after_seconds * 1_000 });
  } catch (error) {
    if (leases.get(id) === lease && error.problem?.code === 'lease_lost') lost(id);
    // An event reports any other refusal, or the next renewal succeeds.
  }
  clearTimeout(late);
  if (leases.get(id) !== lease || lease.asking !== asking) return;
  Object.assign(lease, { asking: null, timer: setTimeout(() => renew(id), lease.everyMs) });
}

/**
 * @param {string} id
 * @param {{ fence?: number, ttl_seconds?: number }} more
 * @param {{ signal?: AbortSignal, keepalive?: boolean }} options
 */
const hold = (id, more, options) => api('PUT', leaseOf(id), { holder: HOLDER, ...more }, options);

/** @param {string} id @returns {`/api/calling/calls/${string}/lease`} */
const leaseOf = (id) => `/api/calling/calls/${encodeURIComponent(id)}/lease`;

/** The sound is no longer here: the call goes on without, or has ended. @param {string} id @param {Lease} lease */
function giveUp(id, lease) {
  pause(lease);
  leases.delete(id);
  if (lease.fence === null || lineOf(id)?.call.state === 'ended') return;
  void api('DELETE', withQuery(leaseOf(id), { holder: HOLDER }), undefined, { keepalive: true }).catch(() => undefined);
}

/** Another window has the call now. @param {string} id */
function lost(id) {
  leases.delete(id);
  const line = lineOf(id);
  if (!line) return;
  dropMedia(line);
  line.mine = false;
  changed();
}
