import { Clock } from '#kernel/clock.js';

/** The simulator's own time: that of `base` plus an offset which only grows, so that a week passes in a request. */
export class MovableClock extends Clock {
  #offsetMs = 0;
  #pinned: number | null = null;

  constructor(private readonly base: Clock) {
    super();
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): number {
    return this.#pinned ?? this.base.now() + this.#offsetMs;
  }

  /** Adds to the offset; `ms` is not negative. */
  move(ms: number): void {
    this.#offsetMs += ms;
  }

  /** Runs `work` at the moment it was due, however late it is noticed. */
  during<T>(moment: number, work: () => T): T {
    const before = this.#pinned;
    this.#pinned = moment;
    try {
      return work();
    } finally {
      this.#pinned = before;
    }
  }
}
