import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { Log } from '#telemetry/log.js';
import type { Cursor } from './cursor.js';
import type { StoredEvent } from './event.js';
import { OutboxService } from './outbox.service.js';

/** How often the feed reads without a commit or a notification, for what was lost of them. */
const READ_EVERY_MS = 500;
/** The same while no notification of another replica arrives. */
const UNNOTIFIED_MS = 100;
const PAGE = 200;

/** Gets each event. @param previous the event before it; none can appear between them any more */
export type Listener = (event: StoredEvent, previous: Cursor) => void;

/**
 * The one reader of the outbox in this process: it reads each new event once and hands it to every listener, in order. It begins
 * at the newest event of the start; a listener that needs older ones reads them from the outbox itself.
 */
@Injectable()
export class FeedService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #listeners = new Set<Listener>();
  readonly #loop = new WakeUpLoop(
    () => this.#read(),
    (error) => this.#fail(error),
  );
  #cursor: Cursor | null = null;
  #timer: NodeJS.Timeout | null = null;
  #readAt = 0;
  #scheduled = false;
  #failing = false;

  constructor(
    private readonly outbox: OutboxService,
    private readonly log: Log,
  ) {}

  /** Events read from now on. @returns a function that ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The newest event that was read; null before the start. */
  get position(): Cursor | null {
    return this.#cursor;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#cursor = await this.outbox.latestCursor();
    this.outbox.onAppended(() => this.wake());
    this.#timer = setInterval(() => this.#look(), UNNOTIFIED_MS).unref();
  }

  /** Reads soon; one reading serves all commits of one turn of the event loop. */
  wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#loop.wake();
    });
  }

  /** Resolves once the listeners have every event committed so far; on Postgres, as far as other transactions let it be read. */
  async flush(): Promise<void> {
    this.wake();
    await new Promise(setImmediate);
    await this.#loop.idle();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#loop.stop();
  }

  #look(): void {
    if (!this.outbox.isNotified || performance.now() - this.#readAt >= READ_EVERY_MS) this.wake();
  }

  /** @returns whether there may be more events */
  async #read(): Promise<boolean> {
    if (!this.#cursor) return false;
    this.#readAt = performance.now();
    const page = await this.outbox.after(this.#cursor, PAGE);
    this.#failing = false;
    for (const event of page) this.#hand(event, this.#cursor);
    return page.length === PAGE;
  }

  /** The cursor stays, so the next reading gets the same events: none is lost, none comes twice. */
  #fail(error: unknown): void {
    if (!this.#failing) this.log.pino.error({ event: 'events.feed_unreadable', error }, 'The outbox could not be read: it is retried');
    this.#failing = true;
  }

  #hand(event: StoredEvent, previous: Cursor): void {
    this.#cursor = event.cursor;
    for (const listener of this.#listeners) {
      try {
        listener(event, previous);
      } catch (error) {
        this.log.pino.error({ event: 'events.listener_failed', error }, 'A listener could not process an event');
      }
    }
  }
}
