import { Inject, Injectable } from '@nestjs/common';
import { Store, type Tx } from '#store/store.js';
import { noteEvent } from '#telemetry/traces.js';
import { type Cursor, ORIGIN } from './cursor.js';
import { type NewEvent, type StoredEvent, withoutSession } from './event.js';
import { OutboxStore } from './outbox.store.js';

/** One replica after the other, so that none looks at what another is deleting. */
const PURGE_LOCK = 'events-purge';

/** What we tell: written in the transaction of the change, read in one order that is the same for every reader. */
@Injectable()
export class OutboxService {
  readonly #beforePurge: ((tx: Tx, keep: Cursor) => Promise<void>)[] = [];

  constructor(
    @Inject(OutboxStore) private readonly events: OutboxStore,
    @Inject(Store) private readonly store: Store,
  ) {}

  /** Events of one number keep their order when the transaction holds that number's lock (`numberLock`). */
  async append(tx: Tx, event: NewEvent): Promise<void> {
    await this.events.insert(tx, event, withoutSession(event));
    noteEvent(event);
  }

  /** The next events, oldest first. Nothing ever appears before a cursor that was once given out. */
  after(cursor: Cursor, limit: number): Promise<StoredEvent[]> {
    return this.events.after(cursor, limit);
  }

  /** The event of that place, as long as it is kept. */
  async at({ xid, id }: Cursor): Promise<StoredEvent | undefined> {
    const [event] = await this.events.after({ xid, id: id - 1 }, 1);
    return event?.cursor.xid === xid && event.cursor.id === id ? event : undefined;
  }

  /** The place of the newest event. */
  async latestCursor(): Promise<Cursor> {
    return (await this.events.latest()) ?? ORIGIN;
  }

  /** Whether a reader can go on from here without a gap: the event is still kept, and so is everything after it. */
  canResume(cursor: Cursor): Promise<boolean> {
    return this.events.has(cursor);
  }

  /** Who must know what is deleted looks at it in the same transaction; `keep` is the first event that stays. */
  beforePurge(heed: (tx: Tx, keep: Cursor) => Promise<void>): void {
    this.#beforePurge.push(heed);
  }

  /**
   * Deletes from the old end until the first event that happened at or after `before`, so that no gap arises; the newest
   * stays, for readers who are up to date. @returns how many were deleted
   */
  purge(before: number): Promise<number> {
    return this.store.inBatches(
      async (tx, most) => {
        const first = await this.events.firstToKeep(tx, before);
        if (!first) return { numDeletedRows: 0n };
        const keep = await this.events.atMost(tx, first, most);
        for (const heed of this.#beforePurge) await heed(tx, keep);
        return this.events.deleteBefore(tx, keep);
      },
      [PURGE_LOCK],
    );
  }
}
