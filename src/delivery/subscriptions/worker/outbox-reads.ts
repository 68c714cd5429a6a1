import { type Cursor, writeCursor } from '#events/cursor.js';
import type { StoredEvent } from '#events/event.js';
import type { OutboxService } from '#events/outbox.service.js';
import { Bulkhead } from '#kernel/concurrency/bulkhead.js';

/** How many readings of the outbox run at once for all subscriptions, so that they leave connections for everybody else. */
const AT_ONCE = 2;

/** The readings of the subscriptions that are behind: those who ask for the same while it is read share one. */
export class OutboxReads {
  readonly #bulkhead = new Bulkhead({ slots: AT_ONCE });
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(private readonly outbox: Pick<OutboxService, 'after' | 'at'>) {}

  /** As `OutboxService.after`. */
  after(cursor: Cursor, limit: number): Promise<StoredEvent[]> {
    return this.#shared(`${writeCursor(cursor)} ${limit}`, () => this.outbox.after(cursor, limit));
  }

  /** As `OutboxService.at`. */
  at(cursor: Cursor): Promise<StoredEvent | undefined> {
    return this.#shared(writeCursor(cursor), () => this.outbox.at(cursor));
  }

  #shared<T>(what: string, read: () => Promise<T>): Promise<T> {
    const running = this.#running.get(what) ?? this.#bulkhead.run(read).finally(() => this.#running.delete(what));
    this.#running.set(what, running);
    return running as Promise<T>;
  }
}
