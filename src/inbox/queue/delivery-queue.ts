import { setTimeout as pause } from 'node:timers/promises';
import type { NewDelivery } from '#inbox/inbox.store.js';
import type { Overload } from '#inbox/intake/overload.js';
import type { BatchEnd } from '#inbox/processing/batches.js';
import type { ProcessingService } from '#inbox/processing/processing.service.js';
import type { SharedBatches } from '#inbox/processing/shared-batches.js';
import type { SharedCommits } from '#inbox/processing/shared-commits.js';
import { Backoff, JITTER } from '#kernel/backoff.js';
import { type Clock, SECOND } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { QueueLost } from './queue-lease.js';
import type { QueueLeases } from './queue-leases.service.js';

/** In an overload, a queue pauses this many times as long as a batch took, up to the longest pause, to leave time to persist. */
const PERSISTING_SHARE = 9;
const LONGEST_PAUSE_MS = 100;
/** How long a replica without the lease leaves a number to others after it found them at work on it: twice as long each time, half as long after a success. */
const STAND_BACK = { firstMs: SECOND / 4, longestMs: 4 * SECOND };
/** New deliveries wait so long for a queue that is about to be empty, where its batches are short, rather than in it. */
const EMPTYING = { withinMs: 50, batchMs: 40 };
/** After a fault of the store. */
const BACKOFF = new Backoff({ firstMs: SECOND / 4, longestMs: 3 * SECOND, spread: JITTER });

/** What the queues of all numbers share. */
export interface QueueParts {
  leases: QueueLeases;
  processing: Pick<ProcessingService, 'readBatch'>;
  /** For what waits. */
  batches: Pick<SharedBatches, 'next'>;
  /** For what is new. */
  commits: Pick<SharedCommits, 'keepAndApply'>;
  clock: Clock;
  /** Learns that the database failed. */
  storeFailed: (error: unknown) => void;
}

/** The deliveries of one number that wait to be applied. One replica at a time works on them, batch by batch. */
export class DeliveryQueue {
  readonly key: string;
  readonly #loop = new WakeUpLoop(
    () => this.#work(),
    (error) => this.#backOff(error),
  );
  /** Faults of the store in a row, and when the queue tries again, in monotonic time. */
  #failures = 0;
  #retryAt = Number.NEGATIVE_INFINITY;
  /** Until then, in monotonic time, nothing is applied inline without the lease; and how long it will be the next time. */
  #standBackUntil = Number.NEGATIVE_INFINITY;
  #standBackMs = STAND_BACK.firstMs;
  /** How long the last batch took, and whether it held all that waited. */
  #tookMs = 0;
  #wasLast = true;

  /**
   * @param phoneNumberId null for deliveries of which no number is known
   * @param target the number for which they are applied; null while it is not known
   */
  constructor(
    readonly phoneNumberId: string | null,
    private readonly target: () => string | null,
    private readonly parts: QueueParts,
    private readonly overload: Overload,
  ) {
    this.key = queueKey(phoneNumberId);
  }

  get isHeld(): boolean {
    return this.parts.leases.held(this.key) !== null;
  }

  /** Works until no untried delivery waits. A call while it works makes it look once more. */
  drain(): Promise<void> {
    return this.#loop.wake();
  }

  /** `drain`, after a fault of the store not before its backoff is over. */
  async wake(): Promise<void> {
    if (this.parts.clock.steady() >= this.#retryAt) await this.drain();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /**
   * As `DeliveryProcessor.processInline`. It needs no lease, since nothing that waits is applied. While the queue is about to be empty it
   * waits a moment: what is only persisted makes the queue work on, so that under a steady load nothing would be applied inline. A replica without the lease that finds
   * others at work on the number leaves it to them for a while, since transactions that compete for the lock of a number are written in vain.
   */
  async processInline(batch: readonly NewDelivery[]): Promise<boolean> {
    const { clock, leases, commits, processing } = this.parts;
    const number = this.target();
    const mayGo = () => !this.#loop.isRunning;
    if (number === null || (!this.isHeld && clock.steady() < this.#standBackUntil) || !(await this.#isEmpty())) return false;
    const read = processing.readBatch(number, batch);
    if (!read) return false;
    leases.noteUse(this.key);
    const isApplied = await commits.keepAndApply(read, mayGo);
    this.#noteInline(isApplied);
    return isApplied;
  }

  async #isEmpty(): Promise<boolean> {
    const isAboutToBe = this.#wasLast && this.#tookMs <= EMPTYING.batchMs;
    if (this.#loop.isRunning && isAboutToBe) {
      const over = new AbortController();
      const late = pause(EMPTYING.withinMs, undefined, { signal: over.signal }).catch(() => undefined);
      await Promise.race([this.#loop.idle(), late]);
      over.abort();
    }
    return !this.#loop.isRunning;
  }

  #noteInline(isApplied: boolean): void {
    const { firstMs, longestMs } = STAND_BACK;
    if (!isApplied) this.#standBackUntil = this.parts.clock.steady() + this.#standBackMs;
    this.#standBackMs = Math.max(firstMs, Math.min(longestMs, this.#standBackMs * (isApplied ? 0.5 : 2)));
  }

  #backOff(error: unknown): void {
    this.#failures += 1;
    this.#retryAt = this.parts.clock.steady() + BACKOFF.delayMs(this.#failures, Math.random());
    this.parts.storeFailed(error);
  }

  async #work(): Promise<boolean> {
    const number = this.target();
    if (number === null) return false;
    while (await this.#nextBatch(number)) await this.#leaveTime();
    this.#failures = 0;
    return false;
  }

  /** @returns whether there may be more to do at once */
  async #nextBatch(phoneNumberId: string): Promise<boolean> {
    const { batches, clock } = this.parts;
    const began = clock.now();
    const mayGo = () => !this.#loop.isStopped;
    const work = { key: this.key, queue: this.phoneNumberId, phoneNumberId, isFlooded: this.overload.isOn(), mayGo };
    const { more, wasLast } = await batches.next(work).catch((error) => this.#giveUp(error));
    this.#tookMs = Math.max(0, clock.now() - began);
    this.#wasLast = wasLast;
    return more && mayGo();
  }

  async #leaveTime(): Promise<void> {
    if (this.overload.isOn()) await pause(Math.min(LONGEST_PAUSE_MS, this.#tookMs * PERSISTING_SHARE));
  }

  /** @throws every error but that another replica has the queue */
  #giveUp(error: unknown): BatchEnd {
    if (!(error instanceof QueueLost)) throw error;
    this.parts.leases.lost(this.key);
    return { more: false, wasLast: false };
  }
}

/** The key of a queue's lease. The releases before have one queue, of deliveries of which no number is known. */
const queueKey = (phoneNumberId: string | null): string => (phoneNumberId === null ? 'inbox' : `inbox:${phoneNumberId}`);
