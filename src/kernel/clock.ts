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

/** More than a time server corrects at once. */
const JUMP_MS = 5 * SECOND;
/** By then a call that rings has ended, and the webhooks of the others have come. */
const DISTRUST_MS = 2 * MINUTE;

/**
 * Detects that the machine's clock was changed, or that the machine slept: clock and monotonic time diverge. For two minutes the
 * clock is then not trusted, since a deadline that has not come would end a live call.
 */
export class MovedClock {
  #apart: number | null = null;
  #distrustUntil = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Clock) {}

  /** By how many milliseconds the clock jumped since the last call; 0 for no jump. */
  detectJump(): number {
    const apart = this.clock.now() - this.clock.steady();
    const moved = apart - (this.#apart ?? apart);
    this.#apart = apart;
    if (Math.abs(moved) < JUMP_MS) return 0;
    this.#distrustUntil = this.clock.steady() + DISTRUST_MS;
    return moved;
  }

  /** False for two minutes after a jump. */
  get trusted(): boolean {
    return this.clock.steady() >= this.#distrustUntil;
  }
}
