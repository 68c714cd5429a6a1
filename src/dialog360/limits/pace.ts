/** Hands out slots so that no more than `most` of them fall into any span of `spanMs`. Times are in ms of one steady clock. */
export class Pace {
  readonly #slots: number[] = [];

  constructor(
    private readonly most: number,
    private readonly spanMs: number,
    /** The limit of the queue: no slot for a longer wait. */
    private readonly longestWaitMs = Number.POSITIVE_INFINITY,
  ) {}

  /** How long to wait for the slot that was just taken; undefined when the queue is too long and none was. */
  take(now: number): number | undefined {
    const oldest = this.#slots.length < this.most ? undefined : this.#slots[0];
    const slot = oldest === undefined ? now : Math.max(now, oldest + this.spanMs);
    if (slot - now > this.longestWaitMs) return undefined;
    this.#slots.push(slot);
    if (this.#slots.length > this.most) this.#slots.shift();
    return slot - now;
  }
}
