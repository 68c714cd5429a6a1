import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Cursor } from '#events/cursor.js';
import type { StoredEvent } from '#events/event.js';
import { FeedService } from '#events/feed.service.js';
import { OutboxService } from '#events/outbox.service.js';
import { Clock, DAY, HOUR, SECOND } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { EndpointClient } from './endpoint.client.js';
import { EventDeliveriesStore } from './event-deliveries.store.js';
import type { SecretFault, Subscription } from './subscription.js';
import { AttemptResultsService } from './worker/attempt-results.service.js';
import { DeliveryWorker, type WorkerSources } from './worker/delivery.worker.js';
import { LeasesStore } from './worker/leases.store.js';
import { LiveFeed } from './worker/live-feed.js';
import { OutboxReads } from './worker/outbox-reads.js';

const TICK_MS = SECOND / 2;
/** How often this replica reads the changes of others. */
const REFRESH_EVERY_MS = 2 * SECOND;
/** Outlasts an attempt, so that no two replicas deliver the same event; a lost replica is replaced after it. */
const LEASE_MS = 30 * SECOND;
/** After the renewal of the leases: an attempt that begins by then ends before they do. */
const BEGIN_WITHIN_MS = LEASE_MS / 2;
const RENEW_AFTER_MS = 5 * SECOND;
/** How late cursors are written that only unwanted events have moved. Whoever goes on from an older one reads some of these again. */
const SAVE_CURSORS_EVERY_MS = 30 * SECOND;
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
  readonly #live: LiveFeed;
  readonly #reads: OutboxReads;
  /** Subscriptions that an event has stopped since the last reading of the active ones. */
  readonly #halted = new Set<string>();
  /** Numbers of which an event was there before the last reading of the active subscriptions began. */
  readonly #heard = new Set<string>();
  readonly #asked = new Set<string>();
  #started = false;
  #stopped = false;
  #refreshedAt = 0;
  #savedAt = 0;

  constructor(
    private readonly leases: LeasesStore,
    private readonly deliveries: EventDeliveriesStore,
    outbox: OutboxService,
    private readonly endpoint: EndpointClient,
    private readonly results: AttemptResultsService,
    private readonly feed: FeedService,
    private readonly clock: Clock,
  ) {
    this.#live = new LiveFeed(clock);
    this.#reads = new OutboxReads(outbox);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#live.begin(this.feed.position);
    this.feed.listen((event, previous) => this.#receive(event, previous));
    this.#started = true;
    await this.refresh();
  }

  /** Reads the active subscriptions; resolves once every change committed before the call is in effect. */
  refresh(): Promise<void> {
    return this.#refreshing.wake();
  }

  /**
   * Without a number of its own, a subscription may be limited to one in the transaction that adds a second number. So the first event of
   * each number waits until the subscriptions were read after it; a worker of an older reading is stopped then.
   */
  #confirm({ phoneNumberId, numbers }: Subscription, event: StoredEvent): Promise<void> | undefined {
    const about = event.phoneNumberId;
    if (phoneNumberId !== null || numbers !== null || (about !== null && this.#heard.has(about))) return undefined;
    if (about !== null) this.#asked.add(about);
    return this.#refreshing.wake().then(() => {
      if (!this.#stopped && about !== null && !this.#heard.has(about)) throw new Error('the subscriptions could not be read');
    });
  }

  /** Makes retries that are due, and reads the changes of other replicas. */
  @Interval(TICK_MS)
  tick(): void {
    if (!this.#started || this.#stopped) return;
    const now = this.clock.now();
    const workers = [...this.#workers.values()];
    if (now - this.#refreshedAt >= REFRESH_EVERY_MS || workers.some(({ stopped }) => stopped)) void this.refresh();
    for (const worker of workers) worker.notice();
    if (now - this.#savedAt < SAVE_CURSORS_EVERY_MS) return;
    this.#savedAt = now;
    void this.#saveCursors();
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
    const cursors = this.#unsavedCursors();
    const idle = Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
    const late = setTimeout(() => this.endpoint.close(), GRACE_MS);
    await idle;
    clearTimeout(late);
    this.endpoint.close();
    await this.results.stop();
    await this.#save(cursors);
    await this.leases.release(this.results.holder).catch((error: unknown) => this.results.unexpected(error));
  }

  /** An event that stops a subscription stops its worker here too, wherever it was written, before any event after it. */
  #receive(event: StoredEvent, previous: Cursor): void {
    const { type, subject } = event;
    if (type === 'subscription.disabled') {
      this.#halted.add(subject);
      this.#remove(subject);
    }
    this.#live.receive(event, previous);
  }

  async #refresh(): Promise<boolean> {
    if (this.#stopped) return false;
    const now = this.clock.now();
    this.#refreshedAt = now;
    this.#halted.clear();
    const asked = [...this.#asked];
    const { revisions, until } = await this.leases.hold(this.results.holder, now, { lastsMs: LEASE_MS, renewAfterMs: RENEW_AFTER_MS });
    this.results.extend(until - LEASE_MS + BEGIN_WITHIN_MS);
    for (const id of [...this.#workers.keys()]) if (!revisions.has(id)) this.#remove(id);
    await this.#begin([...revisions].filter(([id, revision]) => this.#isToBegin(id, revision)).map(([id]) => id));
    for (const number of asked) {
      this.#heard.add(number);
      this.#asked.delete(number);
    }
    for (const worker of this.#workers.values()) worker.pump();
    return false;
  }

  #remove(id: string): void {
    const worker = this.#workers.get(id);
    this.#workers.delete(id);
    void worker?.stop();
  }

  /** Whether a subscription lacks a worker of its present revision. A successor begins only after its predecessor has ended. */
  #isToBegin(id: string, revision: number): boolean {
    const present = this.#workers.get(id);
    if (!present) return true;
    if (!present.stopped && present.subscription.revision === revision) return false;
    if (!present.stopped) void present.stop().then(() => this.refresh());
    return present.isIdle;
  }

  /** Gives each of these subscriptions a worker, with the same few statements for one and for a thousand. */
  async #begin(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const fresh = await this.#readable(await this.leases.findActive(ids));
    const earlier = await this.deliveries.earlier(fresh);
    if (this.#stopped) return;
    const { endpoint, results, clock, deliveries } = this;
    const confirm: WorkerSources['confirm'] = (subscription, event) => this.#confirm(subscription, event);
    const sources = { confirm, live: this.#live, outbox: this.#reads, deliveries, endpoint, results, clock, random: () => this.random() };
    for (const one of fresh) {
      const before = earlier.get(one.id);
      if (before && !this.#halted.has(one.id)) this.#workers.set(one.id, new DeliveryWorker(one, before, sources));
    }
  }

  /** Those whose secret can be read. A secret that is not that of its row disables it; one of another key is left to other replicas. */
  async #readable(found: readonly Subscription[]): Promise<Subscription[]> {
    const faulty = (fault: SecretFault) => found.filter(({ secretFault }) => secretFault === fault).map(({ id }) => id);
    await this.results.disableUnreadable(faulty('seal_broken'));
    const ofOtherKeys = faulty('key_missing');
    if (ofOtherKeys.length > 0) this.results.unexpected(new Error(`SECRETS_KEY does not open the secrets of ${ofOtherKeys.join(', ')}`));
    await this.leases.giveUp(this.results.holder, ofOtherKeys);
    return found.filter(({ secretFault }) => secretFault === null);
  }

  #unsavedCursors(): Map<string, Cursor> {
    return new Map([...this.#workers].flatMap(([id, { unsavedCursor }]) => (unsavedCursor ? [[id, unsavedCursor] as const] : [])));
  }

  async #saveCursors(): Promise<void> {
    const cursors = this.#unsavedCursors();
    if (await this.#save(cursors)) for (const [id, cursor] of cursors) this.#workers.get(id)?.saved(cursor);
  }

  /** One statement for all of them. @returns whether they are written */
  async #save(cursors: ReadonlyMap<string, Cursor>): Promise<boolean> {
    if (cursors.size === 0) return false;
    try {
      await this.leases.saveCursors(this.results.holder, cursors);
      return true;
    } catch (error) {
      this.results.unexpected(error);
      return false;
    }
  }

  /** 0 to 1, for the jitter of retries. */
  protected random(): number {
    return Math.random();
  }
}
