import { Injectable } from '@nestjs/common';
import type { Element } from '#dialog360/fact.js';
import { type Delivery, InboxStore } from '#inbox/inbox.store.js';
import { describeFault, type ElementFault, summaryOfFaults } from '#inbox/quarantine.service.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';

const MOST_ATTEMPTS = 5;

/** Applies each element of a delivery by itself, and hands over those that fail. */
type ApplyEach = (onFailure: (error: unknown, element: Element) => void) => Promise<void>;

/** Deliveries that could not be applied: they are retried, and what fails for good is set aside. */
@Injectable()
export class FailedDeliveries {
  constructor(
    private readonly inbox: InboxStore,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** The database failed, so nothing could be applied. */
  storeFailed(error: unknown): void {
    this.log.pino.error({ event: 'inbox.drain_failed', error }, 'The inbox could not be processed: it is retried');
  }

  /**
   * Counts the attempt; after the last one the elements that fail are set aside.
   * @returns whether the delivery waits no more
   */
  async note(delivery: Delivery, error: unknown, applyEach: ApplyEach): Promise<boolean> {
    const attempts = delivery.attempts + 1;
    const last = attempts >= MOST_ATTEMPTS;
    const context = { delivery: delivery.id, attempts, last };
    this.log.pino.error({ event: 'inbox.delivery_failed', error, ...context }, 'A delivery could not be applied');
    if (!last) await this.inbox.countAttempt(delivery.id, attempts);
    else await this.#quarantine(delivery, attempts, error, applyEach);
    return last;
  }

  /** Applies the elements that can be applied, and sets the others aside. */
  async #quarantine(delivery: Delivery, attempts: number, whole: unknown, applyEach: ApplyEach): Promise<void> {
    const faults: ElementFault[] = [];
    await applyEach((error, { field }) => {
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
