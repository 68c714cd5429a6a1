import { api, newIdempotencyKey, withQuery } from '../api.js';
import { addressOf } from '../parts/call.js';
import { can } from '../session.js';
import { whom } from '../whom.js';
import { iceServers } from './ice.js';
import { HOLDER, keep } from './lease.js';
import { changed, dropMedia, during, learn, lineOf, openLine } from './lines.js';
import { Media } from './media.js';
import { sound } from './meters.js';

/** @import { Call } from '../api-shapes.js' */
/** @import { Line } from './lines.js' */
/** @typedef {{ phone_number_id?: string }} OfNumber empty where there is one number */

/** Calls that go out. */

/** After a longer wait for a permission the operator may be away, so the call is not dialled automatically. */
const STILL_HERE_MS = 2 * 60_000;

/**
 * Whether this person may be called now.
 * @param {string} typed
 * @param {OfNumber} of the number that would call
 * @throws {import('../api.js').Refusal}
 */
export const preflight = (typed, of) => api('GET', withQuery('/api/calling/preflight', { ...whom(typed), ...of }));

/**
 * Calls a user. When permission must be requested first, no offer is sent: it would be stale when the user answers.
 * @param {string} typed
 * @param {string} step what the preflight said comes next
 * @param {OfNumber} of the number that calls
 * @throws {import('../api.js').Refusal | import('./microphone.js').MicrophoneError}
 */
export async function place(typed, step, of) {
  sound();
  const media = step === 'dial' || step === 'wait' ? new Media(await iceServers()) : null;
  try {
    const offer = media ? { session: await media.offer(), lease_holder: HOLDER } : {};
    const call = await api('POST', '/api/calling/make-call', { ...whom(typed), ...of, ...offer }, { headers: once() });
    show(call, { media });
  } catch (error) {
    media?.close();
    // The call that is in the way can be ended, or dialled, right here.
    if (error.problem?.call) show(error.problem.call);
    throw error;
  }
}

/** Shows a call that another client has made, such as a click in a CRM. @param {Call} call @param {Partial<Line>} [props] */
export function show(call, props = {}) {
  const mine = props.media !== undefined;
  const line = lineOf(call.id) ?? openLine(call, { ...props, mine, autoDialUntil: mine ? Date.now() + STILL_HERE_MS : 0 });
  outboundChanged(line);
  changed();
}

/** Calls the person of an ended call, from the same number; the card shows why when that is refused. @param {Line} line */
export const callAgain = (line) =>
  during(line, 'calling', async () => {
    const { user, phone_number_id } = line.call;
    const to = addressOf(user) ?? '';
    const found = can('permissions:read') ? await preflight(to, { phone_number_id }) : null;
    await place(to, found?.next_step ?? 'dial', { phone_number_id });
  });

/** Dials a call that is ready, with a fresh offer. @param {Line} line */
export const dial = (line) =>
  during(line, 'dialing', async () => {
    sound();
    line.media ??= new Media(await iceServers());
    try {
      const session = await line.media.offer();
      line.mine = true;
      keep();
      learn(await api('POST', '/api/calling/connect', { id: line.call.id, session }, { headers: once() }));
      outboundChanged(line);
    } catch (error) {
      dropMedia(line);
      throw error;
    }
  });

/** Hangs up, cancels what rings, or calls off what waits. @param {Line} line */
export const hangUp = (line) =>
  during(line, 'ending', async () => {
    learn(await api('POST', '/api/calling/terminate', { call_id: line.call.id }));
    if (line.call.state === 'ended') dropMedia(line);
  });

/** What an event makes of a line. @param {Line} line */
export function outboundChanged(line) {
  const { call } = line;
  const waits = call.state === 'awaiting_permission' || call.state === 'ready';
  if (waits && line.media && line.busy !== 'dialing') dropMedia(line);
  if (call.state === 'ready' && !line.busy && (line.autoDialUntil ?? 0) > Date.now() && !document.hidden) {
    line.autoDialUntil = 0;
    void dial(line);
  }
  if (call.session?.sdp_type === 'answer') {
    line.media?.connect(call.session).catch((error) => {
      line.problem = error;
      changed();
    });
  }
}

const once = () => ({ 'Idempotency-Key': newIdempotencyKey() });
