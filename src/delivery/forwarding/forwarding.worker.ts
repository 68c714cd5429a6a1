import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Settings } from '#config/settings.js';
import { InboxService } from '#inbox/inbox.service.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { PostClient } from '#outbound-http/post.client.js';
import { type Attempt, jittered, succeeded } from '#outbound-http/retry.js';
import { Metrics } from '#telemetry/metrics.js';
import { Log } from '#telemetry/telemetry.module.js';
import { type Forward, ForwardsStore, type Place } from './forwards.store.js';

const PAGE = 20;
const TIMEOUT_MS = 15 * SECOND;
const FIRST_PAUSE_MS = SECOND;
const LONGEST_PAUSE_MS = 30 * SECOND;
/** Outlasts an attempt and its commit, so that two replicas never forward at once. */
const LEASE_MS = 30 * SECOND;
/** How often a replica that may not forward looks whether it may now. */
const LOOK_EVERY_MS = 5 * SECOND;
const MEASURE_EVERY_MS = 10 * SECOND;
const GRACE_MS = 3 * SECOND;

/**
 * Passes every kept delivery on to whoever held the number's only webhook before: byte for byte, one after the other in
 * the order in which they were kept, again and again until it is taken. The inbox never waits for it.
 */
@Injectable()
export class ForwardingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #holder = randomUUID();
  readonly #post = new PostClient({ reach: 'any', timeoutMs: TIMEOUT_MS });
  #started = false;
  #stopped = false;
  #running: Promise<void> | null = null;
  #again = false;
  #failures = 0;
  #pauseUntil = 0;

  constructor(
    private readonly forwards: ForwardsStore,
    private readonly inbox: InboxService,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.forward) return this.forwards.end();
    await this.forwards.begin();
    this.#started = true;
    this.inbox.onKept(() => void this.drain());
    void this.drain();
  }

  /** The end of a pause, and what another replica kept or left. */
  @Interval(SECOND / 2)
  tick(): void {
    void this.drain();
  }

  @Interval(MEASURE_EVERY_MS)
  async measure(): Promise<void> {
    if (!this.#started || this.#stopped) return;
    const pending = await this.forwards.countPending().catch(() => null);
    if (pending !== null) this.metrics.forwardPending.set(pending);
  }

  /** Passes on whatever can be passed on now. */
  drain(): Promise<void> {
    this.#again = true;
    if (!this.#started || this.#stopped || this.clock.now() < this.#pauseUntil) return this.#running ?? Promise.resolve();
    this.#running ??= this.#work();
    return this.#running;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    const late = setTimeout(() => this.#post.close(), GRACE_MS);
    await this.#running;
    clearTimeout(late);
    this.#post.close();
    if (this.#started) await this.forwards.release(this.#holder).catch(() => undefined);
  }

  async #work(): Promise<void> {
    try {
      while (this.#again && !this.#stopped && this.clock.now() >= this.#pauseUntil) {
        this.#again = false;
        const now = this.clock.now();
        const place = await this.forwards.claim(this.#holder, now, now + LEASE_MS);
        if (!place) this.#pauseUntil = now + LOOK_EVERY_MS;
        else if (await this.#page(place)) this.#again = true;
      }
    } catch (error) {
      this.#rest();
      this.log.pino.error({ error }, 'deliveries could not be forwarded; it is tried again');
    }
    this.#running = null;
  }

  /** One page; true when there may be more to do at once. What was taken is noted together, so a crash repeats a few. */
  async #page(place: Place): Promise<boolean> {
    const page = await this.forwards.after(place, PAGE);
    const end = this.clock.now() + LEASE_MS / 2;
    let reached: Place | null = null;
    let taken = true;
    for (const delivery of page) {
      if (this.#stopped || this.clock.now() > end) break;
      taken = await this.#forward(delivery);
      if (!taken) break;
      reached = { xid: delivery.xid, id: delivery.id };
    }
    if (reached && !(await this.forwards.advance(this.#holder, reached))) return false;
    return taken && page.length > 0;
  }

  async #forward({ body, id }: Forward): Promise<boolean> {
    const { url, headers } = this.settings.forward as NonNullable<Settings['forward']>;
    const attempt = await this.#post.post(url, headers, body);
    if (succeeded(attempt)) {
      if (this.#failures > 0) this.log.pino.info({ delivery: id }, 'deliveries are forwarded again');
      this.#failures = 0;
      return true;
    }
    if (!this.#post.closed) this.#failed(id, attempt);
    return false;
  }

  #failed(delivery: number, { status, error }: Attempt): void {
    this.#rest();
    if (this.#failures > 1) return;
    this.log.pino.warn({ delivery, status, reason: error }, 'a delivery could not be forwarded; it and all after it wait');
  }

  #rest(): void {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#pauseUntil = this.clock.now() + Math.min(LONGEST_PAUSE_MS, jittered(pause, Math.random()));
  }
}
