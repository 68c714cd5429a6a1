import { Injectable } from '@nestjs/common';
import { OutboxService } from '#events/outbox.service.js';
import { Clock } from '#kernel/clock.js';
import { AttemptResultsService } from './attempt-results.service.js';
import { DeliveryWorker } from './delivery.worker.js';
import { EndpointClient } from './endpoint.client.js';
import { EventDeliveriesStore } from './event-deliveries.store.js';
import type { Subscription } from './subscription.js';

/** Creates the delivery workers, one per active subscription. */
@Injectable()
export class DeliveryWorkersService {
  constructor(
    private readonly outbox: OutboxService,
    private readonly deliveries: EventDeliveriesStore,
    private readonly endpoint: EndpointClient,
    private readonly results: AttemptResultsService,
    private readonly clock: Clock,
  ) {}

  /** @returns a worker that does nothing before its `start` */
  create(subscription: Subscription): DeliveryWorker {
    const { outbox, deliveries, endpoint, results, clock } = this;
    return new DeliveryWorker(subscription, outbox, deliveries, endpoint, results, clock, () => this.random());
  }

  /** 0 to 1, for the jitter of retries. */
  protected random(): number {
    return Math.random();
  }
}
