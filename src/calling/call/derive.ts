import { type Call, type CallError, type CallOutcome, type CallState, type Facts, fact, fateOfRequest, type LiveState } from './call.js';

/** How long each state may last, in ms; a subset of the settings. */
export interface Deadlines {
  permissionMs: number;
  readyMs: number;
  dialMs: number;
  ringMs: number;
  answerMs: number;
  acceptMs: number;
  talkMs: number;
}

/** What the facts of a call amount to. Times in ms since 1970. */
export interface DerivedState {
  state: CallState;
  outcome: CallOutcome | null;
  /** `wire` when Meta said it, `inferred` when we concluded it. */
  outcomeSource: 'wire' | 'inferred' | null;
  /** False while nobody can say whether 360dialog has taken our dial or our accept. */
  outcomeKnown: boolean;
  ringingAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  durationSeconds: number | null;
  error: CallError | null;
  /** When the present state must be over; null once ended. */
  deadlineAt: number | null;
}

interface Ending {
  outcome: CallOutcome;
  source: 'wire' | 'inferred';
  at: number;
  error?: CallError | null;
}

/**
 * The state of a call. Outbound is answered at ACCEPTED, inbound at the 200 of accept; `connect` answers nothing.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/business-initiated-calls (2026-06-26)
 */
export function derive(call: Call, deadlines: Deadlines): DerivedState {
  const { facts } = call;
  const terminated = fact(facts, 'terminated');
  const answeredAt = answerTime(call);
  const ending = call.direction === 'outbound' ? outboundEnding(facts, answeredAt) : inboundEnding(facts, answeredAt);
  const state = ending ? 'ended' : call.direction === 'outbound' ? outboundState(facts) : inboundState(call);
  return {
    state,
    outcome: ending?.outcome ?? null,
    outcomeSource: ending?.source ?? null,
    outcomeKnown: ending ? ending.outcome !== 'unknown' : isKnown(call),
    ringingAt: (call.direction === 'outbound' ? fact(facts, 'ringing')?.at : fact(facts, 'connected')?.at) ?? null,
    answeredAt,
    endedAt: ending ? (terminated?.endTime ?? ending.at) : null,
    durationSeconds: ending ? (terminated?.durationSeconds ?? null) : null,
    error: ending ? (ending.error ?? unasked(call, ending)) : null,
    deadlineAt: state === 'ended' ? null : patience(call, state, deadlineOf(call, state, answeredAt, deadlines)),
  };
}

function answerTime({ direction, facts }: Call): number | null {
  const start = fact(facts, 'terminated')?.startTime ?? null;
  if (direction === 'outbound') return fact(facts, 'accepted')?.at ?? start;
  return fact(facts, 'accept.confirmed')?.at ?? start;
}

/** A hang-up that nobody asked for says why, unless the other side had ended the call by itself. */
function unasked({ facts }: Call, { outcome }: Ending): CallError | null {
  const because = fact(facts, 'hang_up.asked')?.because;
  return because === undefined || fact(facts, 'rejected') || outcome === 'no_answer' || outcome === 'missed'
    ? null
    : { code: because, upstream: null };
}

const dialled = (facts: Facts): boolean =>
  ['dialing', 'connected', 'ringing', 'accepted', 'rejected', 'terminated'].some((kind) => facts[kind] !== undefined);

const heard = (facts: Facts): boolean =>
  ['dial.accepted', 'connected', 'ringing', 'accepted', 'rejected', 'terminated'].some((kind) => facts[kind] !== undefined);

function outboundState(facts: Facts): LiveState {
  if (fact(facts, 'accepted')) return 'in_progress';
  if (fact(facts, 'ringing')) return 'ringing';
  if (dialled(facts)) return 'dialing';
  return fact(facts, 'granted') ? 'ready' : 'awaiting_permission';
}

function inboundState(call: Call): LiveState {
  if (fact(call.facts, 'accept.confirmed')) return 'in_progress';
  return call.control.accepting ? 'accepting' : 'ringing';
}

function outboundEnding(facts: Facts, answeredAt: number | null): Ending | null {
  if (!dialled(facts)) return waitEnding(facts);
  const terminated = fact(facts, 'terminated');
  const rejected = fact(facts, 'rejected');
  const hungUp = fact(facts, 'hang_up.confirmed');
  const ended = earlier(terminated, hungUp);
  if (terminated && isTalk(terminated.durationSeconds, terminated.startTime))
    return { outcome: 'answered', source: 'wire', at: terminated.at, error: terminated.error };
  if (terminated?.failed)
    return { outcome: 'failed', source: 'wire', at: terminated.at, error: terminated.error ?? { code: 'call_failed', upstream: null } };
  if (ended && answeredAt !== null) return { outcome: 'answered', source: 'wire', at: ended.at };
  if (rejected) return { outcome: 'rejected', source: 'wire', at: rejected.at };
  if (fact(facts, 'hang_up.asked') && ended) return { outcome: 'canceled', source: 'inferred', at: ended.at };
  if (terminated) return { outcome: 'no_answer', source: 'inferred', at: terminated.at };
  const refused = fact(facts, 'dial.refused');
  if (refused) return { outcome: 'failed', source: 'wire', at: refused.at, error: refused.error };
  return lapsedDial(facts, answeredAt);
}

const earlier = (a?: { at: number }, b?: { at: number }): { at: number } | undefined => (a && b ? (a.at <= b.at ? a : b) : (a ?? b));

/** Meta never told the end: what our deadlines say instead. */
function lapsedDial(facts: Facts, answeredAt: number | null): Ending | null {
  const lapsed = fact(facts, 'lapsed', 'in_progress') ?? fact(facts, 'lapsed', 'ringing') ?? fact(facts, 'lapsed', 'dialing');
  if (!lapsed) return null;
  if (answeredAt !== null) return { outcome: 'answered', source: 'wire', at: lapsed.at };
  if (fact(facts, 'hang_up.asked') && heard(facts)) return { outcome: 'canceled', source: 'inferred', at: lapsed.at };
  return { outcome: fact(facts, 'ringing') ? 'no_answer' : 'unknown', source: 'inferred', at: lapsed.at };
}

function waitEnding(facts: Facts): Ending | null {
  const failed = fact(facts, 'request.refused') ?? fateOfRequest(facts, 'request.failed');
  const denied = fact(facts, 'denied');
  const canceled = fact(facts, 'hang_up.asked');
  const expired = fact(facts, 'lapsed', 'awaiting_permission') ?? fact(facts, 'lapsed', 'ready');
  if (canceled) return { outcome: 'canceled', source: 'inferred', at: canceled.at };
  if (denied) return { outcome: 'permission_denied', source: 'wire', at: denied.at };
  if (failed) return { outcome: 'failed', source: 'wire', at: failed.at, error: failed.error };
  return expired ? { outcome: 'expired', source: 'inferred', at: expired.at } : null;
}

function inboundEnding(facts: Facts, answeredAt: number | null): Ending | null {
  const terminated = fact(facts, 'terminated');
  const rejected = fact(facts, 'reject.confirmed');
  const hungUp = fact(facts, 'hang_up.confirmed');
  if (terminated && isTalk(terminated.durationSeconds, terminated.startTime))
    return { outcome: 'answered', source: 'wire', at: terminated.at, error: terminated.error };
  if (rejected) return { outcome: 'rejected', source: 'wire', at: rejected.at };
  if (terminated?.failed && (terminated.error || answeredAt !== null))
    return { outcome: 'failed', source: 'wire', at: terminated.at, error: terminated.error };
  const ended = earlier(terminated, hungUp);
  if (ended && answeredAt !== null) return { outcome: 'answered', source: 'wire', at: ended.at };
  if (hungUp) return { outcome: 'rejected', source: 'wire', at: hungUp.at };
  if (terminated) return { outcome: 'missed', source: 'inferred', at: terminated.at };
  const lapsed = fact(facts, 'lapsed', 'in_progress') ?? fact(facts, 'lapsed', 'accepting') ?? fact(facts, 'lapsed', 'ringing');
  if (!lapsed) return null;
  if (answeredAt !== null) return { outcome: 'answered', source: 'wire', at: lapsed.at };
  return { outcome: lapsed.state === 'accepting' ? 'unknown' : 'missed', source: 'inferred', at: lapsed.at };
}

const isTalk = (durationSeconds: number | null, startTime: number | null): boolean => startTime !== null || (durationSeconds ?? 0) > 0;

function isKnown(call: Call): boolean {
  if (call.direction === 'inbound') return !(call.control.accepting?.lost && !fact(call.facts, 'accept.confirmed'));
  return !fact(call.facts, 'dial.lost') || heard(call.facts);
}

/** A caller may be less patient than the configuration, until somebody answers. */
const patience = (call: Call, state: LiveState, deadlineAt: number): number =>
  call.giveUpAfterMs === null || state === 'in_progress' ? deadlineAt : Math.min(deadlineAt, call.createdAt + call.giveUpAfterMs);

function deadlineOf(call: Call, state: LiveState, answeredAt: number | null, deadlines: Deadlines): number {
  const { facts, createdAt } = call;
  const granted = fact(facts, 'granted');
  switch (state) {
    case 'awaiting_permission':
      return (fact(facts, 'asked')?.at ?? createdAt) + deadlines.permissionMs;
    case 'ready':
      return Math.min(granted?.expiresAt ?? Number.MAX_SAFE_INTEGER, (granted?.at ?? createdAt) + deadlines.readyMs);
    case 'dialing':
      return (fact(facts, 'dialing')?.at ?? createdAt) + deadlines.dialMs;
    case 'ringing':
      if (call.direction === 'inbound') return (fact(facts, 'connected')?.at ?? createdAt) + deadlines.answerMs;
      return (fact(facts, 'ringing')?.at ?? createdAt) + deadlines.ringMs;
    case 'accepting':
      return (call.control.accepting?.at ?? createdAt) + deadlines.acceptMs;
    case 'in_progress':
      return (answeredAt ?? createdAt) + deadlines.talkMs;
  }
}

/** When the watchdog must look at a call again: its deadline, a claim's or lease's end, a hang-up to repeat. Null once it has ended. */
export function wakeAt(call: Call, derived: DerivedState): number | null {
  if (derived.deadlineAt === null) return null;
  return Math.min(
    derived.deadlineAt,
    call.control.claim?.until ?? Number.MAX_SAFE_INTEGER,
    call.control.hangUpAgainAt ?? Number.MAX_SAFE_INTEGER,
    call.control.lease?.until ?? Number.MAX_SAFE_INTEGER,
  );
}
