import type { Session } from '#dialog360/fact.js';
import { checkSession } from '#dialog360/sdp.js';
import { type FieldError, Problem } from '#kernel/problem.js';
import { idText, type JsonRecord, parseJson, record, storable, text } from '#kernel/read.js';
import { fieldError, refuseFaults } from './field-errors.js';
import { type NamedUser, readNamedUser } from './named-user.js';

export const CALL_ACTIONS = ['connect', 'pre_accept', 'accept', 'reject', 'terminate'] as const;
export type MetaAction = (typeof CALL_ACTIONS)[number];

/** A body of `POST /{phone_number_id}/calls`, checked whole. */
export type ActionRequest =
  | { action: 'connect'; addressee: NamedUser; session: Session; callbackData: string | null }
  | { action: 'pre_accept'; callId: string; session: Session }
  /** Without a session the SDP of the pre-accept is sent again. */
  | { action: 'accept'; callId: string; session: Session | null; callbackData: string | null }
  | { action: 'reject' | 'terminate'; callId: string };

/** The longest opaque data that Meta takes, in characters. */
const OPAQUE_LIMIT = 512;

/**
 * The action of a body, in any case; undefined for a word that is none. A missing one is `connect` when an offer and an addressee are
 * there: Meta's own sample and clients of 2025 leave it out.
 */
export function actionOf(body: JsonRecord): MetaAction | undefined {
  const written = text(body.action)?.toLowerCase();
  if (written !== undefined) return CALL_ACTIONS.find((action) => action === written);
  const isAddressed = text(body.to) !== undefined || text(body.recipient) !== undefined;
  return isAddressed && sessionIn(body)?.sdp_type === 'offer' ? 'connect' : undefined;
}

/**
 * Reads a body. Members that clients send beside those of the action, such as `type` or `to` with accept, are left alone.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/reference (2026-09)
 * @throws Problem `invalid_request` naming each fault
 */
export function readActionRequest(body: JsonRecord): ActionRequest {
  const action = actionOf(body);
  if (action === undefined) throw new Problem('invalid_request', { errors: [ACTION] });
  refuseFaults([...recordingFaults(body), ...opaqueFaults(body, action)]);
  if (action === 'connect') {
    const addressee = readNamedUser(body, ['to', 'recipient']);
    return { action, addressee, session: requireSession(body, 'offer'), callbackData: opaqueIn(body) };
  }
  const callId = idText(body.call_id);
  if (callId === undefined) throw new Problem('invalid_request', { errors: [CALL_ID] });
  if (action === 'pre_accept') return { action, callId, session: requireSession(body, 'answer') };
  if (action !== 'accept') return { action, callId };
  const session = sessionIn(body) === undefined ? null : requireSession(body, 'answer');
  return { action, callId, session, callbackData: opaqueIn(body) };
}

/** The session with its type in lower case, or that of the legacy `connection.webrtc.sdp`, which is JSON within JSON; undefined for none. */
function sessionIn(body: JsonRecord): JsonRecord | undefined {
  if (body.session !== undefined && body.session !== null) {
    const session = record(body.session);
    return { sdp: session?.sdp, sdp_type: text(session?.sdp_type)?.toLowerCase() };
  }
  const legacy = record(parseJson(text(record(record(body.connection)?.webrtc)?.sdp) ?? ''));
  return legacy && { sdp: legacy.sdp, sdp_type: text(legacy.type)?.toLowerCase() };
}

function requireSession(body: JsonRecord, wanted: Session['sdp_type']): Session {
  const checked = checkSession(sessionIn(body), wanted);
  if ('errors' in checked) throw new Problem('invalid_request', { errors: checked.errors });
  return checked.session;
}

/** Asked for, and never silently left out: the business might rely on a recording that does not exist. `DISABLED` asks for nothing. */
const recordingFaults = (body: JsonRecord): FieldError[] =>
  ['recording', 'transcription'].flatMap((name) => {
    const wish = body[name];
    if (wish === undefined || wish === null || text(record(wish)?.status)?.toUpperCase() === 'DISABLED') return [];
    return [
      fieldError(
        name,
        'is not available through this gateway: leave it out, or say DISABLED',
        'no está disponible en este gateway: omítalo o indique DISABLED',
      ),
    ];
  });

function opaqueFaults(body: JsonRecord, action: MetaAction): FieldError[] {
  const given = body.biz_opaque_callback_data;
  if (given === undefined || given === null || (action !== 'connect' && action !== 'accept')) return [];
  return typeof given === 'string' && [...given].length <= OPAQUE_LIMIT ? [] : [OPAQUE];
}

const opaqueIn = (body: JsonRecord): string | null => {
  const given = text(body.biz_opaque_callback_data);
  return given === undefined ? null : storable(given);
};

const ACTION = fieldError('action', `must be one of ${CALL_ACTIONS.join(', ')}`, `debe ser uno de ${CALL_ACTIONS.join(', ')}`);
const CALL_ID = fieldError(
  'call_id',
  'must be the id of a call, such as wacid.…, of at most 512 characters',
  'debe ser el id de una llamada, como wacid.…, de 512 caracteres como máximo',
);
const OPAQUE = fieldError(
  'biz_opaque_callback_data',
  `must be a text of at most ${OPAQUE_LIMIT} characters`,
  `debe ser un texto de ${OPAQUE_LIMIT} caracteres como máximo`,
);
