import { jittered } from '#kernel/backoff.js';
import { DAY, HOUR, MINUTE, SECOND } from '#kernel/clock.js';

/** The backoff after the n-th failed attempt: twelve attempts in a bit more than three days. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

const LONGEST_RETRY_AFTER_MS = DAY;

/** The result of one attempt to post. */
export interface AttemptResult {
  /** The HTTP status; null when no response came. */
  status: number | null;
  /** Why no response came, in one word or short sentence. */
  error: string | null;
  /** Whole ms from the beginning to the response or the fault. */
  latencyMs: number;
  /** The header `Retry-After` as it came. */
  retryAfter: string | null;
}

export const succeeded = ({ status }: AttemptResult): boolean => status !== null && status >= 200 && status < 300;

/** An endpoint that answers these is busy or was asked too early: it may take the same later. */
const LATER: readonly number[] = [408, 425, 429];

/**
 * Whether the endpoint is up and does not want what was posted: 4xx other than 408, 425 and 429. Every other failure says something
 * about the endpoint and nothing about what was posted.
 */
export const isRefusal = ({ status }: AttemptResult): boolean =>
  status !== null && status >= 400 && status < 500 && !LATER.includes(status);

/** The endpoint is up and cannot take more just now. */
export const isBusy = ({ status }: AttemptResult): boolean => status === 429 || status === 503;

/**
 * When the next attempt is due, in ms since 1970; null when all attempts are used up.
 * @param attempts how many have failed, 1 or more
 * @param random 0 to 1
 */
export function nextAttemptAt(attempts: number, result: AttemptResult, now: number, random: number): number | null {
  const delay = RETRY_DELAYS_MS[attempts - 1];
  if (delay === undefined) return null;
  return now + Math.max(jittered(delay, random), retryAfterMs(result, now) ?? 0);
}

/** The header in ms, from seconds or an HTTP date, at most a day; null when it is absent, unreadable or has no meaning for the status. */
export function retryAfterMs({ retryAfter, status }: AttemptResult, now: number): number | null {
  return status !== null && [429, 502, 503, 504].includes(status) ? waitOf(retryAfter, now) : null;
}

/** The value of the header in ms, from seconds or an HTTP date, at most a day; null when it is absent or unreadable. */
export function waitOf(value: string | null, now: number): number | null {
  const written = value?.trim();
  if (!written) return null;
  const wait = /^\d{1,9}$/.test(written) ? Number(written) * SECOND : Date.parse(written) - now;
  return Number.isNaN(wait) ? null : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, wait));
}
