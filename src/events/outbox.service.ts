import { Injectable } from '@nestjs/common';
import { type NumberReach, reaches } from '#identity/numbers/number-reach.js';
import { Store, type Tx } from '#store/store.js';
import { noteEvent } from '#telemetry/traces.js';
import { type Cursor, ORIGIN } from './cursor.js';
import { type NewEvent, type StoredEvent, withoutSession } from './event.js';
import { type CallBeside, OutboxStore } from './outbox.store.js';

/** One replica purges at a time, so that none reads what another deletes. */
const PURGE_LOCK = 'events-purge';

/** The outbox: events are written in the transaction of the change, and read in one order that is the same for every reader. */
@Injectable()
export class OutboxService {
  readonly #appended = new WeakSet<Tx>();
  readonly #beforePurge: ((tx: Tx, keep: Cursor) => Promise<void>)[] = [];

  constructor(
    private readonly events: OutboxStore,
    private readonly store: Store,
  ) {}

  /** Publishes an event with the transaction. Events of one number keep their order when the transaction holds that number's lock (`numberLock`). */
  async append(tx: Tx, event: NewEvent): Promise<void> {
    await this.events.insert(tx, event, withoutSession(event));
    this.#appended.add(tx);
    this.store.notifications?.announceBehind(tx, 'events');
    noteEvent(event);
  }

  /** Calls `listener` after each commit that has published events, of this process or, as far as notifications arrive, of another replica. */
  onAppended(listener: () => void): void {
    this.store.onCommit((tx) => {
      if (this.#appended.has(tx)) listener();
    });
    this.store.notifications?.listen('events', listener);
  }

  /** Whether a notification of another replica would arrive; on SQLite there is none to wait for. */
  get isNotified(): boolean {
    return this.store.notifications?.isUp ?? true;
  }

  /** The next events, the oldest first. No event ever appears before a cursor that was returned once. */
  after(cursor: Cursor, limit: number): Promise<StoredEvent[]> {
    return this.events.after(cursor, limit);
  }

  /** Has what a session is shown of read with the events of calls. @param isWanted whether sessions are shown these days */
  readCallBeside(call: CallBeside, isWanted: () => boolean): void {
    this.events.readCallBeside(call, isWanted);
  }

  /** The event at this cursor; undefined when it is not kept any more. */
  at(cursor: Cursor): Promise<StoredEvent | undefined> {
    return this.events.at(cursor);
  }

  /** The cursor of the newest event. */
  async latestCursor(): Promise<Cursor> {
    return (await this.events.latest()) ?? ORIGIN;
  }

  /**
   * Whether a reader can resume here without a gap: the event and everything after it are kept. The event of a number out of reach counts
   * as one that does not exist.
   */
  async canResume(by: NumberReach, cursor: Cursor): Promise<boolean> {
    const event = await this.events.at(cursor);
    return event !== undefined && (event.phoneNumberId === null || reaches(by, event.phoneNumberId));
  }

  /** Registers what runs in the transaction of a purge, before it deletes; `keep` is the first event that stays. */
  beforePurge(listener: (tx: Tx, keep: Cursor) => Promise<void>): void {
    this.#beforePurge.push(listener);
  }

  /**
   * Deletes the oldest events up to the first one that happened at or after `before` (ms since 1970), so that no gap arises. The
   * newest stays for readers that are up to date. @returns how many were deleted
   */
  purge(before: number): Promise<number> {
    return this.store.inBatches(
      async (tx, limit) => {
        const first = await this.events.firstToKeep(tx, before);
        if (!first) return { numDeletedRows: 0n };
        const keep = await this.events.atMost(tx, first, limit);
        for (const listener of this.#beforePurge) await listener(tx, keep);
        return this.events.deleteBefore(tx, keep);
      },
      [PURGE_LOCK],
    );
  }
}
