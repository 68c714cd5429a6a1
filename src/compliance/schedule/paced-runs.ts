import { SECOND } from '#kernel/clock.js';

export interface RunLimits {
  /** How many run at once. */
  mostAtOnce: number;
  /** How many begin in any second. */
  mostPerSecond: number;
}

/**
 * Runs work for many numbers in the order in which it became due: of each number one at a time, so that a number that hangs holds one of the
 * places and no other number. Work that becomes due while the same number's waits or runs is left out.
 */
export class PacedRuns<Due> {
  readonly #waiting = new Map<string, Due>();
  readonly #running = new Map<string, Promise<void>>();
  /** When the latest began, by the steady clock, the oldest first. */
  readonly #begun: number[] = [];
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  /** @param run must not reject */
  constructor(
    private readonly limits: RunLimits,
    private readonly run: (phoneNumberId: string, due: Due) => Promise<void>,
  ) {}

  /** Whether work of the number waits or runs. */
  has(phoneNumberId: string): boolean {
    return this.#waiting.has(phoneNumberId) || this.#running.has(phoneNumberId);
  }

  want(phoneNumberId: string, due: Due): void {
    if (this.#stopped || this.has(phoneNumberId)) return;
    this.#waiting.set(phoneNumberId, due);
    this.#pump();
  }

  /** Resolves when nothing waits or runs any more; while work waits for its second, that takes until then. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running.values());
  }

  /** Begins nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #pump(): void {
    for (const [phoneNumberId, due] of this.#waiting) {
      if (this.#running.size >= this.limits.mostAtOnce) return;
      const wait = this.#waitMs();
      if (wait > 0) {
        this.#later(wait);
        return;
      }
      this.#begun.push(performance.now());
      if (this.#begun.length > this.limits.mostPerSecond) this.#begun.shift();
      this.#waiting.delete(phoneNumberId);
      const running = this.run(phoneNumberId, due).finally(() => {
        this.#running.delete(phoneNumberId);
        this.#pump();
      });
      this.#running.set(phoneNumberId, running);
    }
  }

  #waitMs(): number {
    const oldest = this.#begun.length < this.limits.mostPerSecond ? undefined : this.#begun[0];
    return oldest === undefined ? 0 : oldest + SECOND - performance.now();
  }

  #later(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#pump();
    }, Math.ceil(ms)).unref();
  }
}
