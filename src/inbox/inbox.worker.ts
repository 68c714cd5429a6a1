import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { NumbersService } from '#identity/numbers.service.js';
import { Backoff, JITTER } from '#kernel/backoff.js';
import { Clock, DAY, SECOND } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { isLocked } from '#store/store.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';
import type { DeliveryProcessor } from './delivery-processor.js';
import { type Delivery, InboxStore, type NewDelivery } from './inbox.store.js';
import { Overload } from './overload.service.js';
import { ProcessingService, SMALL_BYTES } from './processing.service.js';
import { describeFault, type ElementFault, summaryOfFaults } from './quarantine.service.js';

/** Deliveries per transaction. Between two batches, other work of this process has its turn. */
const BATCH_SIZE = 50;
/** In an overload, the worker pauses this many times as long as a batch took, up to the longest pause, to leave time to persist. */
const PERSISTING_SHARE = 9;
const LONGEST_PAUSE_MS = 100;
const MOST_ATTEMPTS = 5;
/** After a fault of the store. */
const BACKOFF = new Backoff({ firstMs: SECOND / 4, longestMs: 3 * SECOND, spread: JITTER });
/** 360dialog repeats a delivery for up to 7 days. Raw bodies are kept a day longer, digests much longer. */
const KEEP_DELIVERIES = 8 * DAY;
const KEEP_DIGESTS = 30 * DAY;

/**
 * Applies persisted deliveries in batches, retries what fails, and quarantines what fails for good. On SQLite it also applies new
 * deliveries inline, in the transaction that persists them, which saves a second commit.
 */
@Injectable()
export class InboxWorker implements DeliveryProcessor, OnApplicationBootstrap, OnModuleDestroy {
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
    private readonly numbers: NumbersService,
    private readonly overload: Overload,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    void this.drain();
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

  /** Works until no untried delivery waits. A call while it works makes it look once more. */
  drain(): Promise<void> {
    return this.#loop.wake();
  }

  async processInline(batch: readonly NewDelivery[]): Promise<boolean> {
    const number = this.numbers.current;
    if (!number || this.#loop.isRunning || this.inbox.engine === 'postgres') return false;
    try {
      return await this.processing.keepAndApply(number.phoneNumberId, batch);
    } catch (error) {
      if (isLocked(error)) throw error;
      // `drain` finds out which delivery it was, and logs it.
      return false;
    }
  }

  #backOff(error: unknown): void {
    this.#failures += 1;
    this.#retryAt = this.clock.steady() + BACKOFF.delayMs(this.#failures, Math.random());
    this.log.pino.error({ event: 'inbox.drain_failed', error }, 'The inbox could not be processed: it is retried');
  }

  async #work(): Promise<boolean> {
    const number = await this.numbers.learn();
    while (number && (await this.#nextBatch(number.phoneNumberId)));
    if (number) this.metrics.pending.set(await this.inbox.countWaiting());
    this.#failures = 0;
    return false;
  }

  /** @returns whether there may be more to do at once */
  async #nextBatch(phoneNumberId: string): Promise<boolean> {
    // Requests that wait for their 200 come first.
    await turn();
    const began = this.clock.now();
    const batch = await this.inbox.waiting(BATCH_SIZE);
    if (!batch.length || this.#loop.isStopped) return false;
    if (!(await this.#applyAll(phoneNumberId, batch))) return false;
    if (this.overload.isOn()) await pause(Math.min(LONGEST_PAUSE_MS, Math.max(0, this.clock.now() - began) * PERSISTING_SHARE));
    return true;
  }

  /** The whole batch together, but for deliveries of many elements. When something in it fails, each delivery alone. */
  async #applyAll(phoneNumberId: string, batch: Delivery[]): Promise<boolean> {
    let alone = batch;
    try {
      alone = await this.processing.apply(phoneNumberId, batch);
      if (alone.length === 0) return true;
    } catch (error) {
      if (isStoreFault(error)) throw error;
    }
    let progress = alone.length < batch.length;
    for (const delivery of alone) progress = (await this.#applyOne(phoneNumberId, delivery)) || progress;
    return progress;
  }

  /** @throws a fault of the store, which counts no attempt: the delivery waits until the database works again */
  async #applyOne(phoneNumberId: string, delivery: Delivery): Promise<boolean> {
    try {
      const large = await this.processing.apply(phoneNumberId, [delivery]);
      if (large.length > 0) await this.#applyLarge(phoneNumberId, delivery);
      return true;
    } catch (error) {
      if (isStoreFault(error)) throw error;
      const attempts = delivery.attempts + 1;
      const last = attempts >= MOST_ATTEMPTS;
      const context = { delivery: delivery.id, attempts, last };
      this.log.pino.error({ event: 'inbox.delivery_failed', error, ...context }, 'A delivery could not be applied');
      if (!last) await this.inbox.countAttempt(delivery.id, attempts);
      else await this.#quarantine(phoneNumberId, delivery, attempts, error);
      return last;
    }
  }

  /** A delivery of thousands of elements takes seconds: small ones that come meanwhile, such as a call that rings, do not wait for it. */
  async #applyLarge(phoneNumberId: string, delivery: Delivery): Promise<void> {
    let overtaking = true;
    await this.processing.applyInParts(phoneNumberId, delivery, async () => {
      if (overtaking) overtaking = await this.#applySmall(phoneNumberId, delivery.id);
    });
  }

  /** @returns false when one of them fails; all of them then wait for their turn */
  async #applySmall(phoneNumberId: string, largeId: number): Promise<boolean> {
    const batch = (await this.inbox.untriedUpTo(SMALL_BYTES, BATCH_SIZE)).filter(({ id }) => id !== largeId);
    try {
      if (batch.length) await this.processing.apply(phoneNumberId, batch);
      return true;
    } catch (error) {
      if (isStoreFault(error)) throw error;
      return false;
    }
  }

  /** Applies the elements that can be applied, and sets the others aside. */
  async #quarantine(phoneNumberId: string, delivery: Delivery, attempts: number, whole: unknown): Promise<void> {
    const faults: ElementFault[] = [];
    await this.processing.applyEach(phoneNumberId, delivery, (error, { field }) => {
      if (isStoreFault(error)) throw error;
      faults.push({ field, fault: describeFault(error) });
      this.log.pino.error({ event: 'inbox.element_quarantined', error, delivery: delivery.id, field }, 'An element is set aside');
    });
    // What fails as a whole may hold only elements that can be applied alone.
    if (faults.length === 0) faults.push({ field: 'delivery', fault: describeFault(whole) });
    await this.inbox.setAside(delivery.id, attempts, summaryOfFaults(faults));
    this.metrics.webhooks.inc({ result: 'quarantined' });
  }
}
