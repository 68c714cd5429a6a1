/** One connection to `GET /api/events`. The browser reconnects by itself and resumes after the last received event. */

/**
 * @typedef {{ lastId(): string, event(data: string, id: string): void, reset(): void, state(to: string): void }} StreamListener
 *   `lastId` is the id of the event that was received last
 */

/**
 * @param {string} lastId of the event after which to resume; empty for what comes from now on
 * @param {Omit<StreamListener, 'lastId'>} listener
 * @returns {() => void} closes it
 */
export function connect(lastId, listener) {
  const source = new EventSource(lastId === '' ? '/api/events' : `/api/events?last_event_id=${encodeURIComponent(lastId)}`);
  listener.state('connecting');
  source.addEventListener('open', () => listener.state('open'));
  source.addEventListener('message', ({ data, lastEventId }) => listener.event(data, lastEventId));
  source.addEventListener('reset', () => listener.reset());
  // An answer other than 200 ends an EventSource for good: the session is over, or the gateway is full.
  source.addEventListener('error', () => listener.state(source.readyState === EventSource.CLOSED ? 'refused' : 'connecting'));
  return () => source.close();
}
