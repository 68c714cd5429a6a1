import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { StoredEvent } from '#events/event.js';
import { FeedService } from '#events/feed.service.js';
import { OutboxService } from '#events/outbox.service.js';
import { Clock, DAY, HOUR, SECOND } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { EndpointClient } from './endpoint.client.js';
import { EventDeliveriesStore } from './event-deliveries.store.js';
import type { Subscription } from './subscription.js';
import { SubscriptionsStore } from './subscriptions.store.js';
import { AttemptResultsService } from './worker/attempt-results.service.js';
import { DeliveryWorker } from './worker/delivery.worker.js';

const TICK_MS = SECOND / 2;
/** How often this replica reads the changes of others. */
const REFRESH_EVERY_MS = 2 * SECOND;
/** Outlasts an attempt, so that no two replicas deliver the same event; a lost replica is replaced after it. */
const LEASE_MS = 30 * SECOND;
/** After the renewal of the leases: an attempt that begins by then ends before they do. */
const BEGIN_WITHIN_MS = LEASE_MS / 2;
const SAVE_CURSORS_EVERY_MS = 10 * SECOND;
/** How long attempts may go on when the process stops. */
const GRACE_MS = 5 * SECOND;
const RETENTION_MS = 7 * DAY;

/** Keeps one delivery worker per active subscription: starts and wakes it, and replaces it when its subscription changes. */
@Injectable()
export class DeliveriesService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #workers = new Map<string, DeliveryWorker>();
  readonly #refreshing = new WakeUpLoop(
    () => this.#refresh(),
    (error) => this.results.unexpected(error),
  );
  #started = false;
  #stopped = false;
  #refreshedAt = 0;
  #savedAt = 0;

  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly deliveries: EventDeliveriesStore,
    private readonly outbox: OutboxService,
    private readonly endpoint: EndpointClient,
    private readonly results: AttemptResultsService,
    private readonly feed: FeedService,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.feed.listen((event) => this.#notice(event));
    this.#started = true;
    await this.refresh();
  }

  /** Reads the active subscriptions; resolves once every change committed before the call is in effect. */
  refresh(): Promise<void> {
    return this.#refreshing.wake();
  }

  /** Makes retries that are due, and reads the changes of other replicas. */
  @Interval(TICK_MS)
  tick(): void {
    if (!this.#started || this.#stopped) return;
    const now = this.clock.now();
    const workers = [...this.#workers.values()];
    if (now - this.#refreshedAt >= REFRESH_EVERY_MS || workers.some(({ stopped }) => stopped)) void this.refresh();
    for (const worker of workers) worker.pump();
    if (now - this.#savedAt < SAVE_CURSORS_EVERY_MS) return;
    this.#savedAt = now;
    for (const worker of workers) {
      worker.notice();
      void worker.saveCursor();
    }
  }

  /** Deletes deliveries that are finished and after their retention. */
  @Interval(HOUR)
  async purge(): Promise<void> {
    await this.deliveries.purge(this.clock.now() - RETENTION_MS).catch((error: unknown) => this.results.unexpected(error));
  }

  /** Delivers everything that can be delivered at this time; resolves once the results are written. */
  async flush(): Promise<void> {
    await this.feed.flush();
    await this.refresh();
    do {
      for (const worker of this.#workers.values()) worker.pump();
      await Promise.all([...this.#workers.values()].map((worker) => worker.idle()));
    } while ([...this.#workers.values()].some(({ isIdle }) => !isIdle));
    await this.refresh();
  }

  /** Starts no further attempt, and cuts those that take longer than the grace period. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    const idle = Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
    const late = setTimeout(() => this.endpoint.close(), GRACE_MS);
    await idle;
    clearTimeout(late);
    this.endpoint.close();
    await this.results.stop();
    await this.subscriptions.release(this.results.holder).catch((error: unknown) => this.results.unexpected(error));
  }

  /** An event that stops a subscription stops its worker here too, wherever it was written, before any event after it. */
  #notice({ type, subject }: Pick<StoredEvent, 'type' | 'subject'>): void {
    const stopped = type === 'subscription.disabled' ? this.#workers.get(subject) : undefined;
    if (stopped) this.#remove(subject, stopped);
    for (const worker of this.#workers.values()) worker.notice();
  }

  async #refresh(): Promise<boolean> {
    if (this.#stopped) return false;
    const now = this.clock.now();
    this.#refreshedAt = now;
    const active = await this.subscriptions.lease(this.results.holder, now, now + LEASE_MS);
    this.results.extend(now + BEGIN_WITHIN_MS);
    const byId = new Map(active.map((subscription) => [subscription.id, subscription]));
    for (const [id, worker] of this.#workers) if (!byId.has(id)) this.#remove(id, worker);
    for (const subscription of active) await this.#assign(subscription);
    for (const worker of this.#workers.values()) worker.pump();
    return false;
  }

  #remove(id: string, worker: DeliveryWorker): void {
    this.#workers.delete(id);
    void worker.stop();
  }

  /** Gives a subscription a worker of its present revision. A successor starts only after its predecessor has ended. */
  async #assign(subscription: Subscription): Promise<void> {
    const present = this.#workers.get(subscription.id);
    if (present && !present.stopped && present.subscription.revision === subscription.revision) return;
    if (present) {
      if (!present.stopped) void present.stop().then(() => this.refresh());
      if (!present.isIdle) return;
    }
    const fresh = present ? await this.subscriptions.find(subscription.id) : subscription;
    if (fresh?.state !== 'active' || this.#stopped) return;
    const { outbox, deliveries, endpoint, results, clock } = this;
    const worker = new DeliveryWorker(fresh, outbox, deliveries, endpoint, results, clock, () => this.random());
    await worker.start();
    this.#workers.set(fresh.id, worker);
    // Events may have come before it was in the list.
    worker.notice();
  }

  /** 0 to 1, for the jitter of retries. */
  protected random(): number {
    return Math.random();
  }
}
