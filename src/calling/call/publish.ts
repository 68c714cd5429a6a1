import type { EventType } from '#events/event.js';
import { type Call, fact, fateOfRequest } from './call.js';
import type { DerivedState } from './derive.js';

/** A call at one moment, with what its facts amount to. */
export interface CallSnapshot {
  call: Call;
  derived: DerivedState;
}

export interface Announcement {
  type: EventType;
  /** For `call.updated`: the names of the members that changed, as the consumer sees them. */
  changed: string[];
}

/**
 * What the world is told when a call goes from one moment to the next. A call that has ended before it could be told of
 * never rings: it is announced by its end alone. What corrects an ended call is an update, never a second end.
 */
export function announce(before: CallSnapshot | null, after: CallSnapshot): Announcement[] {
  const changed = changes(before, after);
  if (before && !changed.length) return [];
  const entered = (state: string) => after.derived.state === state && before?.derived.state !== state;
  if (entered('ended')) return [{ type: 'call.ended', changed }];
  if (before?.derived.state === 'ended') return [{ type: 'call.updated', changed }];
  const told: EventType[] = [];
  if (!before && after.call.direction === 'inbound') told.push('call.incoming');
  if (after.call.control.claim && after.call.control.claim.by !== before?.call.control.claim?.by) told.push('call.claimed');
  if (entered('ready')) told.push('call.ready');
  if (after.call.direction === 'outbound' && changed.includes('session') && fact(after.call.facts, 'connected'))
    told.push('call.connected');
  if (entered('in_progress')) told.push('call.answered');
  return (told.length ? told : (['call.updated'] as const)).map((type) => ({ type, changed }));
}

/** The members of a call, by their public names, that differ. */
function changes(before: CallSnapshot | null, after: CallSnapshot): string[] {
  const [then, now] = [before ? visible(before) : {}, visible(after)];
  return Object.keys(now).filter((name) => JSON.stringify(then[name]) !== JSON.stringify(now[name]));
}

function visible({ call, derived }: CallSnapshot): Record<string, unknown> {
  const { facts, control } = call;
  const connected = fact(facts, 'connected');
  return {
    call_id: call.wacid,
    state: derived.state,
    outcome: derived.outcome,
    outcome_known: derived.outcomeKnown,
    outcome_source: derived.outcomeSource,
    user: call.personId,
    session: derived.state === 'ended' ? null : connected?.session ? 1 : null,
    claimed_by: control.claim?.by ?? null,
    permission_request: requestStatus(call),
    permission_requested_at: requestedAt(call),
    dialed_at: fact(facts, 'dialing')?.at ?? null,
    pre_accepted_at: fact(facts, 'pre_accept.confirmed')?.at ?? null,
    ringing_at: derived.ringingAt,
    answered_at: derived.answeredAt,
    ended_at: derived.endedAt,
    duration_seconds: derived.durationSeconds,
    error: derived.error,
  };
}

/** How far the permission request has come; null when none was tried. `unknown` while nobody knows whether it went out. */
export function requestStatus({ facts }: Call): 'unknown' | 'sent' | 'delivered' | 'read' | 'failed' | null {
  const asked = fact(facts, 'asked');
  if (!asked) return null;
  if (fateOfRequest(facts, 'request.failed')) return 'failed';
  if (fateOfRequest(facts, 'request.read')) return 'read';
  if (fateOfRequest(facts, 'request.delivered')) return 'delivered';
  return asked.messageId === null ? 'unknown' : 'sent';
}

/** When the permission was asked for; null unless 360dialog returned a message id. */
export const requestedAt = ({ facts }: Call): number | null => {
  const asked = fact(facts, 'asked');
  return asked?.messageId ? asked.at : null;
};
