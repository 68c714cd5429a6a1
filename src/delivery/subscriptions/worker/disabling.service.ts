import { Injectable } from '@nestjs/common';
import type { DisableReason } from '#delivery/subscriptions/subscription.js';
import { disabledEvent } from '#delivery/subscriptions/subscription-events.js';
import { SubscriptionsStore } from '#delivery/subscriptions/subscriptions.store.js';
import { OutboxService } from '#events/outbox.service.js';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';

/** Stops subscriptions for their endpoints, and those whose secret cannot be read. */
@Injectable()
export class DisablingService {
  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Disables an active subscription and publishes `subscription.disabled` with the transaction. */
  async disable(tx: Tx, id: string, reason: DisableReason): Promise<void> {
    const subscription = await this.subscriptions.find(id, tx);
    if (subscription?.state !== 'active') return;
    const now = this.clock.now();
    await this.subscriptions.change(tx, id, { state: 'disabled', disabledAt: now, disabledReason: reason });
    await this.outbox.append(tx, disabledEvent(subscription, 'disabled', reason, now));
    this.log.pino.warn({ event: 'subscriptions.disabled', subscription: id, reason }, 'A subscription is disabled');
  }
}
