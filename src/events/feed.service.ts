import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Store } from '#store/store.js';
import { Log } from '#telemetry/telemetry.module.js';
import type { Cursor } from './cursor.js';
import type { StoredEvent } from './event.js';
import { OutboxService } from './outbox.service.js';

/** Other replicas' commits give no hint here: so often we look by ourselves. */
const LOOK_EVERY_MS = 500;
const PAGE = 200;

export type Listener = (event: StoredEvent) => void;

/**
 * The one reader of this process: reads each new event once and hands it to everybody who listens, in order. It begins at
 * the newest event of the start; who needs older ones reads them from the outbox while listening here.
 */
@Injectable()
export class FeedService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #listeners = new Set<Listener>();
  #position: Cursor | null = null;
  #timer: NodeJS.Timeout | null = null;
  #scheduled = false;
  #reading: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #failing = false;

  constructor(
    @Inject(OutboxService) private readonly outbox: OutboxService,
    @Inject(Store) private readonly store: Store,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Events read from now on. @returns a function that ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#position = await this.outbox.latestCursor();
    this.store.onCommit(() => this.wake());
    this.#timer = setInterval(() => this.wake(), LOOK_EVERY_MS).unref();
  }

  /** Many commits of one turn of the event loop are one look. */
  wake(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#again = true;
      this.#reading ??= this.#read().finally(() => {
        this.#reading = null;
      });
    });
  }

  /** Waits for what was committed so far to be handed out; on Postgres, as far as other transactions let it be seen. */
  async flush(): Promise<void> {
    this.wake();
    await new Promise(setImmediate);
    await this.#reading;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#reading;
  }

  async #read(): Promise<void> {
    try {
      while (this.#again && !this.#stopped && this.#position) {
        this.#again = false;
        const page = await this.outbox.after(this.#position, PAGE);
        if (page.length === PAGE) this.#again = true;
        for (const event of page) this.#hand(event);
      }
      this.#failing = false;
    } catch (error) {
      // The position stands where it stood, so the next look reads the same events: nothing is lost, nothing is doubled.
      if (!this.#failing) this.log.pino.error({ event: 'events.feed_unreadable', error }, 'The outbox could not be read: it is retried');
      this.#failing = true;
    }
  }

  #hand(event: StoredEvent): void {
    this.#position = event.cursor;
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.log.pino.error({ event: 'events.listener_failed', error }, 'A listener could not process an event');
      }
    }
  }
}
