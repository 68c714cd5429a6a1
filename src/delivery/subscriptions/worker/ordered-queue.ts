import type { Subscription } from '#delivery/subscriptions/subscription.js';
import { type Cursor, isAfter, writeCursor } from '#events/cursor.js';
import { type StoredEvent, wants } from '#events/event.js';
import type { Clock } from '#kernel/clock.js';
import type { Follower, LiveFeed } from './live-feed.js';
import type { OutboxReads } from './outbox-reads.js';
import { type QueuedEvent, WaitingEvents } from './waiting-events.js';

const PAGE = 200;
/** How many events the queue holds at most; below half of them it reads on. */
const MOST = 400;

/** Where a queue gets its events from. */
export interface QueueSources {
  outbox: Pick<OutboxReads, 'after'>;
  live: Pick<LiveFeed, 'position' | 'after' | 'follow' | 'leave'>;
  clock: Pick<Clock, 'now'>;
}

/**
 * The first attempts of one subscription, in the order of the events and one after the other per subject. The cursor of the
 * subscription moves past an event once the event and everything before it are done.
 *
 * The queue follows the feed while it has seen everything that the feed has read. One that is behind or full reads pages of the
 * outbox, until nothing is missing between them and the feed.
 */
export class OrderedQueue implements Follower {
  readonly #waiting = new WaitingEvents();
  #tried: ReadonlySet<string> = new Set();
  /** Every event up to here was read. While the queue follows, so is every event up to the position of the feed. */
  #readUpTo: Cursor;
  #most = MOST;
  #isFollowing = false;
  #mayHaveMore = true;
  #isClosed = false;

  /** @param taken is called after the feed has brought an event */
  constructor(
    readonly filter: Pick<Subscription, 'types' | 'phoneNumberId' | 'numbers' | 'cursor'>,
    private readonly sources: QueueSources,
    private readonly taken: () => void,
  ) {
    this.#readUpTo = filter.cursor;
  }

  /** Every event up to here is done or not wanted. */
  get cursor(): Cursor {
    return this.#waiting.doneUpTo ?? this.#position;
  }

  /** Whether events come from the feed. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** How many events are in memory. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Whether there may be events to read and room for them. */
  get canRead(): boolean {
    return !this.#isFollowing && this.#mayHaveMore && this.#waiting.length < this.#most / 2;
  }

  /** There may be new events in the outbox. A lost or doubled notice does no harm. */
  notice(): void {
    this.#mayHaveMore = true;
  }

  /** Leaves out events beyond the cursor that had their first attempt before a crash. */
  leaveOut(tried: readonly Cursor[]): void {
    this.#tried = new Set(tried.map(writeCursor));
  }

  /** Holds at most so many events from now on; those beyond that are read again when there is room. Without a number, as many as usual. */
  limit(most = MOST): void {
    this.#most = most;
    const last = this.#waiting.cut(most);
    if (!last) return;
    this.#leave();
    this.#readUpTo = last;
    this.#mayHaveMore = true;
  }

  /** The oldest event of a free subject: one that is not busy and has no older event waiting. It counts as sent. */
  next(busy: ReadonlySet<string>): QueuedEvent | null {
    return this.#waiting.next(busy);
  }

  /** The attempt could not be made: the event waits again. */
  putBack(entry: QueuedEvent): void {
    entry.state = 'waiting';
  }

  /** The first attempt was made, or none is needed. */
  done(entry: QueuedEvent): void {
    this.#waiting.done(entry);
  }

  /** Takes an event of the feed. A full queue leaves the feed before this event instead, and reads it when there is room. */
  take(event: StoredEvent, previous: Cursor): void {
    // The outbox had it before the feed.
    if (!this.#isFollowing || !isAfter(event.cursor, this.#readUpTo)) return;
    this.#readUpTo = later(this.#readUpTo, previous);
    if (this.#waiting.length < this.#most) this.#add(event);
    else this.#unfollow();
    this.taken();
  }

  /** Gets nothing more from the feed. */
  close(): void {
    this.#isClosed = true;
    this.#leave();
  }

  /** Reads the next events, and follows the feed once none is missing. */
  async read(): Promise<void> {
    // Before the reading: a notice that comes meanwhile causes another one.
    this.#mayHaveMore = false;
    try {
      const from = this.#readUpTo;
      const page = this.#recent() ?? (await this.sources.outbox.after(from, PAGE));
      // The queue may have gone back meanwhile: the page is not the next one then.
      const isAll = from === this.#readUpTo && this.#addUntilFull(page);
      if (isAll && page.length < PAGE) this.#follow();
      else this.#mayHaveMore = true;
    } catch (error) {
      this.#mayHaveMore = true;
      throw error;
    }
  }

  /** Everything up to here was read, by this queue or by the feed that it follows. */
  get #position(): Cursor {
    const { position } = this.sources.live;
    return this.#isFollowing && position ? later(this.#readUpTo, position) : this.#readUpTo;
  }

  #recent(): StoredEvent[] | null {
    return this.sources.live.after(this.#readUpTo, PAGE);
  }

  #leave(): void {
    if (!this.#isFollowing) return;
    this.#readUpTo = this.#position;
    this.#unfollow();
  }

  /** Follows only when the feed has read nothing meanwhile that is missing here. */
  #follow(): void {
    if (this.#isClosed) return;
    const missing = this.#recent();
    if (missing?.length === 0) {
      this.#isFollowing = true;
      this.sources.live.follow(this);
    } else {
      // A feed that has not begun has nothing that is missing, and a notice comes later.
      this.#mayHaveMore = this.sources.live.position !== null;
    }
  }

  #unfollow(): void {
    this.sources.live.leave(this);
    this.#isFollowing = false;
    this.#mayHaveMore = true;
  }

  /** @returns false when there was no room for all of them */
  #addUntilFull(page: readonly StoredEvent[]): boolean {
    for (const event of page) {
      if (this.#waiting.length >= this.#most) return false;
      this.#add(event);
    }
    return true;
  }

  #add(event: StoredEvent): void {
    if (wants(this.filter, event) && !this.#tried.has(writeCursor(event.cursor)))
      this.#waiting.add(event, this.#readUpTo, this.sources.clock.now());
    this.#readUpTo = event.cursor;
  }
}

const later = (a: Cursor, b: Cursor): Cursor => (isAfter(a, b) ? a : b);
