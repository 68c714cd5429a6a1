import { SECOND } from '#kernel/clock.js';
import { type AttemptResult, waitOf } from '#outbound-http/retry.js';

/** A target that answers these is busy or came too early: it may take the same delivery later. */
const LATER: readonly number[] = [408, 425, 429];
/** The waits between the attempts at a delivery that the target refuses: three attempts within 60 s, also when each takes 15 s. */
const WAITS_MS: readonly number[] = [5 * SECOND, 15 * SECOND];

/**
 * Whether the target refuses this delivery for good: 4xx other than 408, 425 and 429. Every other failure says something about the
 * target and nothing about the delivery, so the queue waits for it.
 */
export const isRefusal = ({ status }: AttemptResult): boolean =>
  status !== null && status >= 400 && status < 500 && !LATER.includes(status);

/** After the n-th refusal of a delivery: the wait before the next attempt, in ms; null when it is set aside. @param refusals 1 or more */
export const waitAfterRefusal = (refusals: number): number | null => WAITS_MS[refusals - 1] ?? null;

/** How long the target asks to wait (`Retry-After`), in ms, at most a day; null when it does not. */
export const waitAskedFor = (result: AttemptResult, now: number): number | null =>
  result.status === null ? null : waitOf(result.retryAfter, now);
