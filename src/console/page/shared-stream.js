import { connect } from './stream.js';

/**
 * One event stream for all windows of a browser, which may have no more than six connections to a gateway without HTTP/2.
 * The window that has the lock listens and passes on; when it is closed, another gets the lock and resumes after the last
 * event it has received. A window that was put to sleep by its browser keeps the lock and says nothing: then another takes it.
 */

const ASK_MS = 4_000;
/** So many questions without an answer, and the window that should listen is taken to be asleep. */
const PATIENCE = 3;

/** Browsers have locks on https and on the machine itself; elsewhere each window listens for itself. */
export const canShare = () => 'locks' in navigator && 'BroadcastChannel' in globalThis;

/**
 * @param {string} name of the stream: windows of one session share it
 * @param {import('./stream.js').StreamListener} listener
 * @returns {{ wake(): void, close(): void }} `wake` connects again after a refusal
 */
export function share(name, listener) {
  const channel = new BroadcastChannel(name);
  const ended = new AbortController();
  let [leads, state, unanswered] = [false, 'connecting', 0];
  /** @type {(() => void) | null} */
  let hangUp = null;
  /** @param {string} kind */
  const say = (kind, more = {}) => channel.postMessage({ kind, ...more });

  const talk = () => {
    hangUp?.();
    hangUp = connect(listener.lastId(), {
      event: (data, id) => {
        say('event', { data, id });
        listener.event(data, id);
      },
      reset: () => {
        say('reset');
        listener.reset();
      },
      state: (to) => {
        state = to;
        say('state', { state });
        listener.state(to);
      },
    });
  };

  const lead = () =>
    /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        if (ended.signal.aborted) return resolve();
        ended.signal.addEventListener('abort', () => resolve());
        const resumes = listener.lastId() !== '';
        leads = true;
        const first = state;
        talk();
        // A window that has received no event cannot name a cursor to resume from.
        if (first === 'open' && !resumes) listener.reset();
      })
    );

  /** @param {LockOptions} how @returns {Promise<void>} */
  const stand = (how) =>
    navigator.locks.request(name, how, lead).catch(() => {
      // The lock was released or taken away: another window leads.
      stop();
      if (!ended.signal.aborted) void stand({ signal: ended.signal });
    });

  const stop = () => {
    hangUp?.();
    hangUp = null;
    [leads, unanswered] = [false, 0];
  };

  channel.addEventListener('message', ({ data: { kind, data, id, state: told } }) => {
    if (kind === 'ask') {
      if (leads) say('state', { state });
      return;
    }
    if (leads) return;
    unanswered = 0;
    if (kind === 'event') listener.event(data, id);
    else if (kind === 'reset') listener.reset();
    else {
      state = told;
      listener.state(told);
    }
  });

  const timer = setInterval(() => {
    if (leads) return;
    unanswered += 1;
    if (unanswered > PATIENCE) {
      unanswered = 0;
      void stand({ steal: true });
    } else say('ask');
  }, ASK_MS);

  listener.state('connecting');
  void stand({ signal: ended.signal });
  say('ask');
  return {
    wake: () => {
      if (leads && state === 'refused') talk();
    },
    close: () => {
      clearInterval(timer);
      ended.abort();
      stop();
      channel.close();
    },
  };
}
