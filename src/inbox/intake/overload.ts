import { type Clock, SECOND } from '#kernel/clock.js';

/** A batch of this size means that deliveries come faster than they are applied. */
const BURST = 32;
const WINDOW_MS = SECOND / 10;
/** Below this rate, deliveries are applied as they come. */
const CALM_PER_SECOND = 1_500;

/**
 * Detects that deliveries of one number come faster than they can be applied; the inbox then persists them and applies little. The rate of
 * arrival shows only while nothing but persisting slows it down, so an overload lasts one window at least.
 */
export class Overload {
  #on = false;
  #since = 0;
  #kept = 0;

  constructor(private readonly clock: Clock) {}

  /** Counts a batch that is about to be committed. */
  note(bodies: number): void {
    if (!this.#on && bodies >= BURST) {
      this.#on = true;
      this.#since = this.clock.now();
      this.#kept = 0;
    }
    this.#kept += bodies;
  }

  /** Whether the overload lasts; ends it when the rate of the last window was low. */
  isOn(): boolean {
    const now = this.clock.now();
    const elapsed = now - this.#since;
    if (this.#on && elapsed >= WINDOW_MS) {
      this.#on = (this.#kept * SECOND) / elapsed >= CALM_PER_SECOND;
      this.#since = now;
      this.#kept = 0;
    }
    return this.#on;
  }
}
