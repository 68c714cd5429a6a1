import type { Writable } from 'node:stream';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { PrincipalsService } from '#access/sessions/principals.service.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Metrics } from '#telemetry/metrics.js';
import { Log } from '#telemetry/telemetry.module.js';
import { type Cursor, readCursor } from './cursor.js';
import { FeedService } from './feed.service.js';
import { OutboxService } from './outbox.service.js';
import { PresenterService } from './presenter.service.js';
import { type StreamWish, StreamWorker } from './stream.worker.js';

const HEARTBEAT_MS = 15 * SECOND;

/** A key with more streams than this forgets to close them; more in all than one process can serve at once. */
const MAX_PER_KEY = 100;
const MAX_STREAMS = 5_000;

/** Where a stream begins, and whether the reader has to be told that it missed something. */
export interface Place {
  position: Cursor;
  reset: boolean;
}

/** All connected readers: opens their streams, keeps them alive, and ends them so that the process can stop. */
@Injectable()
export class StreamsService implements BeforeApplicationShutdown {
  readonly #open = new Map<StreamWorker, string>();
  #draining = false;

  constructor(
    @Inject(FeedService) private readonly feed: FeedService,
    @Inject(OutboxService) private readonly outbox: OutboxService,
    @Inject(PresenterService) private readonly presenter: PresenterService,
    @Inject(PrincipalsService) private readonly principals: PrincipalsService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(ApiKeysService) keys: ApiKeysService,
    @Inject(Log) private readonly log: Log,
  ) {
    keys.onDeleted((deleted) => {
      for (const [stream, keyId] of this.#open) if (keyId === deleted) stream.drop();
    });
  }

  /** How many readers are connected. */
  get count(): number {
    return this.#open.size;
  }

  /** Readers who would hear of an inbound call of this number and may answer it. */
  countTakers(phoneNumberId: string): number {
    const incoming = { type: 'call.incoming', phoneNumberId } as const;
    return [...this.#open.keys()].filter((stream) => stream.wants(incoming) && stream.may('calls:control')).length;
  }

  /** @throws Problem `too_many_requests` when the caller, or everybody together, has too many streams open */
  admit(caller: Principal): void {
    const own = [...this.#open.values()].filter((keyId) => keyId === caller.keyId).length;
    if (own >= MAX_PER_KEY || this.#open.size >= MAX_STREAMS)
      throw new Problem('too_many_requests', { retryAt: this.clock.now() + MINUTE });
  }

  /** After `lastEventId`; without one, now. One that is malformed or no longer kept begins now, with a reset. */
  async placeOf(lastEventId: string | null): Promise<Place> {
    const asked = lastEventId === null ? undefined : readCursor(lastEventId);
    if (asked && (await this.outbox.canResume(asked))) return { position: asked, reset: false };
    return { position: await this.outbox.latestCursor(), reset: lastEventId !== null };
  }

  /** Tells events on a response whose head was written, until either side ends it. */
  open(raw: Writable, caller: Principal, filter: Omit<StreamWish, 'scopes'>, place: Place): void {
    const failed = (error: unknown) => this.log.pino.warn({ event: 'events.stream_failed', error }, 'An event stream failed');
    const { feed, outbox, presenter } = this;
    const stream = new StreamWorker(raw, { ...filter, scopes: caller.scopes }, { feed, outbox, presenter }, place.position, failed);
    this.#open.set(stream, caller.keyId);
    this.metrics.streams.set(this.#open.size);
    const heart = setInterval(() => void this.#beat(stream, caller), HEARTBEAT_MS);
    stream.onClose(() => {
      clearInterval(heart);
      this.#open.delete(stream);
      this.metrics.streams.set(this.#open.size);
    });
    stream.start(place.reset);
    if (this.#draining) stream.drain();
  }

  beforeApplicationShutdown(): void {
    this.#draining = true;
    for (const stream of this.#open.keys()) stream.drain();
  }

  /** A key that another process deleted, or a session that is over, hears no more. */
  async #beat(stream: StreamWorker, caller: Principal): Promise<void> {
    try {
      if (await this.principals.isInForce(caller)) stream.beat();
      else stream.drop();
    } catch {
      stream.beat();
    }
  }
}
