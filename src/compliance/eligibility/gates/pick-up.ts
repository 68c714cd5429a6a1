import type { LatestReading } from '#compliance/eligibility/reading.js';
import { DAY } from '#kernel/clock.js';
import type { Direction, GateFinding } from './gate.js';

/** How the latest calls of one direction ended at this gateway. */
export interface PickUps {
  answered: number;
  /** Calls without an answer, rejected ones included. */
  unanswered: number;
  /** When the newest of them ended; null without any. */
  lastAt: number | null;
}

/** What an account webhook warned of. */
export interface ReportedViolation {
  violationType: string;
}

/** Calls older than this say nothing about how calls go now. */
export const PICK_UP_SPAN_MS = 30 * DAY;
/** Of the calls of that span the newest so many count. */
export const MOST_CALLS = 200;
/** Fewer calls than this are chance. */
export const LEAST_CALLS = 20;

/**
 * Meta names no rate. It asks a person after 2 of our calls in a row that were not picked up, and takes the permission away
 * after 4: when less than 3 calls in 10 are picked up, that is every second person after two calls and every fourth after four.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/user-call-permissions (2026-06-26)
 */
export const LEAST_RATE = 0.3;

/** Meta's word that too few calls of users are picked up; it hides the call button next. */
const LOW_INBOUND = 'USER_INITIATED_CALLS_LOW_PICKUP_RATE';

/** Are calls picked up? It informs and never blocks: Meta's consequences show in the gates of permission and restriction. */
export function pickedUp(
  seen: PickUps | null,
  violation: LatestReading<ReportedViolation>,
  direction: Direction,
  now: number,
): GateFinding {
  const code = direction === 'outbound' ? 'pick_up_rate_low' : 'inbound_pick_up_rate_low';
  const warnedAt = violation.value?.violationType === LOW_INBOUND ? (violation.observedAt ?? 0) : 0;
  if (direction === 'inbound' && warnedAt > now - PICK_UP_SPAN_MS)
    return { verdict: 'warning', value: LOW_INBOUND, required: LEAST_RATE, source: violation.source, observedAt: warnedAt, code };
  const calls = seen ? seen.answered + seen.unanswered : 0;
  if (!seen || calls < LEAST_CALLS) return { verdict: 'unknown', required: LEAST_RATE };
  const rate = seen.answered / calls;
  // Rounded down: short of the mark it never shows as reached.
  const told = { value: Math.floor(rate * 100) / 100, required: LEAST_RATE, source: 'calls', observedAt: seen.lastAt };
  return rate < LEAST_RATE ? { ...told, verdict: 'warning', code } : { ...told, verdict: 'pass' };
}
