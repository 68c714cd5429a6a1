import type { Subscription } from '#delivery/subscriptions/subscription.js';
import { type Cursor, writeCursor } from '#events/cursor.js';
import { type StoredEvent, wants } from '#events/event.js';
import type { OutboxService } from '#events/outbox.service.js';

const PAGE = 200;
/** With this many events in memory the queue reads no further. */
const READ_AHEAD = 200;

/** A wanted event before or during its first attempt. */
export interface QueuedEvent {
  readonly event: StoredEvent;
  state: 'waiting' | 'sent' | 'done';
}

/**
 * The first attempts of one subscription, in the order of the events and one after the other per subject. The cursor of the
 * subscription moves past an event once the event and everything before it are done.
 */
export class OrderedQueue {
  readonly #entries: QueuedEvent[] = [];
  #tried: ReadonlySet<string> = new Set();
  #readUpTo: Cursor;
  #cursor: Cursor;
  #mayHaveMore = true;

  constructor(
    private readonly subscription: Pick<Subscription, 'types' | 'phoneNumberId' | 'cursor'>,
    private readonly outbox: Pick<OutboxService, 'after'>,
  ) {
    [this.#readUpTo, this.#cursor] = [subscription.cursor, subscription.cursor];
  }

  /** Every event up to here is done or not wanted. */
  get cursor(): Cursor {
    return this.#cursor;
  }

  /** Whether there may be events to read and room for them. */
  get canRead(): boolean {
    return this.#mayHaveMore && this.#entries.length < READ_AHEAD;
  }

  /** There may be new events in the outbox. A lost or doubled notice does no harm. */
  notice(): void {
    this.#mayHaveMore = true;
  }

  /** Leaves out events beyond the cursor that had their first attempt before a crash. */
  leaveOut(tried: readonly Cursor[]): void {
    this.#tried = new Set(tried.map(writeCursor));
  }

  /** The oldest event of a free subject: one that is not busy and has no older event waiting. It counts as sent. */
  next(busy: ReadonlySet<string>): QueuedEvent | null {
    const blocked = new Set(busy);
    for (const entry of this.#entries) {
      if (entry.state !== 'waiting') continue;
      if (!blocked.has(entry.event.subject)) {
        entry.state = 'sent';
        return entry;
      }
      blocked.add(entry.event.subject);
    }
    return null;
  }

  /** The attempt could not be made: the event waits again. */
  putBack(entry: QueuedEvent): void {
    entry.state = 'waiting';
  }

  /** The first attempt was made, or none is needed. */
  done(entry: QueuedEvent): void {
    entry.state = 'done';
    while (this.#entries[0]?.state === 'done') this.#cursor = (this.#entries.shift() as QueuedEvent).event.cursor;
    if (this.#entries.length === 0) this.#cursor = this.#readUpTo;
  }

  /** Reads the next page of the outbox. */
  async read(): Promise<void> {
    // Before the reading: a notice that comes meanwhile causes another one.
    this.#mayHaveMore = false;
    try {
      const page = await this.outbox.after(this.#readUpTo, PAGE);
      for (const event of page) this.#add(event);
      if (page.length === PAGE) this.#mayHaveMore = true;
    } catch (error) {
      this.#mayHaveMore = true;
      throw error;
    }
  }

  #add(event: StoredEvent): void {
    this.#readUpTo = event.cursor;
    if (wants(this.subscription, event) && !this.#tried.has(writeCursor(event.cursor))) this.#entries.push({ event, state: 'waiting' });
    else if (this.#entries.length === 0) this.#cursor = event.cursor;
  }
}
