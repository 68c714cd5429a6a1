import type { CallFact, Element, Session, WireError } from '#dialog360/fact.js';
import { idText, type JsonRecord, list, number, record, text, unixTime } from '#kernel/read.js';
import type { UserIds } from '#kernel/wa-id.js';
import {
  digest,
  elementOf,
  isBusiness,
  readErrors,
  timeless,
  unknownElement,
  userContactOf,
  userIdsIn,
  type WebhookChange,
} from './change.js';

type Direction = 'inbound' | 'outbound' | null;

/** `value.calls[]`, with the `errors[]` that Meta puts beside it: they belong to the calls that failed. */
export function* readCalls(change: WebhookChange): Generator<Element> {
  const calls = list(change.value.calls);
  const over = calls.filter((call) => eventOf(record(call)) === 'terminate');
  const failed = over.filter((call) => statusOf(record(call)) === 'FAILED');
  const owners = new Set(failed.length > 0 ? failed : over);
  const errors = readErrors(change.value.errors);
  for (const call of calls) yield readCall(change, call, calls.length === 1, owners.has(call) ? errors : []);
  if (owners.size > 0) return;
  if (errors.length > 0) yield readNumberErrors(change, errors);
}

/** `errors[]` without a call that failed: what Meta did not pass on, and why, such as 131044. */
function readNumberErrors(change: WebhookChange, errors: WireError[]): Element {
  const at = change.entryTime;
  const identity = { id: digest([change.value.contacts ?? null, change.value.errors]), event: `errors${timeless(change, at)}`, at };
  return elementOf(change, identity, { kind: 'number.errors', errors }, { errors: change.value.errors });
}

const eventOf = (call: JsonRecord | undefined): string | undefined => text(call?.event)?.toLowerCase();
const statusOf = (call: JsonRecord | undefined): string | null => text(call?.status)?.toUpperCase() ?? null;

function readCall(change: WebhookChange, source: unknown, alone: boolean, siblings: WireError[]): Element {
  const call = record(source) ?? {};
  const wacid = idText(call.id);
  const event = eventOf(call);
  if (wacid === undefined || event === undefined) return unknownElement(change, source, 'call');
  const session = readSession(call.session);
  const direction = directionOf(change, call, session);
  const contact = userContactOf(change, userOf(change, call, direction), alone);
  const about = { wacid, direction, contact, opaque: opaqueOf(call), ...payloadsOf(call) };
  const errors = [...siblings, ...readErrors(call.errors)];
  const identity = { id: wacid, at: unixTime(call.timestamp) ?? null };
  const own = { calls: [source], ...(siblings.length > 0 && { errors: change.value.errors }) };
  if (event === 'connect') {
    const fact: CallFact = { ctaPayload: null, deeplinkPayload: null, ...about, kind: 'call.connect', session };
    return elementOf(change, { ...identity, event: `call:connect${session ? '' : ':no-session'}${lacksOf(about)}` }, fact, own);
  }
  if (event !== 'terminate')
    return elementOf(change, { ...identity, event: `call:${event}${lacksOf(about)}` }, { ...about, kind: 'call.note', event, errors }, own);
  const end = ended(about, call, errors);
  // Meta may report one end twice in a second, the second time with the duration of the call.
  const said = digest([end.status, end.startTime, end.endTime, end.durationSeconds, errors]);
  return elementOf(change, { ...identity, event: `call:terminate:${said}${lacksOf(about)}` }, end, own);
}

type About = Pick<CallFact, 'wacid' | 'direction' | 'contact' | 'opaque' | 'ctaPayload' | 'deeplinkPayload'>;

/**
 * Meta may report one event twice in a second, once with the user or a payload and once without, and each says something
 * new. The keys of events that name their user, and carry no payload, are those of earlier releases.
 */
function lacksOf({ contact, ctaPayload, deeplinkPayload }: About): string {
  const payloads = ctaPayload || deeplinkPayload ? `:${digest([ctaPayload, deeplinkPayload])}` : '';
  return `${contact ? '' : ':no-user'}${payloads}`;
}

function payloadsOf(call: JsonRecord): Pick<CallFact, 'ctaPayload' | 'deeplinkPayload'> {
  const [ctaPayload, deeplinkPayload] = [text(call.cta_payload), text(call.deeplink_payload)];
  return { ...(ctaPayload !== undefined && { ctaPayload }), ...(deeplinkPayload !== undefined && { deeplinkPayload }) };
}

function ended(about: About, call: JsonRecord, errors: WireError[]): Extract<CallFact, { kind: 'call.terminate' }> {
  const duration = number(call.duration);
  return {
    ...about,
    kind: 'call.terminate',
    status: statusOf(call),
    startTime: unixTime(call.start_time) ?? null,
    endTime: unixTime(call.end_time) ?? null,
    durationSeconds: duration !== undefined && duration >= 0 && duration <= Number.MAX_SAFE_INTEGER ? Math.round(duration) : null,
    errors,
  };
}

/** Call statuses: outbound only, on the field `calls` or of `type` "call". */
export function readCallStatus(change: WebhookChange, status: JsonRecord, alone: boolean): Element {
  const wacid = idText(status.id);
  const said = statusOf(status);
  if (wacid === undefined || said === null) return unknownElement(change, status, 'call-status');
  const ids = userIdsIn(status, 'recipient');
  const contact = userContactOf(change, ids, alone);
  const about = { wacid, direction: 'outbound', contact, opaque: opaqueOf(status), ...payloadsOf(status) } as const;
  const own = { statuses: [status] };
  const identity = { id: wacid, event: `status:${said}${lacksOf(about)}`, at: unixTime(status.timestamp) ?? null };
  if (said === 'RINGING' || said === 'ACCEPTED' || said === 'REJECTED')
    return elementOf(change, identity, { ...about, kind: 'call.status', status: said }, own);
  return elementOf(change, identity, { ...about, kind: 'call.note', event: said, errors: readErrors(status.errors) }, own);
}

const opaqueOf = (call: JsonRecord): string | null => idText(call.biz_opaque_callback_data) ?? null;

function readSession(value: unknown): Session | null {
  const session = record(value);
  const type = text(session?.sdp_type)?.toLowerCase();
  const sdp = session?.sdp;
  return (type === 'offer' || type === 'answer') && typeof sdp === 'string' && sdp !== '' ? { sdp_type: type, sdp } : null;
}

/** From the webhook; else from the SDP, since the calling side sends the offer; else by the number of the business. */
function directionOf(change: WebhookChange, call: JsonRecord, session: Session | null): Direction {
  const stated = text(call.direction)?.toUpperCase();
  if (stated === 'USER_INITIATED') return 'inbound';
  if (stated === 'BUSINESS_INITIATED') return 'outbound';
  if (session) return session.sdp_type === 'offer' ? 'inbound' : 'outbound';
  const [from, to] = [userIdsIn(call, 'from'), userIdsIn(call, 'to')];
  if (isBusiness(change, to.waId)) return 'inbound';
  if (isBusiness(change, from.waId)) return 'outbound';
  // Only users have user ids.
  if (hasUserId(from) === hasUserId(to)) return null;
  return hasUserId(from) ? 'inbound' : 'outbound';
}

const hasUserId = ({ userId, parentUserId }: UserIds): boolean => userId !== null || parentUserId !== null;

/** Whichever of `from` and `to` is not the business: Meta's own samples swap them. Only users have user ids. */
function userOf(change: WebhookChange, call: JsonRecord, direction: Direction): UserIds {
  const [from, to] = [userIdsIn(call, 'from'), userIdsIn(call, 'to')];
  const [first, second] = direction === 'outbound' ? [to.waId, from.waId] : [from.waId, to.waId];
  const other = isBusiness(change, first) ? second : first;
  const isKnown = direction !== null || change.displayPhoneNumber !== null;
  return {
    waId: isKnown && !isBusiness(change, other) ? other : null,
    userId: from.userId ?? to.userId,
    parentUserId: from.parentUserId ?? to.parentUserId,
  };
}
