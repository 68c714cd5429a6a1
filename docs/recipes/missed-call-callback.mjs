// Calls back the users whose calls were missed: asks for permission where it must, and notifies an agent as soon as the call can be dialled.
import { events } from './parts/events.mjs';
import { ask, Refusal } from './parts/gateway.mjs';

const { PERMISSION_TEXT = 'We missed your call. May we call you back?', CALL_BACK_WITHIN_MINUTES = '60' } = process.env;
const PREFIX = 'callback:';

async function callBack({ id, user }) {
  const whom = user.wa_id ? { to: user.wa_id } : { recipient: user.user_id };
  const wish = { ...whom, reference: PREFIX + id, permission_request: { body: PERMISSION_TEXT } };
  // The same key for the same missed call: an event that comes twice calls back once.
  const call = await ask('/api/calling/make-call', wish, { 'Idempotency-Key': PREFIX + id });
  console.log(`${id} was missed: ${call.id} is ${call.state}`);
  if (call.state === 'ready') offer(call);
}

/** A call of long ago is known late after an outage, or comes from a loaded past: nobody expects to be called back now. */
const isOld = ({ past, data: call }) => past === true || Date.now() - Date.parse(call.ended_at) > CALL_BACK_WITHIN_MINUTES * 60_000;

/** Here belongs your own way to reach an agent; the link opens the call in the softphone. */
const offer = (call) => console.log(`Call back now, until ${call.expires_at}: ${call.links.softphone}`);

for await (const event of events('call.ended,call.ready')) {
  const { type, data: call } = event;
  const ours = call.reference?.startsWith(PREFIX);
  if (type === 'call.ready' && ours) offer(call);
  else if (type === 'call.ended' && ours) console.log(`${call.id} ended: ${call.outcome}`);
  else if (type === 'call.ended' && call.direction === 'inbound' && call.outcome === 'missed') {
    if (isOld(event)) console.log(`${call.id} was missed at ${call.ended_at}: too long ago to call back`);
    else await callBack(call).catch((error) => console.error(`${call.id}: ${error instanceof Refusal ? error.message : error.stack}`));
  }
}
