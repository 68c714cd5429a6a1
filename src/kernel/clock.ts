/** The time in ms since 1970, UTC. A dependency, so that tests can stop it. */
export abstract class Clock {
  abstract now(): number;

  /** Milliseconds of monotonic time, from any beginning. */
  steady(): number {
    return this.now();
  }
}

export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  override steady(): number {
    return performance.now();
  }
}

/** RFC 3339 in UTC; `null` stays `null`. */
export function rfc3339(ms: number): string;
export function rfc3339(ms: number | null | undefined): string | null;
export function rfc3339(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
