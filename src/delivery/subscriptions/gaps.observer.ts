import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Cursor } from '#events/cursor.js';
import { OutboxService } from '#events/outbox.service.js';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import { EventDeliveriesStore } from './event-deliveries.store.js';
import { widened } from './gap.js';
import { gapEvent } from './subscription-events.js';
import { SubscriptionsStore } from './subscriptions.store.js';

/**
 * Finds the gaps of subscriptions. Events are purged by their age, so a subscription that was paused, disabled or behind for
 * longer loses some. The transaction that purges counts them; `subscription.gap` follows once the subscription is active.
 */
@Injectable()
export class GapsObserver implements OnModuleInit {
  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly deliveries: EventDeliveriesStore,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.outbox.beforePurge((tx, keep) => this.note(tx, keep));
  }

  /** Widens the gap of each subscription that loses events. @param keep the first event that stays */
  async note(tx: Tx, keep: Cursor): Promise<void> {
    const now = this.clock.now();
    for (const subscription of await this.subscriptions.mayLose(tx, keep)) {
      const lost = await this.deliveries.undelivered(tx, subscription, keep);
      if (!lost) continue;
      const isActive = subscription.state === 'active';
      const gap = { ...widened(subscription.gap, lost), reportedAt: isActive ? now : null };
      await this.subscriptions.change(tx, subscription.id, { gap });
      if (isActive) await this.outbox.append(tx, gapEvent(subscription, gap, now));
    }
  }
}
