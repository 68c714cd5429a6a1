/** No slot became free in time; the work did not run. */
export class NoSlotInTime extends Error {
  constructor(readonly timeoutMs: number) {
    super(`no slot became free within ${timeoutMs} ms`);
  }
}

/** Urgent work may take the reserved slots, too, and is served before what waits without urgency. */
export type Urgency = 'urgent' | 'normal';

interface BulkheadLimits {
  /** The most that runs at a time. */
  slots: number;
  /** How many of the slots only urgent work may take; none by default. */
  reserved?: number;
  /** How long work waits for a slot, in ms; without end by default. */
  timeoutMs?: number;
}

/** Limits how much runs at a time; what is beyond waits in the order of arrival, each urgency by itself. */
export class Bulkhead {
  #running = 0;
  readonly #waiting: Readonly<Record<Urgency, Array<() => void>>> = { urgent: [], normal: [] };

  constructor(private readonly limits: BulkheadLimits) {}

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.urgent.length + this.#waiting.normal.length;
  }

  /** Whether work without urgency would run at once. */
  get isFree(): boolean {
    return this.#isFree('normal');
  }

  /** @throws NoSlotInTime, or what `work` throws */
  async run<T>(work: () => Promise<T>, urgency: Urgency = 'normal'): Promise<T> {
    if (this.#isFree(urgency)) this.#running += 1;
    else await this.#turn(this.#waiting[urgency]);
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#serveNext();
    }
  }

  #isFree(urgency: Urgency): boolean {
    return this.#running < this.limits.slots - (urgency === 'urgent' ? 0 : (this.limits.reserved ?? 0));
  }

  /** The slot passes on within this turn, so that nobody who comes meanwhile takes it. */
  #serveNext(): void {
    const urgency = (['urgent', 'normal'] as const).find((one) => this.#waiting[one].length > 0 && this.#isFree(one));
    if (urgency === undefined) return;
    this.#running += 1;
    this.#waiting[urgency].shift()?.();
  }

  #turn(waiting: Array<() => void>): Promise<void> {
    const { timeoutMs } = this.limits;
    return new Promise((resolve, reject) => {
      const turn = () => {
        clearTimeout(late);
        resolve();
      };
      const giveUp = (ms: number) => {
        waiting.splice(waiting.indexOf(turn), 1);
        reject(new NoSlotInTime(ms));
      };
      const late = timeoutMs === undefined ? undefined : setTimeout(() => giveUp(timeoutMs), timeoutMs);
      waiting.push(turn);
    });
  }
}
