import { canShare, share } from './shared-stream.js';
import { connect } from './stream.js';

/** @import { Events } from './api-shapes.js' */
/** @import { StreamListener } from './stream.js' */

/** The events of the gateway, for the whole page. */

/** How many ids of received events the page remembers, to drop duplicates when another window takes over the stream. */
const REMEMBERED = 200;
/** @type {Map<string, Set<(event: any) => void>>} */
const listeners = new Map();
/** @type {Set<string>} */
const heard = new Set();
/** @type {{ wake(): void, close(): void } | null} */
let stream = null;
/** @type {string | null} */
let key = null;
let state = 'closed';
let lastId = '';

/**
 * Calls `fn` with each event of a type, as `GET /api/events` sends it: `{ id, type, occurred_at, sequence, data, … }`.
 * Besides the types of the API: `call.*` receives all events of calls; `reset` means that events were missed and the state must be read
 * again; `stream` receives `{ state }` when the connection becomes `open`, `connecting` or `refused`.
 * @template {keyof Events} Type
 * @param {Type} type
 * @param {(event: Events[Type]) => void} fn
 * @returns {() => void} stops listening
 */
export function onEvent(type, fn) {
  /** @type {Set<(event: Events[Type]) => void>} */
  const own = listeners.get(type) ?? new Set();
  listeners.set(type, own.add(fn));
  return () => own.delete(fn);
}

/** `open`, `connecting`, `refused` or `closed`. */
export const streamState = () => state;

const SETTLE_MS = 1_500;

/** Waits while the stream connects, yet not long: what depends on who listens is asked for afterwards. @returns {Promise<void>} */
export function streamSettled() {
  if (state !== 'connecting') return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      stop();
      clearTimeout(limit);
      resolve();
    };
    const stop = onEvent('stream', end);
    const limit = setTimeout(end, SETTLE_MS);
  });
}

/** Listens, or listens again after a refusal. @param {string} session its windows share one stream */
export function openStream(session) {
  if (stream && key === session) return stream.wake();
  if (stream) closeStream();
  key = session;
  const listener = { lastId: () => lastId, event: hear, reset: () => tell('reset', { type: 'reset' }), state: turn };
  stream = canShare() ? share(`console.stream.${session}`, listener) : alone(listener);
}

export function closeStream() {
  stream?.close();
  stream = null;
  lastId = '';
  heard.clear();
  turn('closed');
}

/** @param {StreamListener} listener */
function alone(listener) {
  let close = connect('', listener);
  return {
    wake: () => {
      if (state !== 'refused') return;
      close();
      close = connect(lastId, listener);
    },
    close: () => close(),
  };
}

/**
 * @param {string} data
 * @param {string} id
 */
function hear(data, id) {
  if (heard.has(id)) return;
  heard.add(id);
  if (heard.size > REMEMBERED) heard.delete(/** @type {string} */ (heard.values().next().value));
  lastId = id;
  const event = JSON.parse(data);
  tell(event.type, event);
  if (event.type.startsWith('call.')) tell('call.*', event);
}

/** @param {string} to */
function turn(to) {
  if (to === state) return;
  state = to;
  tell('stream', { type: 'stream', state });
}

/**
 * One listener that fails must not keep the others from hearing.
 * @param {keyof Events} type
 * @param {unknown} event
 */
function tell(type, event) {
  for (const fn of [...(listeners.get(type) ?? [])]) {
    try {
      fn(event);
    } catch (error) {
      reportError(error);
    }
  }
}
