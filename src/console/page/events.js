/** The gateway's event stream: one connection for the whole page. */

const listeners = new Map();
let source = null;
let state = 'closed';
let lastId = '';

/**
 * Calls `fn` with each event of a type, as `GET /api/events` tells it: `{ id, type, occurred_at, sequence, data, … }`.
 * Besides the types of the API: `*` hears all of them; `reset` says that something was missed and the state must be read
 * again; `stream` hears `{ state }` whenever the connection turns `open`, `connecting` or `refused`.
 * @returns {() => void} stops listening
 */
export function onEvent(type, fn) {
  const own = listeners.get(type) ?? new Set();
  listeners.set(type, own.add(fn));
  return () => own.delete(fn);
}

/** `open`, `connecting`, `refused` or `closed`. */
export const streamState = () => state;

/** Connects. The browser reconnects by itself and resumes after the last event that was heard. */
export function openStream() {
  if (source) return;
  source = new EventSource(lastId === '' ? '/api/events' : `/api/events?last_event_id=${encodeURIComponent(lastId)}`);
  turn('connecting');
  source.addEventListener('open', () => turn('open'));
  source.addEventListener('message', hear);
  source.addEventListener('reset', () => tell('reset', { type: 'reset' }));
  source.addEventListener('error', () => {
    if (source?.readyState !== EventSource.CLOSED) return turn('connecting');
    // An answer other than 200 ends an EventSource for good: the session is over, or the gateway is full.
    source = null;
    turn('refused');
  });
}

export function closeStream() {
  source?.close();
  source = null;
  lastId = '';
  turn('closed');
}

function hear({ data, lastEventId }) {
  lastId = lastEventId;
  const event = JSON.parse(data);
  tell(event.type, event);
  tell('*', event);
}

function turn(to) {
  if (to === state) return;
  state = to;
  tell('stream', { type: 'stream', state });
}

/** One listener that fails must not keep the others from hearing. */
function tell(type, event) {
  for (const fn of [...(listeners.get(type) ?? [])]) {
    try {
      fn(event);
    } catch (error) {
      reportError(error);
    }
  }
}
