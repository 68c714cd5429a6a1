import type { EndpointClient } from '#delivery/subscriptions/endpoint.client.js';
import type { EventDeliveriesStore } from '#delivery/subscriptions/event-deliveries.store.js';
import { afterAttempt, type EarlierDeliveries, type EventDelivery, ended, newDelivery } from '#delivery/subscriptions/event-delivery.js';
import type { Subscription } from '#delivery/subscriptions/subscription.js';
import { type Cursor, isAfter, writeCursor } from '#events/cursor.js';
import { type StoredEvent, wants } from '#events/event.js';
import { type Clock, HOUR } from '#kernel/clock.js';
import { SingleFlight } from '#kernel/wake-up-loop.js';
import { type EndpointChange, EndpointMonitor, isDown } from '#outbound-http/endpoint-health.js';
import { type AttemptResult, succeeded } from '#outbound-http/retry.js';
import { isStoreFault } from '#store/store-fault.js';
import type { AttemptResultsService } from './attempt-results.service.js';
import { DueQueue } from './due-queue.js';
import { AS_READ_FOR_MS, type LiveFeed } from './live-feed.js';
import { OrderedQueue } from './ordered-queue.js';
import type { OutboxReads } from './outbox-reads.js';
import type { QueuedEvent } from './waiting-events.js';

/** An event that waited for this long may be purged and reported as lost; the worker does not send it then. */
const CHECK_AGAIN_AFTER_MS = HOUR;
/** How many first attempts wait in memory for an endpoint that is down. */
const MOST_WHILE_DOWN = 10;
const UNWRITABLE = 'the gateway cannot write this event';
const OUT_OF_REACH = 'the event is out of reach of the subscription';
const UNCHANGED: EndpointChange = { recovered: false, disable: null };

/** What the delivery workers of this process share. */
export interface WorkerSources {
  live: LiveFeed;
  outbox: Pick<OutboxReads, 'after' | 'at'>;
  deliveries: Pick<EventDeliveriesStore, 'retries'>;
  endpoint: Pick<EndpointClient, 'send' | 'closed'>;
  /** Resolves when it is sure that the subscription is limited to no other number; undefined when it is. */
  confirm: (subscription: Subscription, event: StoredEvent) => Promise<void> | undefined;
  results: Pick<AttemptResultsService, 'mayBegin' | 'measure' | 'record' | 'unexpected'>;
  clock: Clock;
  random: () => number;
}

/** One attempt to be made; `undo` runs when it could not be made. */
interface Job {
  subject: string;
  work: () => Promise<void>;
  undo: () => void;
}

/**
 * Delivers the events of one subscription. First attempts come from the ordered queue; failed ones come back through the due
 * queue and hold up nothing. The pump starts as many attempts as the endpoint bears. Other subscriptions are not affected.
 */
export class DeliveryWorker {
  readonly #first: OrderedQueue;
  readonly #due: DueQueue;
  readonly #monitor: EndpointMonitor;
  readonly #reading = new SingleFlight<void>();
  /** Subjects with an attempt under way. */
  readonly #busy = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #writtenCursor: Cursor;
  #isRetryNext = false;
  #stopped = false;

  constructor(
    readonly subscription: Subscription,
    earlier: EarlierDeliveries,
    private readonly sources: WorkerSources,
  ) {
    this.#first = new OrderedQueue(subscription, sources, () => this.pump());
    this.#first.leaveOut(earlier.tried);
    this.#due = new DueQueue(subscription.id, sources.deliveries, earlier.nextDueAt);
    this.#monitor = new EndpointMonitor(subscription, sources.random);
    this.#writtenCursor = subscription.cursor;
    this.#limitMemory();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#running.size === 0 && !this.#reading.isRunning;
  }

  /** How far unwanted events alone have moved the cursor since it was written; null when they have not. */
  get unsavedCursor(): Cursor | null {
    const { cursor } = this.#first;
    return !this.#stopped && this.#running.size === 0 && isAfter(cursor, this.#writtenCursor) ? cursor : null;
  }

  /** The cursor is written up to here. */
  saved(cursor: Cursor): void {
    if (isAfter(cursor, this.#writtenCursor)) this.#writtenCursor = cursor;
  }

  /** There may be events that the feed does not bring. */
  notice(): void {
    this.#first.notice();
    this.pump();
  }

  /** Starts every attempt that may start now, and reads more when there may be more. */
  pump(): void {
    if (this.#stopped || !this.sources.results.mayBegin()) return;
    while (this.#busy.size < this.#monitor.capacity(this.sources.clock.now())) {
      const job = this.#nextJob();
      if (!job) break;
      this.#run(job);
    }
    if (this.#reading.isRunning || !(this.#first.canRead || this.#canLoadDue())) return;
    void this.#reading
      .run(() => this.#read())
      .then(
        () => this.pump(),
        (error: unknown) => this.sources.results.unexpected(error),
      );
  }

  /** Starts nothing more; resolves once the results of what is under way are written. */
  async stop(): Promise<void> {
    this.#end();
    await this.idle();
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (!this.isIdle) await Promise.all([this.#reading.idle(), ...this.#running]);
  }

  #end(): void {
    this.#stopped = true;
    this.#first.close();
  }

  #limitMemory(): void {
    this.#first.limit(isDown(this.#monitor.health) ? MOST_WHILE_DOWN : undefined);
  }

  #canLoadDue(): boolean {
    const now = this.sources.clock.now();
    return this.#due.isDue(now) && this.#monitor.capacity(now) > 0;
  }

  async #read(): Promise<void> {
    if (this.#canLoadDue()) await this.#due.load(this.sources.clock.now());
    if (this.#first.canRead) await this.#first.read();
  }

  /** First attempts and retries take turns, so that neither starves the other. */
  #nextJob(): Job | null {
    this.#isRetryNext = !this.#isRetryNext;
    return this.#isRetryNext ? (this.#nextRetry() ?? this.#nextFirst()) : (this.#nextFirst() ?? this.#nextRetry());
  }

  #nextFirst(): Job | null {
    const entry = this.#first.next(this.#busy);
    return entry && { subject: entry.event.subject, work: () => this.#attempt(entry), undo: () => this.#first.putBack(entry) };
  }

  #nextRetry(): Job | null {
    const delivery = this.#due.next(this.#busy);
    return (
      delivery && { subject: delivery.subject, work: () => this.#retry(delivery), undo: () => this.#due.schedule(this.sources.clock.now()) }
    );
  }

  /** After an unexpected error the next tick tries again: at once would not help, since it may be the database. */
  #run({ subject, work, undo }: Job): void {
    this.#busy.add(subject);
    const run = work().then(
      () => {
        this.#busy.delete(subject);
        this.pump();
      },
      (error: unknown) => {
        this.#busy.delete(subject);
        undo();
        this.sources.results.unexpected(error);
      },
    );
    const done = run.finally(() => this.#running.delete(done));
    this.#running.add(done);
  }

  async #attempt(entry: QueuedEvent): Promise<void> {
    await this.sources.confirm(this.subscription, entry.event);
    // The successor of this worker delivers it, if it may.
    if (this.#stopped) return this.#first.putBack(entry);
    const event = await this.#asKept(entry);
    if (!event) {
      this.#first.done(entry);
      return this.#record(null);
    }
    const delivery = newDelivery(this.subscription.id, event);
    const result = await this.#send(delivery, event);
    if (typeof result !== 'string') return this.#finish(delivery, result, entry);
    this.#first.done(entry);
    await this.#record(ended(delivery, result));
  }

  /** What is sent of an event that waited; undefined when it is purged. One of the last moment is as it was read. */
  async #asKept({ event, queuedAt }: QueuedEvent): Promise<StoredEvent | undefined> {
    const now = this.sources.clock.now();
    const isOfNow = now - queuedAt < AS_READ_FOR_MS && now - event.occurredAt < CHECK_AGAIN_AFTER_MS;
    return isOfNow ? event : this.sources.outbox.at(event.cursor);
  }

  async #retry(delivery: EventDelivery): Promise<void> {
    try {
      const event = await this.sources.outbox.at(delivery.cursor);
      if (!event) return await this.#record(ended(delivery, 'the event is no longer kept'));
      if (!wants(this.subscription, event)) return await this.#record(ended(delivery, OUT_OF_REACH));
      const result = await this.#send(delivery, event);
      if (typeof result === 'string') await this.#record(ended(delivery, result));
      else await this.#finish(delivery, result);
    } finally {
      this.#due.release(delivery);
    }
  }

  /** @returns why nothing was sent: the event is of no more use, or this program cannot write it; those after it are delivered */
  async #send({ cursor }: EventDelivery, event: StoredEvent): Promise<AttemptResult | string> {
    try {
      return await this.sources.endpoint.send(this.subscription, event);
    } catch (error) {
      if (isStoreFault(error)) throw error;
      this.sources.results.unexpected(new Error(`event ${writeCursor(cursor)} cannot be delivered`, { cause: error }));
      return UNWRITABLE;
    }
  }

  /** An attempt that the gateway itself has cut counts as never made. */
  async #finish(before: EventDelivery, result: AttemptResult, entry?: QueuedEvent): Promise<void> {
    if (this.sources.endpoint.closed) return;
    this.sources.results.measure(result);
    const now = this.sources.clock.now();
    const isFinal = isFinalFor(this.subscription, result);
    const change = this.#monitor.apply(result, now, isFinal || succeeded(result));
    if (change.disable) this.#end();
    else this.#limitMemory();
    const delivery = afterAttempt(before, result, now, this.sources.random(), isFinal);
    if (entry) this.#first.done(entry);
    await this.#record(delivery, change);
    if (change.recovered) this.#due.schedule(now);
    else if (delivery.nextAttemptAt !== null) this.#due.schedule(delivery.nextAttemptAt);
  }

  /** The cursor moves past an event only in the transaction that writes the result of its first attempt. */
  async #record(delivery: EventDelivery | null, change = UNCHANGED): Promise<void> {
    const cursor = this.#first.cursor;
    this.#writtenCursor = cursor;
    await this.sources.results.record({ subscriptionId: this.subscription.id, cursor, health: this.#monitor.health, delivery, ...change });
  }
}

/** In Meta's format the endpoint has decided with any 4xx, and is up: nothing waits for it and nothing follows. */
const isFinalFor = ({ format }: Subscription, { status }: AttemptResult): boolean =>
  format === 'meta' && status !== null && status >= 400 && status < 500;
