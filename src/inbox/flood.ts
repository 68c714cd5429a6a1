import { SECOND } from '#kernel/clock.js';

/** So many bodies for one commit mean that they come faster than they are understood. */
const BURST = 32;
const WINDOW_MS = SECOND / 10;
/** Fewer than these a second can be understood as they come. */
const CALM_PER_SECOND = 1_500;

/**
 * Whether deliveries come faster than they can be understood; while they do, they are kept and little else. What comes in is
 * seen only when nothing but keeping slows it down, so a flood lasts a window at least.
 */
export class Flood {
  #on = false;
  #since = 0;
  #kept = 0;

  /** A commit is about to keep so many bodies. */
  note(bodies: number, now: number): void {
    if (!this.#on && bodies >= BURST) {
      this.#on = true;
      this.#since = now;
      this.#kept = 0;
    }
    this.#kept += bodies;
  }

  isOn(now: number): boolean {
    const elapsed = now - this.#since;
    if (this.#on && elapsed >= WINDOW_MS) {
      this.#on = (this.#kept * SECOND) / elapsed >= CALM_PER_SECOND;
      this.#since = now;
      this.#kept = 0;
    }
    return this.#on;
  }
}
