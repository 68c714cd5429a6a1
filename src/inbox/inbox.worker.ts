import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Backoff, JITTER } from '#kernel/backoff.js';
import { Clock, DAY, SECOND } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { isLocked } from '#store/store.js';
import { isStoreFault } from '#store/store-fault.js';
import type { DeliveryProcessor } from './delivery-processor.js';
import { type Delivery, InboxStore, type NewDelivery } from './inbox.store.js';
import { Overload } from './overload.service.js';
import { FailedDeliveries } from './processing/failed-deliveries.service.js';
import { ProcessingService, SMALL_BYTES } from './processing/processing.service.js';
import { type QueueLease, QueueLeases, QueueLost } from './queue/queue-leases.service.js';

/** The queue of every delivery. */
const QUEUE = 'inbox';
/** Deliveries per transaction. Between two batches, other work of this process has its turn. */
const BATCH_SIZE = 50;
/** In an overload, the worker pauses this many times as long as a batch took, up to the longest pause, to leave time to persist. */
const PERSISTING_SHARE = 9;
const LONGEST_PAUSE_MS = 100;
/** How often a replica looks whether another has applied what it has kept. */
const LOOK_EVERY_MS = 20;
/** How often the holder of the queue looks when no notification of another replica can reach it. */
const UNNOTIFIED_MS = 100;
/** After a fault of the store. */
const BACKOFF = new Backoff({ firstMs: SECOND / 4, longestMs: 3 * SECOND, spread: JITTER });
/** 360dialog repeats a delivery for up to 7 days. Raw bodies are kept a day longer, digests much longer. */
const KEEP_DELIVERIES = 8 * DAY;
const KEEP_DIGESTS = 30 * DAY;

/**
 * Applies persisted deliveries in batches, and retries what fails. One replica at a time holds the queue. When nothing waits, it applies
 * new deliveries inline, in the transaction that persists them, which saves a second commit.
 */
@Injectable()
export class InboxWorker implements DeliveryProcessor, OnApplicationBootstrap, BeforeApplicationShutdown, OnModuleDestroy {
  readonly #loop = new WakeUpLoop(
    () => this.#work(),
    (error) => this.#backOff(error),
  );
  /** Faults of the store in a row, and when the worker tries again, in monotonic time. */
  #failures = 0;
  #retryAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly inbox: InboxStore,
    private readonly processing: ProcessingService,
    private readonly failed: FailedDeliveries,
    private readonly leases: QueueLeases,
    private readonly numbers: NumbersService,
    private readonly overload: Overload,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.inbox.onAnnounced(() => void this.#look());
    void this.drain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
    await this.leases.release().catch(() => undefined);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** Deletes deliveries and deduplication keys past their retention, hourly. */
  @Interval(3_600_000)
  async purge(): Promise<void> {
    const now = this.clock.now();
    await this.inbox.purge(now - KEEP_DELIVERIES, now - KEEP_DIGESTS);
  }

  /** Finds what another replica left, and retries deliveries that failed; after a fault of the store not before its backoff is over. */
  @Interval(1_000)
  async wake(): Promise<void> {
    if (this.clock.steady() >= this.#retryAt) await this.drain();
  }

  @Interval(UNNOTIFIED_MS)
  lookUnnotified(): void {
    if (!this.inbox.isNotified) void this.#look();
  }

  /** Works until no untried delivery waits. A call while it works makes it look once more. */
  drain(): Promise<void> {
    return this.#loop.wake();
  }

  /** A replica without the queue has kept something: the one that holds it is told. */
  async applyKept(): Promise<void> {
    if (!this.leases.held(QUEUE)) this.inbox.announce();
    await this.wake();
  }

  async applied(signal: AbortSignal): Promise<void> {
    await this.wake();
    if (this.leases.held(QUEUE)) return;
    for (const last = await this.inbox.lastWaiting(); last !== null && !signal.aborted; await pause(LOOK_EVERY_MS)) {
      if (!(await this.inbox.isUntried(last))) return;
    }
  }

  async processInline(batch: readonly NewDelivery[]): Promise<boolean> {
    const number = this.numbers.sole();
    if (!number || this.#loop.isRunning || !this.leases.held(QUEUE)) return false;
    try {
      return await this.processing.keepAndApply(number.phoneNumberId, batch);
    } catch (error) {
      if (isLocked(error)) throw error;
      // `drain` finds out which delivery it was, and logs it.
      return false;
    }
  }

  /** For a word of another replica: only the holder of the queue looks, and asks the database for nothing else. */
  async #look(): Promise<void> {
    if (this.leases.held(QUEUE)) await this.wake();
  }

  #backOff(error: unknown): void {
    this.#failures += 1;
    this.#retryAt = this.clock.steady() + BACKOFF.delayMs(this.#failures, Math.random());
    this.failed.storeFailed(error);
  }

  async #work(): Promise<boolean> {
    const number = this.numbers.sole();
    while (number && (await this.#nextBatch(number.phoneNumberId)));
    this.#failures = 0;
    return false;
  }

  /** @returns whether there may be more to do at once */
  async #nextBatch(phoneNumberId: string): Promise<boolean> {
    // Requests that wait for their 200 come first.
    await turn();
    const began = this.clock.now();
    const lease = await this.leases.take(QUEUE);
    if (!lease) return false;
    const batch = await this.inbox.waiting(BATCH_SIZE);
    if (!batch.length || this.#loop.isStopped) return false;
    if (!(await this.#applyAll(phoneNumberId, lease, batch).catch((error) => this.#giveUp(error)))) return false;
    if (this.overload.isOn()) await pause(Math.min(LONGEST_PAUSE_MS, Math.max(0, this.clock.now() - began) * PERSISTING_SHARE));
    return true;
  }

  /** @throws every error but that another replica has the queue */
  #giveUp(error: unknown): false {
    if (!(error instanceof QueueLost)) throw error;
    this.leases.lost(QUEUE);
    return false;
  }

  /** The whole batch together, but for deliveries of many elements. When something in it fails, each delivery alone. */
  async #applyAll(phoneNumberId: string, lease: QueueLease, batch: Delivery[]): Promise<boolean> {
    let alone = batch;
    try {
      alone = await this.processing.apply(phoneNumberId, lease, batch);
      if (alone.length === 0) return true;
    } catch (error) {
      if (!isOfDelivery(error)) throw error;
    }
    let progress = alone.length < batch.length;
    for (const delivery of alone) progress = (await this.#applyOne(phoneNumberId, lease, delivery)) || progress;
    return progress;
  }

  /** @throws a fault of the store, which counts no attempt: the delivery waits until the database works again */
  async #applyOne(phoneNumberId: string, lease: QueueLease, delivery: Delivery): Promise<boolean> {
    try {
      const large = await this.processing.apply(phoneNumberId, lease, [delivery]);
      if (large.length > 0) await this.#applyLarge(phoneNumberId, lease, delivery);
      return true;
    } catch (error) {
      if (!isOfDelivery(error)) throw error;
      return this.failed.note(delivery, error, (onFailure) => this.processing.applyEach(phoneNumberId, delivery, onFailure));
    }
  }

  /** A delivery of thousands of elements takes seconds: small ones that come meanwhile, such as a call that rings, do not wait for it. */
  async #applyLarge(phoneNumberId: string, lease: QueueLease, delivery: Delivery): Promise<void> {
    let overtaking = true;
    await this.processing.applyInParts(phoneNumberId, lease, delivery, async () => {
      await this.leases.take(QUEUE);
      if (overtaking) overtaking = await this.#applySmall(phoneNumberId, lease, delivery.id);
    });
  }

  /** @returns false when one of them fails; all of them then wait for their turn */
  async #applySmall(phoneNumberId: string, lease: QueueLease, largeId: number): Promise<boolean> {
    const batch = (await this.inbox.untriedUpTo(SMALL_BYTES, BATCH_SIZE)).filter(({ id }) => id !== largeId);
    try {
      if (batch.length) await this.processing.apply(phoneNumberId, lease, batch);
      return true;
    } catch (error) {
      if (!isOfDelivery(error)) throw error;
      return false;
    }
  }
}

/** Whether an error may lie in what is applied: not in the database, nor in the right to apply it. */
const isOfDelivery = (error: unknown): boolean => !isStoreFault(error) && !(error instanceof QueueLost);
