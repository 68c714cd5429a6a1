import { Injectable } from '@nestjs/common';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { InboxStore } from '#inbox/inbox.store.js';
import { Overloads } from '#inbox/intake/overloads.service.js';
import { Batches } from '#inbox/processing/batches.js';
import { FailedDeliveries } from '#inbox/processing/failed-deliveries.service.js';
import { ProcessingService } from '#inbox/processing/processing.service.js';
import { SharedBatches } from '#inbox/processing/shared-batches.js';
import { SharedCommits } from '#inbox/processing/shared-commits.js';
import { Clock } from '#kernel/clock.js';
import { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import { DeliveryQueue, type QueueParts } from './delivery-queue.js';
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
    inbox: InboxStore,
    processing: ProcessingService,
    failed: FailedDeliveries,
    clock: Clock,
  ) {
    const turns = new Bulkhead({ slots: inbox.batchWriters });
    const batches = new SharedBatches({ batches: new Batches(inbox, processing, failed), leases, inbox, processing, turns });
    const commits = new SharedCommits(processing, turns);
    this.#parts = { leases, processing, batches, commits, clock, storeFailed: (error) => failed.storeFailed(error) };
  }

  /** The queue of a number; of null, that of deliveries of which none is known. */
  of(phoneNumberId: string | null): DeliveryQueue {
    const known =
      this.#byNumber.get(phoneNumberId) ??
      new DeliveryQueue(phoneNumberId, () => this.#targetOf(phoneNumberId), this.#parts, this.overloads.of(phoneNumberId));
    this.#byNumber.set(phoneNumberId, known);
    return known;
  }

  /** Begins no further batch; resolves when those under way have ended. */
  async stop(): Promise<void> {
    await Promise.all([...this.#byNumber.values()].map((queue) => queue.stop()));
  }

  /** The number for which a queue is applied; null while it is in no row. Deliveries of which none is known are those of the first one. */
  #targetOf(phoneNumberId: string | null): string | null {
    const target = phoneNumberId === null ? this.numbers.all()[0] : this.numbers.byId(phoneNumberId);
    return target?.phoneNumberId ?? null;
  }
}
