import type { Cursor } from '#events/cursor.js';
import type { StoredEvent } from '#events/event.js';

/** A wanted event before or during its first attempt. */
export interface QueuedEvent {
  readonly event: StoredEvent;
  /** When it came into the queue, in ms since 1970. */
  readonly queuedAt: number;
  state: 'waiting' | 'sent' | 'done';
}

/** Wanted events in order, from the oldest whose first attempt is not done. */
export class WaitingEvents {
  readonly #entries: QueuedEvent[] = [];
  /** While there are entries, every event up to here is done or not wanted. */
  #doneUpTo: Cursor | null = null;

  get length(): number {
    return this.#entries.length;
  }

  /** Every event up to here is done or not wanted; null while none waits. */
  get doneUpTo(): Cursor | null {
    return this.#entries.length > 0 ? this.#doneUpTo : null;
  }

  /** @param previous every event up to here is in the queue, done or not wanted */
  add(event: StoredEvent, previous: Cursor, queuedAt: number): void {
    if (this.#entries.length === 0) this.#doneUpTo = previous;
    this.#entries.push({ event, queuedAt, state: 'waiting' });
  }

  /** The oldest event of a free subject: one that is not busy and has no older event waiting. It counts as sent. */
  next(busy: ReadonlySet<string>): QueuedEvent | null {
    if (this.#entries.length === 0) return null;
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

  /** The first attempt was made, or none is needed. */
  done(entry: QueuedEvent): void {
    entry.state = 'done';
    while (this.#entries[0]?.state === 'done') this.#doneUpTo = (this.#entries.shift() as QueuedEvent).event.cursor;
  }

  /** Lets go of the newest beyond `most`, unless their attempts have begun. @returns the newest that stays; null when all do */
  cut(most: number): Cursor | null {
    const lastBegun = this.#entries.findLastIndex(({ state }) => state !== 'waiting');
    const stay = Math.max(most, lastBegun + 1);
    const last = this.#entries[stay - 1];
    if (!last || stay === this.#entries.length) return null;
    this.#entries.length = stay;
    return last.event.cursor;
  }
}
