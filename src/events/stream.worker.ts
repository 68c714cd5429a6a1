import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Scope } from '#access/authorization/scope.js';
import { type Cursor, isAfter } from './cursor.js';
import type { EventType, StoredEvent } from './event.js';
import type { FeedService } from './feed.service.js';
import { drainingFrame, eventFrame, heartbeatFrame, openingFrame, resetFrame } from './frame.js';
import type { OutboxService } from './outbox.service.js';
import type { PresenterService } from './presenter.service.js';

const PAGE = 200;
/** More than this waiting live events are thrown away and read again from the outbox. */
const MAX_QUEUE = 1_000;
/** A live reader with more than this unread has a moment to take it, and is dropped then; it resumes where it was. */
const MAX_UNREAD_BYTES = 256 * 1_024;
const MAX_PRESS_MS = 1_000;
/** How long a reader who catches up may take for what was sent. */
const MAX_STALL_MS = 30_000;

/** How long the last frames may take to leave when the gateway stops. */
const MAX_GOODBYE_MS = 2_000;

export interface StreamWish {
  /** `null` for all. */
  types: ReadonlySet<EventType> | null;
  /** `null` for all numbers. */
  phoneNumberId: string | null;
  /** What the reader's key may see. */
  scopes: ReadonlySet<Scope>;
}

/** Where the events of a stream come from. */
export interface StreamSources {
  feed: Pick<FeedService, 'listen'>;
  outbox: Pick<OutboxService, 'after'>;
  presenter: Pick<PresenterService, 'present'>;
}

/**
 * One connected reader. It listens to the feed first and reads the outbox then, so nothing falls in between; what comes
 * both ways is told once, by its place in the order.
 */
export class StreamWorker {
  readonly #queue: StoredEvent[] = [];
  readonly #closed = new AbortController();
  readonly #unlisten: () => void;
  /** Everything up to here is told, or was not wanted. */
  #position: Cursor;
  #behind = true;
  #pumping = false;

  /** @param position where to begin; read before this, since everything after it is read from the outbox first */
  constructor(
    private readonly raw: Writable,
    private readonly wish: StreamWish,
    private readonly sources: StreamSources,
    position: Cursor,
    private readonly failed: (error: unknown) => void,
  ) {
    this.#position = position;
    this.#unlisten = sources.feed.listen((event) => this.#enqueue(event));
    raw.once('close', () => this.#release());
    raw.on('error', () => this.#release());
    if (raw.destroyed) this.#release();
  }

  get closed(): boolean {
    return this.#closed.signal.aborted;
  }

  /** Calls `done` when the connection is gone, whoever ended it. */
  onClose(done: () => void): void {
    if (this.closed) done();
    else this.#closed.signal.addEventListener('abort', done, { once: true });
  }

  wants({ type, phoneNumberId }: Pick<StoredEvent, 'type' | 'phoneNumberId'>): boolean {
    const { wish } = this;
    return (wish.types?.has(type) ?? true) && (wish.phoneNumberId === null || wish.phoneNumberId === phoneNumberId);
  }

  may(scope: Scope): boolean {
    return this.wish.scopes.has(scope);
  }

  /** Begins to tell; `reset` when what the reader missed cannot be told. */
  start(reset: boolean): void {
    this.#write(openingFrame(Math.random(), this.#position));
    if (reset) this.#write(resetFrame(this.#position));
    this.#pump();
  }

  beat(): void {
    this.#write(heartbeatFrame(this.#position));
  }

  /** Says goodbye and ends; what was not told yet is told after the reader connects again. */
  drain(): void {
    if (this.closed) return;
    this.#write(drainingFrame(Math.random()));
    this.#release();
    this.raw.end();
    const impatient = setTimeout(() => this.raw.destroy(), MAX_GOODBYE_MS);
    this.raw.once('close', () => clearTimeout(impatient));
  }

  drop(): void {
    this.#release();
    this.raw.destroy();
  }

  #enqueue(event: StoredEvent): void {
    this.#queue.push(event);
    if (this.#queue.length > MAX_QUEUE) {
      this.#queue.length = 0;
      this.#behind = true;
    }
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#tellAll().catch((error: unknown) => {
      if (this.closed) return;
      this.failed(error);
      this.drop();
    });
  }

  /** Stops pumping in the same breath in which it finds nothing to do: an event that comes a moment later pumps anew. */
  async #tellAll(): Promise<void> {
    while (!this.closed && (this.#behind || this.#queue.length > 0)) {
      // Never a live event while behind: it would move the position past those that are still to be read.
      if (this.#behind) await this.#catchUp();
      else await this.#tell(this.#queue.shift() as StoredEvent);
    }
    this.#pumping = false;
  }

  async #catchUp(): Promise<void> {
    this.#behind = false;
    for (;;) {
      const page = await this.sources.outbox.after(this.#position, PAGE);
      for (const event of page) {
        await this.#tell(event);
        await this.#room();
      }
      if (page.length < PAGE || this.closed) return;
    }
  }

  async #tell(event: StoredEvent): Promise<void> {
    if (!isAfter(event.cursor, this.#position)) return;
    if (this.wants(event)) {
      this.#write(eventFrame(await this.sources.presenter.present(event, this.wish.scopes)));
      if (this.raw.writableLength > MAX_UNREAD_BYTES) await this.#room(MAX_PRESS_MS).catch(() => this.drop());
    }
    this.#position = event.cursor;
  }

  /** Old events can be had as slowly as the reader reads; only live ones press. */
  async #room(withinMs = MAX_STALL_MS): Promise<void> {
    if (this.closed || !this.raw.writableNeedDrain) return;
    await once(this.raw, 'drain', { signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(withinMs)]) });
  }

  #write(text: string): void {
    if (!this.closed) this.raw.write(text);
  }

  #release(): void {
    if (this.closed) return;
    this.#unlisten();
    this.#queue.length = 0;
    this.#closed.abort();
  }
}
