import { Clock } from '#kernel/clock.js';

/** The simulator's own time: that of `base` plus an offset, so that a week passes in a request. It can be held. */
export class MovableClock extends Clock {
  #offsetMs = 0;
  #pinned: number | null = null;
  /** The moment of `base` at which it is held; null while it runs. */
  #heldAt: number | null = null;

  constructor(private readonly base: Clock) {
    super();
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): number {
    return this.#pinned ?? (this.#heldAt ?? this.base.now()) + this.#offsetMs;
  }

  get held(): boolean {
    return this.#heldAt !== null;
  }

  /** Stands still from now on but for `move`. */
  hold(): void {
    this.#heldAt ??= this.base.now();
  }

  /** Runs on from where it was held. */
  release(): void {
    if (this.#heldAt === null) return;
    this.#offsetMs += this.#heldAt - this.base.now();
    this.#heldAt = null;
  }

  /** Moves on; `ms` is not negative. */
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
