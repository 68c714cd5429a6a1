import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Cursor } from '#events/cursor.js';
import { OutboxService } from '#events/outbox.service.js';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import { DispatchesStore } from './dispatches.store.js';
import { gapEvent, widened } from './gap.js';
import { SubscriptionsStore } from './subscriptions.store.js';

/**
 * Events are deleted by their age, whether or not a subscription has come to them: one that was paused or disabled for
 * longer has a gap then. It is counted in the transaction that deletes, and told as soon as somebody is there to hear it.
 */
@Injectable()
export class GapsObserver implements OnModuleInit {
  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly dispatches: DispatchesStore,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.outbox.beforePurge((tx, keep) => this.note(tx, keep));
  }

  /** @param keep the first event that stays */
  async note(tx: Tx, keep: Cursor): Promise<void> {
    const now = this.clock.now();
    for (const subscription of await this.subscriptions.all(tx)) {
      const lost = await this.dispatches.undelivered(tx, subscription, keep);
      if (!lost) continue;
      const behind = subscription.state === 'active';
      const gap = { ...widened(subscription.gap, lost), toldAt: behind ? now : null };
      await this.subscriptions.change(tx, subscription.id, { gap });
      if (behind) await this.outbox.append(tx, gapEvent(subscription, gap, now));
    }
  }
}
