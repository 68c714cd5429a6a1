import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Settings } from '#config/settings.js';
import { InboxService } from '#inbox/inbox.service.js';
import { Backoff } from '#kernel/backoff.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { PostClient } from '#outbound-http/post.client.js';
import { type AttemptResult, succeeded } from '#outbound-http/retry.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';
import { type ForwardedDelivery, type ForwardOffset, ForwardsStore } from './forwards.store.js';

const PAGE = 20;
const TIMEOUT_MS = 15 * SECOND;
const BACKOFF = new Backoff({ firstMs: SECOND, longestMs: 30 * SECOND, spread: [0.8, 1] });
/** Outlasts an attempt and its commit, so that no two replicas forward at once. */
const LEASE_MS = 30 * SECOND;
/** How often a replica without the lease asks for it. */
const LEASE_RETRY_MS = 5 * SECOND;
const MEASURE_EVERY_MS = 10 * SECOND;
const GRACE_MS = 3 * SECOND;

/**
 * Forwards every kept delivery of 360dialog to the former webhook of the number: byte for byte, one after the other in the
 * order of the inbox, with retries until the target takes it. The inbox never waits for the target.
 */
@Injectable()
export class ForwardingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #holder = randomUUID();
  readonly #post = new PostClient({ reach: 'any', timeoutMs: TIMEOUT_MS });
  readonly #loop = new WakeUpLoop(
    () => this.#forwardNext(),
    (error) => {
      this.#backOff();
      this.log.pino.error({ event: 'forwarding.unexpected_error', error }, 'Deliveries could not be forwarded; they are retried');
    },
  );
  #started = false;
  #failures = 0;
  #backoffUntil = 0;

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

  @Interval(MEASURE_EVERY_MS)
  async measure(): Promise<void> {
    if (!this.#started) return;
    const pending = await this.forwards.countPending().catch(() => null);
    if (pending !== null) this.metrics.forwardPending.set(pending);
  }

  /** Forwards every delivery that can be forwarded now: goes on after a backoff, and with what other replicas have kept or left. */
  @Interval(SECOND / 2)
  drain(): Promise<void> {
    return this.#started && !this.#isBackingOff() ? this.#loop.wake() : this.#loop.idle();
  }

  /** Starts no further attempt, and cuts the one under way when it takes longer than the grace period. */
  async beforeApplicationShutdown(): Promise<void> {
    const late = setTimeout(() => this.#post.close(), GRACE_MS);
    await this.#loop.stop();
    clearTimeout(late);
    this.#post.close();
    if (this.#started) await this.forwards.release(this.#holder).catch(() => undefined);
    this.#started = false;
  }

  #isBackingOff(): boolean {
    return this.clock.now() < this.#backoffUntil;
  }

  /** @returns whether there may be more to forward at once */
  async #forwardNext(): Promise<boolean> {
    if (this.#isBackingOff()) return false;
    const now = this.clock.now();
    const offset = await this.forwards.claim(this.#holder, now, now + LEASE_MS);
    if (offset) return this.#forwardPage(offset);
    this.#backoffUntil = now + LEASE_RETRY_MS;
    return false;
  }

  /** Forwards one page and writes the new offset once, so that a crash repeats a few deliveries. */
  async #forwardPage(offset: ForwardOffset): Promise<boolean> {
    const page = await this.forwards.after(offset, PAGE);
    const end = this.clock.now() + LEASE_MS / 2;
    let reached: ForwardOffset | null = null;
    let taken = true;
    for (const delivery of page) {
      if (this.#loop.isStopped || this.clock.now() > end) break;
      taken = await this.#forward(delivery);
      if (!taken) break;
      reached = { xid: delivery.xid, id: delivery.id };
    }
    if (reached && !(await this.forwards.advance(this.#holder, reached))) return false;
    return taken && page.length > 0;
  }

  async #forward({ body, id }: ForwardedDelivery): Promise<boolean> {
    const { url, headers } = this.settings.forward as NonNullable<Settings['forward']>;
    const result = await this.#post.post(url, headers, body);
    if (succeeded(result)) {
      if (this.#failures > 0) this.log.pino.info({ event: 'forwarding.recovered', delivery: id }, 'The target takes deliveries again');
      this.#failures = 0;
      return true;
    }
    if (!this.#post.closed) this.#reject(id, result);
    return false;
  }

  /** Logs the first failure of a row only. */
  #reject(delivery: number, { status, error }: AttemptResult): void {
    this.#backOff();
    if (this.#failures > 1) return;
    this.log.pino.warn(
      { event: 'forwarding.delivery_rejected', delivery, status, reason: error },
      'The target did not take a delivery; it and all after it wait for the retry',
    );
  }

  #backOff(): void {
    this.#failures += 1;
    this.#backoffUntil = this.clock.now() + BACKOFF.delayMs(this.#failures, Math.random());
  }
}
