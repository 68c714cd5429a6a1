import { DAY, HOUR, MINUTE, SECOND } from '#kernel/clock.js';

/** How long after the n-th failed attempt the next one follows: twelve attempts in a bit more than three days. */
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

/** So many at once, and no more, for any endpoint. */
export const FULL_PACE = 4;
const JITTER = 0.2;
const LONGEST_RETRY_AFTER_MS = DAY;

/** From so many failures in a row on an endpoint counts as down: events wait in the outbox and one at a time is tried. */
export const DOWN_AFTER = 10;
const LONGEST_PROBE_MS = 5 * MINUTE;
/** An endpoint that has failed for so long, and never once succeeded, is given up. */
const GIVE_UP_AFTER_MS = 5 * DAY;

/** What one attempt came to. */
export interface Attempt {
  /** Of the answer; null when there was none. */
  status: number | null;
  /** Why there was none, in one short word or sentence. */
  error: string | null;
  /** Whole ms from the beginning to the answer or the fault. */
  latencyMs: number;
  /** The header as it came. */
  retryAfter: string | null;
}

/** How an endpoint is doing. */
export interface Health {
  /** Failed attempts since the last success. */
  failures: number;
  failingSince: number | null;
  /** Nothing is sent before. */
  heldUntil: number | null;
}

export const HEALTHY: Health = { failures: 0, failingSince: null, heldUntil: null };

export const succeeded = ({ status }: Attempt): boolean => status !== null && status >= 200 && status < 300;

/** 410 says that nobody will listen here ever again. */
const isGone = ({ status }: Attempt): boolean => status === 410;

/** The endpoint is there and cannot take more just now. */
export const isBusy = ({ status }: Attempt): boolean => status === 429 || status === 503;

export const isDown = ({ failures }: Health): boolean => failures >= DOWN_AFTER;

/** @param random 0 to 1 */
export const jittered = (delayMs: number, random: number): number => Math.round(delayMs * (1 - JITTER + 2 * JITTER * random));

/**
 * When the next attempt is due; null when there is none.
 * @param attempts how many have failed, 1 or more
 */
export function nextAttemptAt(attempts: number, attempt: Attempt, now: number, random: number): number | null {
  const delay = RETRY_DELAYS_MS[attempts - 1];
  if (delay === undefined) return null;
  return now + Math.max(jittered(delay, random), retryAfterMs(attempt, now) ?? 0);
}

/** How many attempts may be under way: none while the endpoint is held, one while it is down. @param pace of `paceAfter` */
export function capacityOf(health: Health, pace: number, now: number): number {
  if (health.heldUntil !== null && now < health.heldUntil) return 0;
  return isDown(health) ? 1 : Math.max(1, Math.floor(pace));
}

/** How many at once an endpoint seems to bear: half as many after a busy answer, one more after four that went well. */
export function paceAfter(pace: number, attempt: Attempt): number {
  if (succeeded(attempt)) return Math.min(FULL_PACE, pace + 0.25);
  return isBusy(attempt) ? Math.max(1, pace / 2) : pace;
}

/** How the endpoint is doing after one more attempt. */
export function learn(health: Health, attempt: Attempt, now: number, random: number): Health {
  if (succeeded(attempt)) return { ...health, failures: 0, failingSince: null };
  const failures = health.failures + 1;
  const probe = failures < DOWN_AFTER ? 0 : jittered(Math.min(LONGEST_PROBE_MS, 5 * SECOND * 2 ** (failures - DOWN_AFTER)), random);
  const wait = Math.max(probe, isBusy(attempt) ? (retryAfterMs(attempt, now) ?? 0) : 0);
  return {
    failures,
    failingSince: health.failingSince ?? now,
    heldUntil: wait === 0 ? health.heldUntil : Math.max(health.heldUntil ?? 0, now + wait),
  };
}

/** Whether an endpoint has failed for so long that it is disabled; sporadic successes keep it alive. */
export const isHopeless = ({ failures, failingSince }: Health, now: number): boolean =>
  failures >= DOWN_AFTER && failingSince !== null && now - failingSince >= GIVE_UP_AFTER_MS;

/** Why nothing more is sent to an endpoint after this attempt; null while there is hope. @param health after the attempt */
export function givenUpFor(health: Health, attempt: Attempt, now: number): 'gone' | 'failing' | null {
  if (isGone(attempt)) return 'gone';
  return !succeeded(attempt) && isHopeless(health, now) ? 'failing' : null;
}

/** Seconds or an HTTP date; null for anything else. At most a day. */
export function retryAfterMs({ retryAfter, status }: Attempt, now: number): number | null {
  const written = retryAfter?.trim();
  if (!written || status === null || ![429, 502, 503, 504].includes(status)) return null;
  const wait = /^\d{1,9}$/.test(written) ? Number(written) * SECOND : Date.parse(written) - now;
  return Number.isNaN(wait) ? null : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, wait));
}
