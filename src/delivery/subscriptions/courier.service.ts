import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { FeedService } from '#events/feed.service.js';
import { DAY, HOUR, SECOND } from '#kernel/clock.js';
import { CourierWorker } from './courier.worker.js';
import { CourierTools } from './outcomes.service.js';
import type { Subscription } from './subscription.js';
import { SubscriptionsStore } from './subscriptions.store.js';

const TICK_MS = SECOND / 2;
/** How often changes that other replicas made are looked for. */
const LOOK_EVERY_MS = 2 * SECOND;
/** A replica that is gone is replaced after this; it outlasts an attempt, so that two never deliver the same. */
const LEASE_MS = 30 * SECOND;
const NOTE_PLACE_EVERY_MS = 10 * SECOND;
/** What is under way when the process has to end may end before it. */
const GRACE_MS = 5 * SECOND;
const KEEP_DISPATCHES_MS = 7 * DAY;

/** One courier per active subscription: starts them, wakes them, and replaces those whose subscription has changed. */
@Injectable()
export class CourierService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #couriers = new Map<string, CourierWorker>();
  #started = false;
  #stopped = false;
  #refreshing: Promise<void> = Promise.resolve();
  #lookedAt = 0;
  #notedAt = 0;

  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly tools: CourierTools,
    private readonly feed: FeedService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.feed.listen(() => this.#hint());
    this.#started = true;
    await this.refresh();
  }

  /** Looks at what is subscribed now; what was committed before the call is seen. */
  refresh(): Promise<void> {
    const done = this.#refreshing.then(() => this.#refresh()).catch((error: unknown) => this.tools.failed(error));
    this.#refreshing = done;
    return done;
  }

  /** Retries that have become due, holds that have passed, changes of other replicas. */
  @Interval(TICK_MS)
  tick(): void {
    if (!this.#started || this.#stopped) return;
    const now = this.tools.clock.now();
    const couriers = [...this.#couriers.values()];
    if (now - this.#lookedAt >= LOOK_EVERY_MS || couriers.some(({ stopped }) => stopped)) void this.refresh();
    for (const courier of couriers) courier.pump();
    if (now - this.#notedAt < NOTE_PLACE_EVERY_MS) return;
    this.#notedAt = now;
    for (const courier of couriers) {
      courier.hint();
      void courier.notePlace();
    }
  }

  @Interval(HOUR)
  async purge(): Promise<void> {
    const before = this.tools.clock.now() - KEEP_DISPATCHES_MS;
    await this.tools.dispatches.purge(before).catch((error: unknown) => this.tools.failed(error));
  }

  /** Sends everything that may be sent at this time, and waits for what becomes of it. */
  async settle(): Promise<void> {
    await this.feed.settle();
    await this.refresh();
    do {
      for (const courier of this.#couriers.values()) courier.pump();
      await Promise.all([...this.#couriers.values()].map((courier) => courier.rest()));
    } while ([...this.#couriers.values()].some(({ idle }) => !idle));
    await this.refresh();
  }

  /** Streams of events may end late; deliveries may not begin any more. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    const resting = Promise.all([...this.#couriers.values()].map((courier) => courier.stop()));
    const late = setTimeout(() => this.tools.post.close(), GRACE_MS);
    await resting;
    clearTimeout(late);
    this.tools.post.close();
    await this.tools.outcomes.stop();
    await this.subscriptions.release(this.tools.outcomes.holder).catch((error: unknown) => this.tools.failed(error));
  }

  #hint(): void {
    for (const courier of this.#couriers.values()) courier.hint();
  }

  async #refresh(): Promise<void> {
    if (this.#stopped) return;
    const now = this.tools.clock.now();
    this.#lookedAt = now;
    const active = await this.subscriptions.hold(this.tools.outcomes.holder, now, now + LEASE_MS);
    const byId = new Map(active.map((subscription) => [subscription.id, subscription]));
    for (const [id, courier] of this.#couriers) if (!byId.has(id)) this.#retire(id, courier);
    for (const subscription of active) await this.#employ(subscription);
  }

  #retire(id: string, courier: CourierWorker): void {
    this.#couriers.delete(id);
    void courier.stop();
  }

  /** A successor begins where its predecessor ends, and not before. */
  async #employ(subscription: Subscription): Promise<void> {
    const present = this.#couriers.get(subscription.id);
    if (present && !present.stopped && present.subscription.revision === subscription.revision) return;
    if (present) {
      if (!present.stopped) void present.stop().then(() => this.refresh());
      if (!present.idle) return;
    }
    const fresh = present ? await this.subscriptions.find(subscription.id) : subscription;
    if (fresh?.state !== 'active' || this.#stopped) return;
    const courier = new CourierWorker(fresh, this.tools);
    await courier.start();
    this.#couriers.set(fresh.id, courier);
    // For what happened while nobody could tell it.
    courier.hint();
  }
}
