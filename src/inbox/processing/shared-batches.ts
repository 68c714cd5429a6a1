import { setImmediate as turn } from 'node:timers/promises';
import type { Delivery, InboxStore } from '#inbox/inbox.store.js';
import { isOfDelivery, type QueueLease } from '#inbox/queue/queue-lease.js';
import type { QueueLeases } from '#inbox/queue/queue-leases.service.js';
import type { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import type { BatchEnd, Batches } from './batches.js';
import type { KeptBatch } from './number-batch.js';
import type { ProcessingService } from './processing.service.js';
import { PART_SIZE } from './sizes.js';

/** Queues per transaction. */
const MOST_TOGETHER = 25;

/** Nothing of a queue was applied. */
const NOTHING: BatchEnd = { more: false, wasLast: false };

/** A queue of which the next batch is to be applied. */
export interface QueueWork {
  /** The key of its lease. */
  key: string;
  /** Of whose deliveries it is; null for those of which no number is known. */
  queue: string | null;
  /** The number for which they are applied. */
  phoneNumberId: string;
  /** Whether it has full batches of its own. */
  isFlooded: boolean;
  /** Asked when its turn has come. */
  mayGo: () => boolean;
}

interface Waiting {
  work: QueueWork;
  settle: (end: BatchEnd) => void;
  failed: (error: unknown) => void;
}

/** What a batch needs. */
export interface SharedBatchParts {
  batches: Pick<Batches, 'applyNext'>;
  leases: Pick<QueueLeases, 'take' | 'takeAll'>;
  inbox: Pick<InboxStore, 'untriedOf'>;
  processing: Pick<ProcessingService, 'applyTogether' | 'readBatch'>;
  /** How many transactions are under way at once; the other queues wait for their turn in order. */
  turns: Bulkhead;
}

/** Applies what waits in the queues of numbers: those that wait for their turn at the same time share a transaction when each has little. */
export class SharedBatches {
  #waiting: Waiting[] = [];
  #isWaiting = false;

  constructor(private readonly parts: SharedBatchParts) {}

  /**
   * Applies the next batch of a queue, or nothing while another replica has it.
   * @throws as `Batches.applyNext`
   */
  next(work: QueueWork): Promise<BatchEnd> {
    const { promise, resolve, reject } = Promise.withResolvers<BatchEnd>();
    this.#waiting.push({ work, settle: resolve, failed: reject });
    this.#waitForTurn();
    return promise;
  }

  #waitForTurn(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void this.parts.turns.run(async () => {
      // Requests that wait for their 200 come first.
      await turn();
      this.#isWaiting = false;
      const taken = this.#take();
      if (this.#waiting.length > 0) this.#waitForTurn();
      await this.#apply(taken);
    });
  }

  #take(): Waiting[] {
    const [first] = this.#waiting;
    const taken = first?.work.isFlooded ? [first] : this.#waiting.filter(({ work }) => !work.isFlooded).slice(0, MOST_TOGETHER);
    this.#waiting = this.#waiting.filter((one) => !taken.includes(one));
    return taken;
  }

  /** Never rejects. */
  async #apply(taken: readonly Waiting[]): Promise<void> {
    const going = taken.filter(({ work }) => work.mayGo());
    for (const one of taken) if (!going.includes(one)) one.settle(NOTHING);
    const [only] = going;
    if (only && going.length === 1) await this.#applyAlone(only);
    else if (only) await this.#applyTogether(going);
  }

  async #applyAlone({ work, settle, failed }: Waiting): Promise<void> {
    const { leases, batches } = this.parts;
    try {
      const lease = await leases.take(work.key);
      settle(lease === null ? NOTHING : await batches.applyNext(work.queue, work.phoneNumberId, lease, () => leases.take(work.key)));
    } catch (error) {
      failed(error);
    }
  }

  /** What has too much for this, or fails, is applied alone in a turn of its own. */
  async #applyTogether(going: readonly Waiting[]): Promise<void> {
    const left = await this.#tryTogether(going).catch((error: unknown) => {
      if (isOfDelivery(error)) return going;
      for (const { failed } of going) failed(error);
      return [];
    });
    for (const one of left) void this.parts.turns.run(() => this.#applyAlone(one));
  }

  /** @returns those of which nothing was applied */
  async #tryTogether(going: readonly Waiting[]): Promise<Waiting[]> {
    const { leases, inbox, processing } = this.parts;
    const held = await leases.takeAll(going.map(({ work }) => work.key));
    const limit = Math.floor(PART_SIZE / going.length);
    const found = await inbox.untriedOf(
      going.map(({ work }) => work.queue),
      limit,
    );
    const batches = new Map<Waiting, KeptBatch>();
    let elements = 0;
    for (const one of going) {
      const batch = this.#batchOf(one.work, held.get(one.work.key), found.get(one.work.queue) ?? []);
      if (!batch || elements + batch.elements > PART_SIZE) continue;
      elements += batch.elements;
      batches.set(one, batch);
    }
    const applied = await processing.applyTogether([...batches.values()]);
    return going.filter((one) => {
      const batch = batches.get(one);
      const isElsewhere = !held.has(one.work.key);
      const isApplied = batch !== undefined && applied.has(batch);
      const isFull = isApplied && batch.parsed.length === limit;
      if (isElsewhere || isApplied) one.settle({ more: isFull, wasLast: isApplied && !isFull });
      return !isElsewhere && !isApplied;
    });
  }

  #batchOf({ phoneNumberId }: QueueWork, lease: QueueLease | undefined, deliveries: readonly Delivery[]): KeptBatch | null {
    const batch = lease && deliveries.length > 0 ? this.parts.processing.readBatch(phoneNumberId, deliveries) : null;
    return lease && batch ? { ...batch, lease } : null;
  }
}
