import { type JsonRecord, record } from '#kernel/read.js';
import { isBsuid } from '#kernel/wa-id.js';
import { faultOfSdp, type SimulatedSession } from '#simulator/world/sdp.js';
import { need } from './refusals.js';

const CALL_ACTIONS = ['connect', 'pre_accept', 'accept', 'reject', 'terminate'] as const;
type CallAction = (typeof CALL_ACTIONS)[number];

/** A call action in the shape that Meta takes. */
export type CallRequest =
  | { action: 'connect'; user: string; sdp: string; opaque: string | undefined }
  | { action: 'pre_accept' | 'accept'; callId: string; sdp: string; opaque: string | undefined }
  | { action: 'reject'; callId: string }
  | { action: 'terminate'; callId: string };

const FIELDS = [
  'messaging_product',
  'action',
  'to',
  'recipient',
  'call_id',
  'session',
  'biz_opaque_callback_data',
  'recording',
  'transcription',
];
const OPAQUE_LIMIT = 512;
const CAPTURES = ['recording', 'transcription'] as const;
/** The languages of the announcement. @see calling/call-recording, calling/call-transcription (2026-08) */
const LANGUAGES = 'en en_US en_AU en_CA en_GB en_IN en_NZ nl fr de hi it kn pt es es_ES te vi'.split(' ');

/** Refuses members that are not on the list, as Graph does. */
export function closed(value: unknown, fields: readonly string[], name: string): JsonRecord {
  const object = record(value);
  need(object, `${name} must be an object`);
  for (const field of Object.keys(object)) need(fields.includes(field), `Unexpected key "${field}" on param "${name}"`);
  return object;
}

export const isAction = (value: unknown): value is CallAction => CALL_ACTIONS.some((action) => action === value);

/** The recipient of a request: `to` wins over `recipient`. `undefined` when neither can be a user. */
export function recipientOf(body: JsonRecord): string | undefined {
  if (body.to !== undefined) return typeof body.to === 'string' && /^\+?[1-9]\d{6,14}$/.test(body.to) ? body.to : undefined;
  return typeof body.recipient === 'string' && isBsuid(body.recipient) ? body.recipient : undefined;
}

/** @throws MetaRefusal 100 for everything that Meta's documents do not allow */
export function readCallRequest(value: unknown): CallRequest {
  const body = closed(value, FIELDS, 'body');
  need(body.messaging_product === 'whatsapp', 'messaging_product must be "whatsapp"');
  need(isAction(body.action), `action must be one of ${CALL_ACTIONS.join(', ')}`);
  const opaque = readOpaque(body);
  for (const name of CAPTURES) if (body[name] !== undefined) readCapture(body, name);
  if (body.action === 'connect') {
    need(body.call_id === undefined, 'connect takes no call_id');
    const user = recipientOf(body);
    need(user, 'to or recipient is required and must be a phone number or a business-scoped user id');
    return { action: 'connect', user, sdp: readSdp(body.session, 'offer'), opaque };
  }
  need(typeof body.call_id === 'string' && body.call_id !== '', 'call_id is required');
  if (body.action === 'reject') return { action: 'reject', callId: body.call_id };
  if (body.action === 'terminate') return { action: 'terminate', callId: body.call_id };
  return { action: body.action, callId: body.call_id, sdp: readSdp(body.session, 'answer'), opaque };
}

function readOpaque({ biz_opaque_callback_data: opaque }: JsonRecord): string | undefined {
  if (opaque === undefined) return undefined;
  need(
    typeof opaque === 'string' && opaque.length <= OPAQUE_LIMIT,
    `biz_opaque_callback_data must be a string of at most ${OPAQUE_LIMIT} characters`,
  );
  return opaque;
}

function readSdp(value: unknown, type: SimulatedSession['sdp_type']): string {
  const session = closed(value, ['sdp_type', 'sdp'], 'session');
  need(session.sdp_type === type, `session.sdp_type must be "${type}"`);
  need(typeof session.sdp === 'string', 'session.sdp must be a string');
  const fault = faultOfSdp(session.sdp, type);
  need(fault === null, `SDP Validation error: ${fault}`);
  return session.sdp;
}

/** A recording or transcription begins with the call: it may stand in `connect` and `accept` alone. */
function readCapture(body: JsonRecord, name: (typeof CAPTURES)[number]): void {
  need(body.action === 'connect' || body.action === 'accept', `${name} is taken with connect and accept only`);
  const capture = closed(body[name], ['status', 'purpose', 'announcement_language'], name);
  need(capture.status === 'ENABLED' || capture.status === 'DISABLED', `${name}.status must be ENABLED or DISABLED`);
  if (capture.status === 'DISABLED') return;
  need(
    typeof capture.purpose === 'string' && capture.purpose !== '' && capture.purpose.length <= 250,
    `${name}.purpose is required, at most 250 characters`,
  );
  const { announcement_language: language } = capture;
  need(
    typeof language === 'string' && LANGUAGES.includes(language),
    `${name}.announcement_language must be one of ${LANGUAGES.join(', ')}`,
  );
}
