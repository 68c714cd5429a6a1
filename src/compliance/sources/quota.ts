/** At most `most` in any span of `spanMs`. Times are in ms of one steady clock. */
export class Quota {
  readonly #taken: number[] = [];

  constructor(
    private readonly most: number,
    private readonly spanMs: number,
  ) {}

  /** Takes the next free slot. @returns how long to wait for it */
  take(now: number): number {
    const oldest = this.#taken.length < this.most ? undefined : this.#taken[0];
    const slot = oldest === undefined ? now : Math.max(now, oldest + this.spanMs);
    this.#taken.push(slot);
    if (this.#taken.length > this.most) this.#taken.shift();
    return slot - now;
  }
}
