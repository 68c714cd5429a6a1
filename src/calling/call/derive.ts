import type { Settings } from '#config/settings.js';
import type { Session } from '#dialog360/fact.js';
import { withRole } from '#dialog360/sdp.js';
import {
  begunAt,
  type Call,
  type CallError,
  type CallOutcome,
  type CallState,
  type Facts,
  fact,
  isOurs,
  type LiveState,
  requestFact,
} from './call.js';

/** How long each state may last, in ms; a subset of the settings. */
export type Deadlines = Omit<Settings['deadlines'], 'claimMs' | 'leaseMs'>;

/** The state derived from the facts of a call. Times in ms since 1970. */
export interface DerivedState {
  state: CallState;
  outcome: CallOutcome | null;
  /** `wire` when Meta reported it, `inferred` when the gateway derived it. */
  outcomeSource: 'wire' | 'inferred' | null;
  /** False while it is unknown whether 360dialog has taken our dial or our accept. */
  outcomeKnown: boolean;
  /** Where the four times exist, none is before the one above it. */
  createdAt: number;
  ringingAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  durationSeconds: number | null;
  error: CallError | null;
  /** The deadline of the present state; null once ended. */
  deadlineAt: number | null;
}

/** A call at one moment, with its derived state. */
export interface CallSnapshot {
  call: Call;
  derived: DerivedState;
}

/** The other side's SDP while the call lives, an answer with its DTLS role; null once it has ended. */
export function remoteSession({ call: { facts }, derived }: CallSnapshot): Session | null {
  const session = derived.state === 'ended' ? null : (fact(facts, 'connected')?.session ?? null);
  return session && withRole(session, fact(facts, 'dialing')?.setup);
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
  const outbound = call.direction === 'outbound';
  const answeredAt = answerTime(call);
  const ending = outbound ? outboundEnding(facts, answeredAt) : inboundEnding(facts, answeredAt);
  const times = timesOf(call, answeredAt, ending && (fact(facts, 'terminated')?.endTime ?? ending.at));
  if (ending) return { ...endedState(call, ending), ...times };
  const state = outbound ? outboundState(facts) : inboundState(call);
  return {
    state,
    outcome: null,
    outcomeSource: null,
    outcomeKnown: isKnown(call),
    ...times,
    durationSeconds: null,
    error: null,
    deadlineAt: withTimeout(call, state, deadlineOf(call, state, answeredAt, deadlines)),
  };
}

type Times = Pick<DerivedState, 'createdAt' | 'ringingAt' | 'answeredAt' | 'endedAt'>;

/**
 * The times of a call in the order of its life. Meta's times have whole seconds and its clock is not ours, so one of ours may seem to be
 * after a later one of Meta's. Nothing was before our dial; the user had answered before the end, and it rang before that.
 */
function timesOf(call: Call, answeredAt: number | null, endedAt: number | null): Times {
  const ours = isOurs(call);
  const createdAt = ours ? call.createdAt : Math.min(call.createdAt, begunAt(call.facts) ?? call.createdAt);
  const earliest = Math.max(createdAt, (ours ? fact(call.facts, 'dialing')?.at : null) ?? createdAt);
  const answered = answeredAt === null ? null : Math.max(answeredAt, earliest);
  const ended = endedAt === null ? null : Math.max(endedAt, answered ?? earliest);
  const rang = fact(call.facts, call.direction === 'outbound' ? 'ringing' : 'connected')?.at ?? null;
  const ringing = rang === null ? null : Math.min(Math.max(rang, earliest), answered ?? ended ?? Number.MAX_SAFE_INTEGER);
  return { createdAt, ringingAt: ringing, answeredAt: answered, endedAt: ended };
}

function endedState(call: Call, ending: Ending): Omit<DerivedState, keyof Times> {
  const terminated = fact(call.facts, 'terminated');
  return {
    state: 'ended',
    outcome: ending.outcome,
    outcomeSource: ending.source,
    outcomeKnown: ending.outcome !== 'unknown',
    durationSeconds: terminated?.durationSeconds ?? null,
    error: ending.error ?? hangUpReason(call, ending),
    deadlineAt: null,
  };
}

function answerTime({ direction, facts }: Call): number | null {
  const start = fact(facts, 'terminated')?.startTime ?? null;
  if (direction === 'outbound') return fact(facts, 'accepted')?.at ?? start;
  return fact(facts, 'accept.confirmed')?.at ?? start;
}

/** Why the gateway hung up by itself; null when the other side ended the call. */
function hangUpReason({ facts }: Call, { outcome }: Ending): CallError | null {
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
  if (rejected && ended) return { outcome: 'rejected', source: 'wire', at: rejected.at };
  if (fact(facts, 'hang_up.asked') && ended) return { outcome: 'canceled', source: 'inferred', at: ended.at };
  if (terminated) return { outcome: 'no_answer', source: 'inferred', at: terminated.at };
  const refused = fact(facts, 'dial.refused');
  if (refused) return { outcome: 'failed', source: 'wire', at: refused.at, error: refused.error };
  return lapsedDial(facts, answeredAt);
}

const earlier = (a?: { at: number }, b?: { at: number }): { at: number } | undefined => (a && b && b.at < a.at ? b : (a ?? b));

/** The end by our deadlines, when Meta reported none. */
function lapsedDial(facts: Facts, answeredAt: number | null): Ending | null {
  const lapsed = fact(facts, 'lapsed', 'in_progress') ?? fact(facts, 'lapsed', 'ringing') ?? fact(facts, 'lapsed', 'dialing');
  if (!lapsed) return null;
  if (answeredAt !== null) return { outcome: 'answered', source: 'wire', at: lapsed.at };
  const rejected = fact(facts, 'rejected');
  if (rejected) return { outcome: 'rejected', source: 'wire', at: rejected.at };
  if (fact(facts, 'hang_up.asked') && heard(facts)) return { outcome: 'canceled', source: 'inferred', at: lapsed.at };
  return { outcome: fact(facts, 'ringing') ? 'no_answer' : 'unknown', source: 'inferred', at: lapsed.at };
}

function waitEnding(facts: Facts): Ending | null {
  const failed = fact(facts, 'request.refused') ?? requestFact(facts, 'request.failed');
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

/** How long after `REJECTED` the call may wait for the `terminate` that Meta sends with it. */
const REJECTED_MS = 5_000;

/**
 * The client may give a shorter timeout than the configuration; it holds until the call is answered. `REJECTED` alone ends no
 * call, since `ACCEPTED` may have been before it and come after it: `terminate` does, or this deadline.
 */
function withTimeout(call: Call, state: LiveState, deadlineAt: number): number {
  if (state === 'in_progress') return deadlineAt;
  const rejected = call.direction === 'outbound' ? fact(call.facts, 'rejected') : undefined;
  const givenUpAt = call.giveUpAfterMs === null ? deadlineAt : call.createdAt + call.giveUpAfterMs;
  return Math.min(deadlineAt, givenUpAt, rejected ? rejected.at + REJECTED_MS : deadlineAt);
}

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

/** When the watchdog is due: a deadline, the end of a claim or lease, or a hang-up to retry. Null once the call has ended. */
export function wakeAt(call: Call, derived: DerivedState): number | null {
  if (derived.deadlineAt === null) return null;
  const { claim, hangUpAgainAt, lease } = call.control;
  const due = [derived.deadlineAt, claim?.until, hangUpAgainAt, lease?.until];
  return Math.min(...due.filter((at) => typeof at === 'number'));
}
