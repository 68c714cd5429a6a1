import { Backoff, JITTER } from '#kernel/backoff.js';
import { DAY, MINUTE, SECOND } from '#kernel/clock.js';
import { type AttemptResult, isBusy, isRefusal, retryAfterMs, succeeded } from './retry.js';

/** The highest number of concurrent attempts to one endpoint. */
const FULL_PACE = 4;
/** From this many failures in a row on, an endpoint counts as down: it gets one attempt at a time. */
export const DOWN_AFTER = 10;
const PROBES = new Backoff({ firstMs: 5 * SECOND, longestMs: 5 * MINUTE, spread: JITTER });
/** An endpoint that fails for this long without one success is disabled. */
const GIVE_UP_AFTER_MS = 5 * DAY;

/** What the attempts so far say about an endpoint. */
export interface EndpointHealth {
  /** Failed attempts since the last success. */
  failures: number;
  /** When the first of them failed, in ms since 1970. */
  failingSince: number | null;
  /** Nothing is sent before, in ms since 1970. */
  heldUntil: number | null;
}

export const HEALTHY: EndpointHealth = { failures: 0, failingSince: null, heldUntil: null };

export const isDown = ({ failures }: EndpointHealth): boolean => failures >= DOWN_AFTER;

/** How many concurrent attempts an endpoint bears: half as many after a busy answer, one more after four successes. */
function paceAfter(pace: number, result: AttemptResult, isTaken: boolean): number {
  if (isTaken) return Math.min(FULL_PACE, pace + 0.25);
  return isBusy(result) ? Math.max(1, pace / 2) : pace;
}

/**
 * The health after one more attempt.
 * @param random 0 to 1
 * @param isTaken whether the endpoint is up and done with what was posted
 */
export function healthAfter(
  health: EndpointHealth,
  result: AttemptResult,
  now: number,
  random: number,
  isTaken = succeeded(result),
): EndpointHealth {
  if (isTaken) return { ...health, failures: 0, failingSince: null };
  const failures = health.failures + 1;
  // Who refuses an event is up: the next one, such as a call that rings, does not wait for it.
  const probe = failures < DOWN_AFTER || isRefusal(result) ? 0 : PROBES.delayMs(failures - DOWN_AFTER + 1, random);
  const wait = Math.max(probe, isBusy(result) ? (retryAfterMs(result, now) ?? 0) : 0);
  return {
    failures,
    failingSince: health.failingSince ?? now,
    heldUntil: wait === 0 ? health.heldUntil : Math.max(health.heldUntil ?? 0, now + wait),
  };
}

/** Whether an endpoint has failed long enough to be disabled; a single success resets the time. */
export const isHopeless = ({ failures, failingSince }: EndpointHealth, now: number): boolean =>
  failures >= DOWN_AFTER && failingSince !== null && now - failingSince >= GIVE_UP_AFTER_MS;

/** `gone`: it answered 410; `failing`: nothing but failures for five days. */
export type GivenUpFor = 'gone' | 'failing';

/** Why an endpoint is disabled after this attempt; null when it is not. @param health after the attempt */
function givenUpFor(health: EndpointHealth, result: AttemptResult, now: number): GivenUpFor | null {
  if (result.status === 410) return 'gone';
  return !succeeded(result) && isHopeless(health, now) ? 'failing' : null;
}

/** What one attempt says about the endpoint. */
export interface EndpointChange {
  /** The endpoint was down and took this event. */
  recovered: boolean;
  /** Why the endpoint is disabled now; null when it is not. */
  disable: GivenUpFor | null;
}

/** Follows the health of one endpoint and limits the concurrent attempts to it. */
export class EndpointMonitor {
  #health: EndpointHealth;
  #pace = FULL_PACE;

  constructor(
    { failures, failingSince, heldUntil }: EndpointHealth,
    private readonly random: () => number,
  ) {
    this.#health = { failures, failingSince, heldUntil };
  }

  get health(): EndpointHealth {
    return this.#health;
  }

  /** How many attempts may be under way: none while the endpoint is held, one while it is down. */
  capacity(now: number): number {
    const { heldUntil } = this.#health;
    if (heldUntil !== null && now < heldUntil) return 0;
    return isDown(this.#health) ? 1 : Math.max(1, Math.floor(this.#pace));
  }

  /** Takes the result of an attempt into account. @param isTaken as of `healthAfter` */
  apply(result: AttemptResult, now: number, isTaken = succeeded(result)): EndpointChange {
    const wasDown = isDown(this.#health);
    this.#health = healthAfter(this.#health, result, now, this.random(), isTaken);
    this.#pace = paceAfter(this.#pace, result, isTaken);
    return { recovered: wasDown && isTaken, disable: givenUpFor(this.#health, result, now) };
  }
}
