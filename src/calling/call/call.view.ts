import { OmitType } from '@nestjs/swagger';
import { AddressedUserDto, toUserDto } from '#calling/permissions/user.view.js';
import type { Person } from '#identity/person.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Upstream } from '#kernel/problem.js';
import { errorOf, fact, payloadOf, requestFact } from './call.js';
import { type CallSnapshot, remoteSession } from './derive.js';
import { requestedAt, requestStatus } from './permission-request.js';

/** A session description of WebRTC. */
export class SessionDescriptionDto {
  /** `offer` from the side that calls, `answer` from the side that is called. */
  sdp_type: 'offer' | 'answer';
  /** SDP (RFC 8866) with CRLF line ends. */
  sdp: string;
}

/** The WhatsApp user, under every identifier that Meta has reported. */
export class CallUserDto extends OmitType(AddressedUserDto, ['input']) {
  /** The user as the client wrote it; null for an inbound call. */
  input: string | null;
}

/** Why a call failed. */
export class CallErrorDto {
  /** An error code of the catalogue, see `GET /api/calling/errors/{code}`. */
  code: string;
  /** The answer of 360dialog or Meta, unchanged; null when there was none. */
  upstream: Upstream | null;
}

/** The permission request of a call. */
export class CallPermissionRequestDto {
  /** `wamid.…`; null while it is unknown whether the request was sent. */
  message_id: string | null;
  /** How far the request has come; `unknown` after no response of 360dialog. */
  status: 'unknown' | 'sent' | 'delivered' | 'read' | 'failed';
  /** Why the request was not delivered; null otherwise. */
  error: CallErrorDto | null;
}

/** Addresses of the call. */
export class CallLinksDto {
  /**
   * This call over REST.
   * @format uri
   */
  self: string;
  /**
   * Its timeline over REST.
   * @format uri
   */
  timeline: string;
  /**
   * The softphone of the console, opened on this call.
   * @format uri
   */
  softphone: string;
}

/** One call, inbound or outbound. Unknown is null; times are RFC 3339 in UTC. */
export class CallDto {
  /** The gateway's own id. */
  id: string;
  /** Meta's id (`wacid.…`); null until 360dialog has returned it. */
  call_id: string | null;
  /** `inbound` from the user, `outbound` from the business. */
  direction: 'inbound' | 'outbound';
  /** The state, derived from every fact of the call. `ended` is final. */
  state: 'awaiting_permission' | 'ready' | 'dialing' | 'ringing' | 'accepting' | 'in_progress' | 'ended';
  /** How an ended call ended; null while it lives. */
  outcome: 'answered' | 'rejected' | 'missed' | 'no_answer' | 'canceled' | 'permission_denied' | 'expired' | 'failed' | 'unknown' | null;
  /** False while it is unknown whether 360dialog has taken the dial or the accept. */
  outcome_known: boolean;
  /** `wire` when Meta reported the outcome, `inferred` when the gateway derived it. */
  outcome_source: 'wire' | 'inferred' | null;
  /** The other side; each member is null until a webhook has named the user. */
  user: CallUserDto;
  /** The business number. */
  phone_number_id: string;
  /** The client's own reference of the call, never sent to Meta. */
  reference: string | null;
  /** The other side's SDP while it is of use, for keys with `calls:control`. */
  session: SessionDescriptionDto | null;
  /** The name of the key or operator that has taken an inbound call; it stays once the call has ended. */
  claimed_by: string | null;
  /** The payload of the call button that the user tapped. */
  cta_payload: string | null;
  /** The payload of the `wa.me/call` link that the user followed. */
  deeplink_payload: string | null;
  /** The permission request of this call; null when none was sent. */
  permission_request: CallPermissionRequestDto | null;
  /** When the client made the call; of a call that a webhook reported first: when it began at Meta. */
  created_at: string;
  /** When 360dialog took the permission request. */
  permission_requested_at: string | null;
  /** When the dial was committed, before it was sent. */
  dialed_at: string | null;
  /** When 360dialog confirmed the pre-accept. */
  pre_accepted_at: string | null;
  /** When it began to ring. */
  ringing_at: string | null;
  /** Outbound: when the user accepted. Inbound: when 360dialog confirmed the accept. */
  answered_at: string | null;
  /** When it ended. */
  ended_at: string | null;
  /** Whole seconds of talk, as Meta counts them. */
  duration_seconds: number | null;
  /** The deadline of the present state; null once ended. */
  expires_at: string | null;
  /** Why the call failed; null otherwise. */
  error: CallErrorDto | null;
  /** Rises with every event of this call. */
  sequence: number;
  /** Addresses of the call. */
  links: CallLinksDto;
}

/** The data of `call.updated`. */
export class CallUpdatedView extends CallDto {
  /** The members of the call that changed. */
  changed: string[];
}

/** The public call; `withSession` only for clients with `calls:control`. */
export function toCallDto(snapshot: CallSnapshot, person: Person | undefined, publicUrl: string, withSession: boolean): CallDto {
  const { call, derived } = snapshot;
  const { facts, control } = call;
  const self = `${publicUrl}/api/calling/calls/${call.id}`;
  return {
    id: call.id,
    call_id: call.wacid,
    direction: call.direction,
    state: derived.state,
    outcome: derived.outcome,
    outcome_known: derived.outcomeKnown,
    outcome_source: derived.outcomeSource,
    user: toUserDto(person, call.input),
    phone_number_id: call.phoneNumberId,
    reference: call.reference,
    session: withSession ? remoteSession(snapshot) : null,
    claimed_by: control.claim?.name ?? null,
    cta_payload: payloadOf(call, 'cta'),
    deeplink_payload: payloadOf(call, 'deeplink'),
    permission_request: toRequestDto(snapshot),
    created_at: rfc3339(derived.createdAt),
    permission_requested_at: rfc3339(requestedAt(call)),
    dialed_at: rfc3339(fact(facts, 'dialing')?.at),
    pre_accepted_at: rfc3339(fact(facts, 'pre_accept.confirmed')?.at),
    ringing_at: rfc3339(derived.ringingAt),
    answered_at: rfc3339(derived.answeredAt),
    ended_at: rfc3339(derived.endedAt),
    duration_seconds: derived.durationSeconds,
    expires_at: rfc3339(derived.deadlineAt),
    error: derived.error && errorOf(derived.error),
    sequence: call.sequence,
    links: { self, timeline: `${self}/timeline`, softphone: `${publicUrl}/console#/calls/${call.id}` },
  };
}

function toRequestDto({ call }: CallSnapshot): CallPermissionRequestDto | null {
  const status = requestStatus(call);
  if (status === null) return null;
  const error = requestFact(call.facts, 'request.failed')?.error;
  return { message_id: fact(call.facts, 'asked')?.messageId ?? null, status, error: error ? errorOf(error) : null };
}
