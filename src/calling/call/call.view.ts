import type { Session } from '#dialog360/fact.js';
import type { Person } from '#identity/person.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Upstream } from '#kernel/problem.js';
import { type CallError, fact, fateOfRequest } from './call.js';
import { type CallSnapshot, requestedAt, requestStatus } from './publish.js';

/** The other side's or our session description. */
export class SessionDescriptionDto {
  /** `offer` from whoever calls, `answer` from whoever is called. */
  sdp_type: 'offer' | 'answer';
  /** SDP (RFC 8866) with CRLF line ends. */
  sdp: string;
}

/** The WhatsApp user, under every name Meta has told. */
export class CallUserDto {
  /** The phone number as bare digits; null for a user whose number is not shown. */
  wa_id: string | null;
  /** What the caller typed. */
  input: string | null;
  /** Business-scoped user id (BSUID). */
  user_id: string | null;
  parent_user_id: string | null;
  username: string | null;
  /** The name in the user's profile. */
  name: string | null;
}

/** Why a call failed. */
export class CallErrorDto {
  /** A word of the error catalogue, see `GET /api/calling/errors/{code}`. */
  code: string;
  /** What 360dialog or Meta said, exactly; null when they said nothing. */
  upstream: Upstream | null;
}

/** The permission request of a call. */
export class CallPermissionRequestDto {
  /** `wamid.…`; null while nobody knows whether it was sent. */
  message_id: string | null;
  status: 'unknown' | 'sent' | 'delivered' | 'read' | 'failed';
  error: CallErrorDto | null;
}

export class CallLinksDto {
  self: string;
  timeline: string;
  softphone: string;
}

/** One call, inbound or outbound. Unknown is null; times are RFC 3339 in UTC. */
export class CallDto {
  /** The gateway's own id. */
  id: string;
  /** Meta's id (`wacid.…`); null until 360dialog has told it. */
  call_id: string | null;
  direction: 'inbound' | 'outbound';
  state: 'awaiting_permission' | 'ready' | 'dialing' | 'ringing' | 'accepting' | 'in_progress' | 'ended';
  /** How an ended call ended. */
  outcome: 'answered' | 'rejected' | 'missed' | 'no_answer' | 'canceled' | 'permission_denied' | 'expired' | 'failed' | 'unknown' | null;
  /** False while nobody can say whether 360dialog has taken the dial or the accept. */
  outcome_known: boolean;
  /** `wire` when Meta said how it ended, `inferred` when the gateway concluded it. */
  outcome_source: 'wire' | 'inferred' | null;
  user: CallUserDto;
  phone_number_id: string;
  /** The caller's own word for the call, never sent to Meta. */
  reference: string | null;
  /** The other side's SDP while it is of use, for keys with `calls:control`. */
  session: SessionDescriptionDto | null;
  /** The name of the key that has taken an inbound call. */
  claimed_by: string | null;
  /** What the call button that the user tapped carried. */
  cta_payload: string | null;
  /** What the `wa.me/call` link that the user followed carried. */
  deeplink_payload: string | null;
  permission_request: CallPermissionRequestDto | null;
  created_at: string;
  permission_requested_at: string | null;
  dialed_at: string | null;
  pre_accepted_at: string | null;
  ringing_at: string | null;
  answered_at: string | null;
  ended_at: string | null;
  /** Whole seconds of talk, as Meta counted them. */
  duration_seconds: number | null;
  /** The deadline of the present state. */
  expires_at: string | null;
  error: CallErrorDto | null;
  /** Rises with every event of this call. */
  sequence: number;
  links: CallLinksDto;
}

/** A call as consumers see it; `withSession` only for those who may control calls. */
export function toCallDto(snapshot: CallSnapshot, person: Person | undefined, publicUrl: string, withSession: boolean): CallDto {
  const { call, derived } = snapshot;
  const { facts, control } = call;
  const connected = fact(facts, 'connected');
  const self = `${publicUrl}/api/calling/calls/${call.id}`;
  return {
    id: call.id,
    call_id: call.wacid,
    direction: call.direction,
    state: derived.state,
    outcome: derived.outcome,
    outcome_known: derived.outcomeKnown,
    outcome_source: derived.outcomeSource,
    user: {
      wa_id: person?.waId ?? null,
      input: call.input,
      user_id: person?.userId ?? null,
      parent_user_id: person?.parentUserId ?? null,
      username: person?.username ?? null,
      name: person?.name ?? null,
    },
    phone_number_id: call.phoneNumberId,
    reference: call.reference,
    session: withSession ? sessionOf(snapshot) : null,
    claimed_by: control.claim?.name ?? null,
    cta_payload: connected?.ctaPayload ?? null,
    deeplink_payload: connected?.deeplinkPayload ?? null,
    permission_request: toRequestDto(snapshot),
    created_at: rfc3339(call.createdAt),
    permission_requested_at: rfc3339(requestedAt(call)),
    dialed_at: rfc3339(fact(facts, 'dialing')?.at),
    pre_accepted_at: rfc3339(fact(facts, 'pre_accept.confirmed')?.at),
    ringing_at: rfc3339(derived.ringingAt),
    answered_at: rfc3339(derived.answeredAt),
    ended_at: rfc3339(derived.endedAt),
    duration_seconds: derived.durationSeconds,
    expires_at: rfc3339(derived.deadlineAt),
    error: toErrorDto(derived.error),
    sequence: call.sequence,
    links: { self, timeline: `${self}/timeline`, softphone: `${publicUrl}/console#/calls/${call.id}` },
  };
}

/** The other side's SDP, while the call lives. */
export function sessionOf({ call, derived }: CallSnapshot): Session | null {
  return derived.state === 'ended' ? null : (fact(call.facts, 'connected')?.session ?? null);
}

function toRequestDto({ call }: CallSnapshot): CallPermissionRequestDto | null {
  const status = requestStatus(call);
  if (status === null) return null;
  const error = fateOfRequest(call.facts, 'request.failed')?.error ?? null;
  return { message_id: fact(call.facts, 'asked')?.messageId ?? null, status, error: toErrorDto(error) };
}

const toErrorDto = (error: CallError | null): CallErrorDto | null => (error ? { code: error.code, upstream: error.upstream } : null);
