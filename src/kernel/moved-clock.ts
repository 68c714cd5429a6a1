import { type Clock, MINUTE, SECOND } from './clock.js';

/** A clock that is kept in step by a time server goes less astray than that. */
const MOVED_MS = 5 * SECOND;
/** A ring is over by then, and who talks has been heard of. */
const DISTRUST_MS = 2 * MINUTE;

/**
 * Notices that the machine's clock was moved, or that the machine slept: clock and steady time go apart. For two minutes nothing
 * that only the clock says should be believed then, since a call that goes on would be ended for a deadline that has not come.
 */
export class MovedClock {
  #apart: number | null = null;
  #distrustUntil = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Clock) {}

  /** By how many milliseconds it was moved since the last look; 0 when it was not. */
  look(): number {
    const apart = this.clock.now() - this.clock.steady();
    const moved = apart - (this.#apart ?? apart);
    this.#apart = apart;
    if (Math.abs(moved) < MOVED_MS) return 0;
    this.#distrustUntil = this.clock.steady() + DISTRUST_MS;
    return moved;
  }

  get trusted(): boolean {
    return this.clock.steady() >= this.#distrustUntil;
  }
}
