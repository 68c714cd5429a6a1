import { type Cursor, isAfter } from '#events/cursor.js';
import { type EventFilter, isMetaEvent, type OutboxType, type StoredEvent, wants } from '#events/event.js';
import { type Clock, SECOND } from '#kernel/clock.js';

/** So many events stay in memory after the feed has read them. */
const MOST_RECENT = 1_000;
/** For so long an event is as it was read. Then the outbox is asked again, since the erasure of a person changes events. */
export const AS_READ_FOR_MS = 2 * SECOND;

/** What gets events from the feed. */
export interface Follower {
  readonly filter: EventFilter;
  /** Gets an event that it wants. @param previous the event before it in the order of all events, wanted or not */
  take(event: StoredEvent, previous: Cursor): void;
}

interface Recent {
  event: StoredEvent;
  readAt: number;
}

/**
 * What the feed has read, for the subscriptions. A subscription that has seen everything up to the position of the feed follows it:
 * it gets each event that it wants, and one that it does not want costs it nothing. One that is a little behind finds the
 * missing events here, one that is far behind reads the outbox until it is near enough.
 */
export class LiveFeed {
  readonly #byType = new Map<OutboxType | null, Set<Follower>>();
  #recent: Recent[] = [];
  /** The event before the oldest recent one. */
  #before: Cursor | null = null;
  #position: Cursor | null = null;

  constructor(private readonly clock: Clock) {}

  /** The newest event that the feed has read; null before it has begun. */
  get position(): Cursor | null {
    return this.#position;
  }

  /** The feed has begun here. */
  begin(position: Cursor | null): void {
    this.#position ??= position;
    this.#before ??= position;
  }

  /** The feed has read an event: whoever follows and wants it gets it. */
  receive(event: StoredEvent, previous: Cursor): void {
    this.begin(previous);
    this.#position = event.cursor;
    this.#recent.push({ event, readAt: this.clock.now() });
    if (this.#recent.length >= 2 * MOST_RECENT) this.#forget(MOST_RECENT);
    for (const type of isMetaEvent(event.type) ? [event.type] : [event.type, null])
      for (const follower of [...(this.#byType.get(type) ?? [])]) if (wants(follower.filter, event)) follower.take(event, previous);
  }

  /** The events after a cursor that the feed has read, at most `limit`; null when it is no longer known whether these are all. */
  after(cursor: Cursor, limit: number): StoredEvent[] | null {
    this.#forgetOld();
    if (!this.#before || isAfter(this.#before, cursor)) return null;
    const first = this.#recent.findIndex(({ event }) => isAfter(event.cursor, cursor));
    return first < 0 ? [] : this.#recent.slice(first, first + limit).map(({ event }) => event);
  }

  /** From now on `follower` gets what it wants. It must have everything up to the position. */
  follow(follower: Follower): void {
    for (const type of typesOf(follower)) {
      const followers = this.#byType.get(type) ?? new Set();
      this.#byType.set(type, followers.add(follower));
    }
  }

  leave(follower: Follower): void {
    for (const type of typesOf(follower)) this.#byType.get(type)?.delete(follower);
  }

  #forgetOld(): void {
    const since = this.clock.now() - AS_READ_FOR_MS;
    const old = this.#recent.findIndex(({ readAt }) => readAt > since);
    if (old !== 0) this.#forget(old < 0 ? this.#recent.length : old);
  }

  /** Forgets the oldest. */
  #forget(count: number): void {
    const last = this.#recent[count - 1];
    if (!last) return;
    this.#before = last.event.cursor;
    this.#recent = this.#recent.slice(count);
  }
}

const typesOf = ({ filter: { types } }: Follower): readonly (OutboxType | null)[] => types ?? [null];
