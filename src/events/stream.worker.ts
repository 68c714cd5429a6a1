import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Scope } from '#access/authorization/scope.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { type Cursor, isAfter } from './cursor.js';
import { type EventFilter, type StoredEvent, scopesOf, wants } from './event.js';
import type { FeedService } from './feed.service.js';
import { drainingFrame, eventFrame, heartbeatFrame, openingFrame, type Place, resetFrame } from './frame.js';
import type { LiveReach } from './key-reaches.service.js';
import type { OutboxService } from './outbox.service.js';
import type { PresenterService } from './presenter.service.js';

const PAGE = 200;
/** With more live events in its queue the stream drops them and reads them again from the outbox. */
const MAX_QUEUE = 1_000;
/** Back-pressure: with more unread bytes a live reader gets this timeout, and is dropped then; it can resume. */
const MAX_UNREAD_BYTES = 256 * 1_024;
const LIVE_TIMEOUT_MS = 1_000;
/** The timeout of a reader that still gets old events. */
const CATCH_UP_TIMEOUT_MS = 30_000;
/** The timeout of the last frames when the gateway stops. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Which events a reader gets, and what they may show. */
export interface StreamFilter extends Pick<EventFilter, 'types' | 'phoneNumberId'> {
  /** The scopes of the reader's key. */
  scopes: ReadonlySet<Scope>;
}

/** Where the events of a stream come from. */
export interface StreamSources {
  feed: Pick<FeedService, 'listen'>;
  outbox: Pick<OutboxService, 'after'>;
  presenter: Pick<PresenterService, 'present'>;
  /** What the reader's key reaches. */
  reach: LiveReach;
}

/**
 * One connected reader. The stream listens to the feed first and reads the outbox then, so that no event is missed. An event that
 * comes both ways is sent once, by its cursor.
 */
export class StreamWorker {
  readonly #queue: StoredEvent[] = [];
  readonly #closed = new AbortController();
  readonly #unlisten: () => void;
  /** Everything up to here is sent or not wanted. */
  #cursor: Cursor;
  #behind = true;
  readonly #loop = new WakeUpLoop(
    () => this.#sendNext(),
    (error) => this.#fail(error),
  );

  /** @param cursor where the stream begins */
  constructor(
    private readonly raw: Writable,
    private readonly filter: StreamFilter,
    private readonly sources: StreamSources,
    cursor: Cursor,
    private readonly failed: (error: unknown) => void,
  ) {
    this.#cursor = cursor;
    this.#unlisten = sources.feed.listen((event) => this.#enqueue(event));
    raw.once('close', () => this.#release());
    raw.on('error', () => this.#release());
    if (raw.destroyed) this.#release();
  }

  get closed(): boolean {
    return this.#closed.signal.aborted;
  }

  /** Calls `done` when the connection is closed by either side. */
  onClose(done: () => void): void {
    if (this.closed) done();
    else this.#closed.signal.addEventListener('abort', done, { once: true });
  }

  /** Whether the reader asked for an event and may read it. */
  wants(event: Pick<StoredEvent, 'type' | 'phoneNumberId'>): boolean {
    const { numbers } = this.sources.reach;
    return wants({ ...this.filter, numbers }, event) && scopesOf([event.type]).every((scope) => this.may(scope));
  }

  may(scope: Scope): boolean {
    return this.filter.scopes.has(scope);
  }

  get #place(): Place {
    return { cursor: this.#cursor, isLimited: this.sources.reach.numbers !== null };
  }

  /** Begins to send; `reset` when the events that the reader missed cannot be sent. */
  start(reset: boolean): void {
    this.#write(openingFrame(Math.random(), this.#place));
    if (reset) this.#write(resetFrame(this.#place));
    void this.#loop.wake();
  }

  beat(): void {
    this.#write(heartbeatFrame(this.#place));
  }

  /** Sends the frame `draining` and closes; the reader gets the rest after it connects again. */
  drain(): void {
    if (this.closed) return;
    this.#write(drainingFrame(Math.random()));
    this.#release();
    this.raw.end();
    const timeout = setTimeout(() => this.raw.destroy(), CLOSE_TIMEOUT_MS);
    this.raw.once('close', () => clearTimeout(timeout));
  }

  drop(): void {
    this.#release();
    this.raw.destroy();
  }

  #enqueue(event: StoredEvent): void {
    this.#readAhead(event);
    this.#queue.push(event);
    if (this.#queue.length > MAX_QUEUE) {
      this.#queue.length = 0;
      this.#behind = true;
    }
    void this.#loop.wake();
  }

  /** What a page of events shows is read at once, and not one after the other when their turn comes. */
  #readAhead(event: StoredEvent): void {
    if (this.wants(event)) void this.sources.presenter.present(event, this.filter.scopes);
  }

  #fail(error: unknown): void {
    if (this.closed) return;
    this.failed(error);
    this.drop();
  }

  /** @returns whether there is more to send */
  async #sendNext(): Promise<boolean> {
    // No live event while behind: it would move the cursor past those that are still to be read.
    const event = this.#behind ? undefined : this.#queue.shift();
    if (event) await this.#send(event);
    else if (this.#behind) await this.#catchUp();
    return !this.closed && (this.#behind || this.#queue.length > 0);
  }

  async #catchUp(): Promise<void> {
    this.#behind = false;
    for (;;) {
      const page = await this.sources.outbox.after(this.#cursor, PAGE);
      for (const event of page) this.#readAhead(event);
      for (const event of page) {
        await this.#send(event);
        await this.#drained();
      }
      if (page.length < PAGE || this.closed) return;
    }
  }

  async #send(event: StoredEvent): Promise<void> {
    if (!isAfter(event.cursor, this.#cursor)) return;
    if (await this.#isFor(event)) {
      this.#write(eventFrame(await this.sources.presenter.present(event, this.filter.scopes)));
      if (this.raw.writableLength > MAX_UNREAD_BYTES) await this.#drained(LIVE_TIMEOUT_MS).catch(() => this.drop());
    }
    this.#cursor = event.cursor;
  }

  /** Whether the reader gets the event. What it wants may be out of its reach by now. */
  async #isFor(event: StoredEvent): Promise<boolean> {
    if (!this.wants(event)) return false;
    const sure = this.sources.reach.confirm(event.phoneNumberId);
    if (!sure) return true;
    await sure;
    return !this.closed && this.wants(event);
  }

  /** Resolves once the reader has room; old events may go as slowly as the reader reads. */
  async #drained(timeoutMs = CATCH_UP_TIMEOUT_MS): Promise<void> {
    if (this.closed || !this.raw.writableNeedDrain) return;
    await once(this.raw, 'drain', { signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(timeoutMs)]) });
  }

  #write(text: string): void {
    if (!this.closed) this.raw.write(text);
  }

  #release(): void {
    if (this.closed) return;
    this.#unlisten();
    this.#queue.length = 0;
    this.#closed.abort();
    void this.#loop.stop();
  }
}
