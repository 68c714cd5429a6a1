import { Injectable } from '@nestjs/common';
import { NumbersService } from '#identity/numbers.service.js';
import type { OurNumber } from '#identity/our-number.js';
import { Overloads } from '#inbox/intake/overloads.service.js';
import { BatchesService } from '#inbox/processing/batches.service.js';
import { FailedDeliveries } from '#inbox/processing/failed-deliveries.service.js';
import { Clock } from '#kernel/clock.js';
import { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import { Store } from '#store/store.js';
import { DeliveryQueue, type QueueParts, type QueueTarget } from './delivery-queue.js';
import { QueueLeases } from './queue-leases.service.js';

/** The queue of each number. A few of them are worked at once, in turn, so that no number waits for another's flood. */
@Injectable()
export class QueuesService {
  readonly #byNumber = new Map<string | null, DeliveryQueue>();
  readonly #parts: QueueParts;

  constructor(
    private readonly numbers: NumbersService,
    private readonly overloads: Overloads,
    leases: QueueLeases,
    batches: BatchesService,
    failed: FailedDeliveries,
    store: Store,
    clock: Clock,
  ) {
    const turns = new Bulkhead({ slots: store.batchWriters });
    this.#parts = { leases, batches, turns, clock, storeFailed: (error) => failed.storeFailed(error) };
  }

  /** The queue of a number; of null, that of deliveries of which none is known. */
  of(phoneNumberId: string | null): DeliveryQueue {
    const known =
      this.#byNumber.get(phoneNumberId) ??
      new DeliveryQueue(phoneNumberId, this.#targetOf(phoneNumberId), this.#parts, this.overloads.of(phoneNumberId));
    this.#byNumber.set(phoneNumberId, known);
    return known;
  }

  /** Begins no further batch; resolves when those under way have ended. */
  async stop(): Promise<void> {
    await Promise.all([...this.#byNumber.values()].map((queue) => queue.stop()));
  }

  /** Deliveries of which no number is known are those of the one number that an older release had. */
  #targetOf(phoneNumberId: string | null): QueueTarget {
    const isIt = (number: OurNumber | null) => (phoneNumberId === null || number?.phoneNumberId === phoneNumberId ? number : null);
    return {
      known: () => isIt(this.numbers.current)?.phoneNumberId ?? null,
      learn: async () => isIt(await this.numbers.learn())?.phoneNumberId ?? null,
    };
  }
}
