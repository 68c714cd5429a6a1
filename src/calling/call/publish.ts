import type { EventType } from '#events/event.js';
import { fact, payloadOf } from './call.js';
import type { CallDto } from './call.view.js';
import { type CallSnapshot, remoteSession } from './derive.js';
import { requestedAt, requestStatus } from './permission-request.js';

/** An event to publish of a call. */
export interface CallEvent {
  type: EventType;
  /** For `call.updated`: the changed members by their public names. */
  changed: string[];
}

/**
 * The events of one change of a call. A call that ended before its first event is published by `call.ended` alone. A
 * correction of an ended call is `call.updated`, never a second end.
 */
export function eventsOf(before: CallSnapshot | null, after: CallSnapshot): CallEvent[] {
  const changed = changes(before, after);
  if (before && !changed.length) return [];
  return typesOf(before, after, changed).map((type) => ({ type, changed }));
}

function typesOf(before: CallSnapshot | null, after: CallSnapshot, changed: readonly string[]): EventType[] {
  const { call } = after;
  const entered = (state: string) => after.derived.state === state && before?.derived.state !== state;
  if (entered('ended')) return ['call.ended'];
  if (before?.derived.state === 'ended') return ['call.updated'];
  const types: EventType[] = [];
  if (call.direction === 'inbound' && before?.call.direction !== 'inbound') types.push('call.incoming');
  if (call.control.claim && call.control.claim.by !== before?.call.control.claim?.by) types.push('call.claimed');
  if (entered('ready')) types.push('call.ready');
  if (call.direction === 'outbound' && changed.includes('session') && fact(call.facts, 'connected')) types.push('call.connected');
  if (entered('in_progress')) types.push('call.answered');
  return types.length ? types : ['call.updated'];
}

/** The members of a call, by their public names, that differ. */
function changes(before: CallSnapshot | null, after: CallSnapshot): string[] {
  return OBSERVED.filter(([, of]) => !before || JSON.stringify(of(before)) !== JSON.stringify(of(after))).map(([name]) => name);
}

type Member = (snapshot: CallSnapshot) => unknown;

/**
 * Every member of the public call, and how a change of it is seen; null for a member whose change alone publishes nothing.
 * A member that `CallDto` gains does not compile until it stands here. Of an SDP only its presence is compared.
 */
export const MEMBERS: Readonly<Record<keyof CallDto, Member | null>> = {
  id: null,
  call_id: ({ call }) => call.wacid,
  direction: ({ call }) => call.direction,
  state: ({ derived }) => derived.state,
  outcome: ({ derived }) => derived.outcome,
  outcome_known: ({ derived }) => derived.outcomeKnown,
  outcome_source: ({ derived }) => derived.outcomeSource,
  user: ({ call }) => call.personId,
  phone_number_id: null,
  reference: null,
  session: (snapshot) => remoteSession(snapshot) !== null,
  claimed_by: ({ call }) => call.control.claim?.by ?? null,
  cta_payload: ({ call }) => payloadOf(call, 'cta'),
  deeplink_payload: ({ call }) => payloadOf(call, 'deeplink'),
  permission_request: ({ call }) => requestStatus(call),
  created_at: ({ derived }) => derived.createdAt,
  permission_requested_at: ({ call }) => requestedAt(call),
  dialed_at: ({ call }) => fact(call.facts, 'dialing')?.at ?? null,
  pre_accepted_at: ({ call }) => fact(call.facts, 'pre_accept.confirmed')?.at ?? null,
  ringing_at: ({ derived }) => derived.ringingAt,
  answered_at: ({ derived }) => derived.answeredAt,
  ended_at: ({ derived }) => derived.endedAt,
  duration_seconds: ({ derived }) => derived.durationSeconds,
  expires_at: null,
  error: ({ derived }) => derived.error,
  sequence: null,
  links: null,
};

const OBSERVED = Object.entries(MEMBERS).filter((member): member is [string, Member] => member[1] !== null);
