import type { EventDeliveriesStore } from '#delivery/subscriptions/event-deliveries.store.js';
import type { EventDelivery } from '#delivery/subscriptions/event-delivery.js';
import { writeCursor } from '#events/cursor.js';

const PAGE = 50;

/** The retries of one subscription, each when it is due. They hold up no first attempt. */
export class DueQueue {
  readonly #loaded: EventDelivery[] = [];
  /** Loaded or under way: what is loaded again meanwhile is left out. */
  readonly #taken = new Set<string>();
  /** When the database has a retry that is due; null for never. */
  #nextDueAt: number | null;

  constructor(
    private readonly subscriptionId: string,
    private readonly deliveries: Pick<EventDeliveriesStore, 'retries'>,
    nextDueAt: number | null,
  ) {
    this.#nextDueAt = nextDueAt;
  }

  /** Whether retries can be loaded that are due. */
  isDue(now: number): boolean {
    return this.#loaded.length === 0 && this.#nextDueAt !== null && this.#nextDueAt <= now;
  }

  /** A retry was scheduled for this time. */
  schedule(time: number): void {
    this.#nextDueAt = Math.min(this.#nextDueAt ?? time, time);
  }

  /** The next retry of a subject that is not busy. */
  next(busy: ReadonlySet<string>): EventDelivery | null {
    const index = this.#loaded.findIndex(({ subject }) => !busy.has(subject));
    return index < 0 ? null : (this.#loaded.splice(index, 1)[0] ?? null);
  }

  /** The retry was made, or could not be made; it may be loaded again. */
  release({ cursor }: EventDelivery): void {
    this.#taken.delete(writeCursor(cursor));
  }

  /** Loads what is due. */
  async load(now: number): Promise<void> {
    this.#nextDueAt = null;
    try {
      const retries = await this.deliveries.retries(this.subscriptionId, PAGE + 1);
      const due = retries.slice(0, PAGE).filter(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= now);
      const fresh = due.filter(({ cursor }) => !this.#taken.has(writeCursor(cursor)));
      for (const { cursor } of fresh) this.#taken.add(writeCursor(cursor));
      this.#loaded.push(...fresh);
      const next = retries[due.length]?.nextAttemptAt ?? null;
      if (next !== null) this.schedule(next);
    } catch (error) {
      this.schedule(now);
      throw error;
    }
  }
}
