import type { Delivery, InboxStore } from '#inbox/inbox.store.js';
import { isOfDelivery, type QueueLease } from '#inbox/queue/queue-lease.js';
import type { FailedDeliveries } from './failed-deliveries.service.js';
import type { ProcessingService } from './processing.service.js';
import { SMALL_BYTES } from './sizes.js';

/** Deliveries per transaction. Between two batches, other work of this process has its turn. */
const BATCH_SIZE = 50;

/** How a batch ended. */
export interface BatchEnd {
  /** Whether there may be more to do at once. */
  more: boolean;
  /** Whether it held all that waited when it was read. */
  wasLast: boolean;
}

/** One batch, and what is needed to apply it. */
interface Work {
  /** The queue; null for deliveries of which no number is known. */
  queue: string | null;
  phoneNumberId: string;
  lease: QueueLease;
  /** Renews the lease. */
  renew: () => Promise<unknown>;
}

/** Applies the deliveries that wait in the queue of one number, a batch at a time; what fails is retried by itself. */
export class Batches {
  constructor(
    private readonly inbox: InboxStore,
    private readonly processing: ProcessingService,
    private readonly failed: FailedDeliveries,
  ) {}

  /**
   * Applies the next batch of a queue for a number.
   * @throws QueueLost, or a fault of the store, which counts no attempt: the deliveries wait until the database works again
   */
  async applyNext(queue: string | null, phoneNumberId: string, lease: QueueLease, renew: () => Promise<unknown>): Promise<BatchEnd> {
    const batch = await this.inbox.waiting(queue, BATCH_SIZE);
    const more = batch.length > 0 && (await this.#applyAll({ queue, phoneNumberId, lease, renew }, batch));
    return { more, wasLast: batch.length < BATCH_SIZE };
  }

  /** The whole batch together, but for deliveries of many elements. When something in it fails, each delivery alone. */
  async #applyAll(work: Work, batch: Delivery[]): Promise<boolean> {
    let alone = batch;
    try {
      alone = await this.processing.apply(work.phoneNumberId, work.lease, batch);
      if (alone.length === 0) return true;
    } catch (error) {
      if (!isOfDelivery(error)) throw error;
    }
    let progress = alone.length < batch.length;
    for (const delivery of alone) progress = (await this.#applyOne(work, delivery)) || progress;
    return progress;
  }

  async #applyOne(work: Work, delivery: Delivery): Promise<boolean> {
    const { phoneNumberId, lease } = work;
    try {
      const large = await this.processing.apply(phoneNumberId, lease, [delivery]);
      if (large.length > 0) await this.#applyLarge(work, delivery);
      return true;
    } catch (error) {
      if (!isOfDelivery(error)) throw error;
      return this.failed.note(delivery, error, (onFailure) => this.processing.applyEach(phoneNumberId, delivery, onFailure));
    }
  }

  /** A delivery of thousands of elements takes seconds: small ones that come meanwhile, such as a call that rings, do not wait for it. */
  async #applyLarge(work: Work, delivery: Delivery): Promise<void> {
    let overtaking = true;
    await this.processing.applyInParts(work.phoneNumberId, work.lease, delivery, async () => {
      await work.renew();
      if (overtaking) overtaking = await this.#applySmall(work, delivery.id);
    });
  }

  /** @returns false when one of them fails; all of them then wait for their turn */
  async #applySmall({ queue, phoneNumberId, lease }: Work, largeId: number): Promise<boolean> {
    const batch = (await this.inbox.untriedUpTo(queue, SMALL_BYTES, BATCH_SIZE)).filter(({ id }) => id !== largeId);
    try {
      if (batch.length) await this.processing.apply(phoneNumberId, lease, batch);
      return true;
    } catch (error) {
      if (!isOfDelivery(error)) throw error;
      return false;
    }
  }
}
