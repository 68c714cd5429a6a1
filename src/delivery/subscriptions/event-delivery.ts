import type { Cursor } from '#events/cursor.js';
import type { StoredEvent } from '#events/event.js';
import { type AttemptResult, nextAttemptAt, succeeded } from '#outbound-http/retry.js';

/** The delivery of one event to one subscription, over all its attempts. Times are in ms since 1970. */
export interface EventDelivery {
  subscriptionId: string;
  /** The event. */
  cursor: Cursor;
  type: string;
  subject: string;
  /** `exhausted`: every attempt failed; a replay is possible while the event is kept. */
  state: 'delivered' | 'retrying' | 'exhausted';
  /** Since the first attempt or the last replay. */
  attempts: number;
  firstAttemptAt: number | null;
  lastAttemptAt: number | null;
  /** Null unless it is retrying. */
  nextAttemptAt: number | null;
  responseStatus: number | null;
  latencyMs: number | null;
  error: string | null;
}

/** What was delivered of a subscription before a delivery worker began. */
export interface EarlierDeliveries {
  /** Events beyond the cursor that had their first attempt. */
  tried: readonly Cursor[];
  /** When the first retry is due, in ms since 1970; null when none waits. */
  nextDueAt: number | null;
}

/** A delivery before its first attempt. */
export const newDelivery = (subscriptionId: string, { cursor, type, subject }: StoredEvent): EventDelivery => ({
  subscriptionId,
  cursor,
  type,
  subject,
  state: 'retrying',
  attempts: 0,
  firstAttemptAt: null,
  lastAttemptAt: null,
  nextAttemptAt: null,
  responseStatus: null,
  latencyMs: null,
  error: null,
});

/**
 * The delivery after one more attempt.
 * @param random 0 to 1
 * @param isFinal whether no attempt follows, whatever the result
 */
export function afterAttempt(before: EventDelivery, result: AttemptResult, now: number, random: number, isFinal = false): EventDelivery {
  const attempts = before.attempts + 1;
  const nextAt = succeeded(result) || isFinal ? null : nextAttemptAt(attempts, result, now, random);
  return {
    ...before,
    state: stateAfter(result, nextAt),
    attempts,
    firstAttemptAt: before.firstAttemptAt ?? now,
    lastAttemptAt: now,
    nextAttemptAt: nextAt,
    responseStatus: result.status,
    latencyMs: result.latencyMs,
    error: result.error,
  };
}

/** A delivery that ends without another attempt. */
export const ended = (before: EventDelivery, error: string): EventDelivery => ({
  ...before,
  state: 'exhausted',
  nextAttemptAt: null,
  error,
});

function stateAfter(result: AttemptResult, nextAt: number | null): EventDelivery['state'] {
  if (succeeded(result)) return 'delivered';
  return nextAt === null ? 'exhausted' : 'retrying';
}
