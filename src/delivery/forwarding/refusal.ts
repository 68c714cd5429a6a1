import { SECOND } from '#kernel/clock.js';
import { type AttemptResult, waitOf } from '#outbound-http/retry.js';

/** The waits between the attempts at a delivery that the target refuses: three attempts within 60 s, also when each takes 15 s. */
const WAITS_MS: readonly number[] = [5 * SECOND, 15 * SECOND];

/** After the n-th refusal of a delivery: the wait before the next attempt, in ms; null when it is set aside. @param refusals 1 or more */
export const waitAfterRefusal = (refusals: number): number | null => WAITS_MS[refusals - 1] ?? null;

/** How long the target asks to wait (`Retry-After`), in ms, at most a day; null when it does not. */
export const waitAskedFor = (result: AttemptResult, now: number): number | null =>
  result.status === null ? null : waitOf(result.retryAfter, now);
