import { DISPLAY_PHONE_NUMBER, PHONE_NUMBER_ID } from './fake-360dialog.mjs';

const metadata = { display_phone_number: DISPLAY_PHONE_NUMBER, phone_number_id: PHONE_NUMBER_ID };

/** Meta's envelope around changes of one field. @param {object[]} values */
export const delivery = (values, field = 'calls') => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '200000000000001', changes: values.map((value) => ({ field, value: complete(value) })) }],
});

const complete = (value) => ({ messaging_product: 'whatsapp', metadata, ...value });

/**
 * A call as the wire knows it.
 * @typedef {{ wacid: string, user: string, direction: 'USER_INITIATED' | 'BUSINESS_INITIATED' }} WireCall
 */

/** @param {WireCall} call @param {number} at seconds since 1970 */
export function connect(call, at) {
  const inbound = call.direction === 'USER_INITIATED';
  const session = { sdp_type: inbound ? 'offer' : 'answer', sdp: sdp(inbound ? 'actpass' : 'active') };
  return event(call, 'connect', at, { session });
}

/** With `talked` seconds the call was picked up; `null` leaves all times out. */
export function terminate(call, at, talked) {
  const times = talked === null ? {} : { start_time: String(at - talked), end_time: String(at), duration: talked };
  return event(call, 'terminate', at, { status: 'COMPLETED', ...times });
}

export function failed(call, at) {
  const error = { code: 138021, message: 'Media receive timeout', error_data: { details: 'no media arrived' } };
  return { ...event(call, 'terminate', at, { status: 'FAILED' }), errors: [error] };
}

/** @param {'RINGING' | 'ACCEPTED' | 'REJECTED'} status */
export const status = (call, status, at) => ({
  statuses: [{ id: call.wacid, type: 'call', status, timestamp: String(at), recipient_id: call.user }],
});

/** A webhook that does not say which user it is about. @param {object} value of a change */
export const nameless = ({ contacts, ...value }) => ({
  ...value,
  ...(value.calls && { calls: value.calls.map(({ from, to, ...call }) => call) }),
  ...(value.statuses && { statuses: value.statuses.map(({ recipient_id, ...status }) => status) }),
});

function event(call, name, at, rest) {
  const inbound = call.direction === 'USER_INITIATED';
  const sides = inbound ? { from: call.user, to: DISPLAY_PHONE_NUMBER } : { from: DISPLAY_PHONE_NUMBER, to: call.user };
  return {
    contacts: [{ profile: { name: `User ${call.user}` }, wa_id: call.user }],
    calls: [{ id: call.wacid, ...sides, event: name, direction: call.direction, timestamp: String(at), ...rest }],
  };
}

const FINGERPRINT = Array.from({ length: 32 }, (_, i) => ((i * 7) % 256).toString(16).padStart(2, '0').toUpperCase()).join(':');

/** A session description that passes every check. */
export const sdp = (setup) =>
  [
    'v=0',
    'o=- 4611730000 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=audio 40012 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 192.0.2.10',
    'a=ice-ufrag:prove',
    'a=ice-pwd:provepasswordprovepassword',
    `a=fingerprint:sha-256 ${FINGERPRINT}`,
    `a=setup:${setup}`,
    'a=mid:audio',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    '',
  ].join('\r\n');
