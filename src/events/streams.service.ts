import type { Writable } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { EVERY_NUMBER, type NumberReach } from '#identity/numbers/number-reach.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';
import { type Cursor, readCursor, readPlace } from './cursor.js';
import { FeedService } from './feed.service.js';
import { KeyReachesService } from './key-reaches.service.js';
import { OutboxService } from './outbox.service.js';
import { PresenterService } from './presenter.service.js';
import { type StreamFilter, StreamWorker } from './stream.worker.js';

const HEARTBEAT_MS = 15 * SECOND;

/** A client with more streams per key does not close them; one process cannot serve more streams in all. */
const MAX_PER_KEY = 100;
const MAX_STREAMS = 5_000;

/** Where a stream begins. */
export interface StreamStart {
  cursor: Cursor;
  /** The reader must read the state again, since it missed events. */
  reset: boolean;
}

/** All connected readers: opens their streams, keeps them alive, and ends them when the process stops. */
@Injectable()
export class StreamsService implements BeforeApplicationShutdown {
  readonly #open = new Map<StreamWorker, string>();
  #draining = false;

  constructor(
    private readonly feed: FeedService,
    private readonly outbox: OutboxService,
    private readonly presenter: PresenterService,
    private readonly reaches: KeyReachesService,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** Ends the streams of a key. */
  dropKey(deleted: string): void {
    for (const [stream, keyId] of this.#open) if (keyId === deleted) stream.drop();
  }

  /** How many readers are connected. */
  get count(): number {
    return this.#open.size;
  }

  /** Readers that would get the event of an inbound call of this number and may answer it. */
  countTakers(phoneNumberId: string): number {
    const incoming = { type: 'call.incoming', phoneNumberId } as const;
    return [...this.#open.keys()].filter((stream) => stream.wants(incoming) && stream.may('calls:control')).length;
  }

  /** Checks the limits of open streams, per key and in all. @throws Problem `too_many_requests` */
  admit(caller: Principal): void {
    const own = [...this.#open.values()].filter((keyId) => keyId === caller.keyId).length;
    if (own >= MAX_PER_KEY || this.#open.size >= MAX_STREAMS)
      throw new Problem('too_many_requests', { retryAt: this.clock.now() + MINUTE });
  }

  /** The start after `lastEventId`; without one, now. A malformed or purged id starts now with a reset, as does that of a number out of reach. */
  async startAfter(by: NumberReach, lastEventId: string | null): Promise<StreamStart> {
    const place = readPlace(lastEventId ?? '');
    const asked = place ?? readCursor(lastEventId ?? '');
    if (asked && (await this.outbox.canResume(place ? EVERY_NUMBER : by, asked))) return { cursor: asked, reset: false };
    return { cursor: await this.outbox.latestCursor(), reset: lastEventId !== null };
  }

  /** Streams events on a response after its head was written, until either side ends it. */
  open(raw: Writable, caller: Principal, filter: Omit<StreamFilter, 'scopes'>, start: StreamStart): void {
    const failed = (error: unknown) => this.log.pino.warn({ event: 'events.stream_failed', error }, 'An event stream failed');
    const { feed, outbox, presenter } = this;
    const { reach, release } = this.reaches.hold(caller, () => stream.drop());
    const sources = { feed, outbox, presenter, reach };
    const stream: StreamWorker = new StreamWorker(raw, { ...filter, scopes: caller.scopes }, sources, start.cursor, failed);
    this.#open.set(stream, caller.keyId);
    this.metrics.streams.set(this.#open.size);
    const heart = setInterval(() => void this.#beat(stream, caller), HEARTBEAT_MS);
    stream.onClose(() => {
      clearInterval(heart);
      release();
      this.#open.delete(stream);
      this.metrics.streams.set(this.#open.size);
    });
    stream.start(start.reset);
    if (this.#draining) stream.drain();
  }

  /** Ends every stream with the frame `draining`. */
  beforeApplicationShutdown(): void {
    this.#draining = true;
    for (const stream of this.#open.keys()) stream.drain();
  }

  /** Ends the stream of a key that another process deleted, or of a session that is over. */
  async #beat(stream: StreamWorker, caller: Principal): Promise<void> {
    try {
      if (await this.reaches.isInForce(caller)) stream.beat();
      else stream.drop();
    } catch {
      stream.beat();
    }
  }
}
