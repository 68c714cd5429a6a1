/** Hands out slots so that no more than `perSecond` of them fall into any second. Times are in ms of one steady clock. */
export class Pace {
  readonly #slots: number[] = [];

  constructor(
    private readonly perSecond: number,
    /** The limit of the queue: no slot for a longer wait. */
    private readonly longestWaitMs: number,
  ) {}

  /** How long to wait for the slot that was just taken; undefined when the queue is too long and none was. */
  take(now: number): number | undefined {
    const oldest = this.#slots.length < this.perSecond ? undefined : this.#slots[0];
    const slot = oldest === undefined ? now : Math.max(now, oldest + 1_000);
    if (slot - now > this.longestWaitMs) return undefined;
    this.#slots.push(slot);
    if (this.#slots.length > this.perSecond) this.#slots.shift();
    return slot - now;
  }
}
