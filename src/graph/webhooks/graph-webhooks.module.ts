import { Module } from '@nestjs/common';
import { CallModule } from '#calling/call/call.module.js';
import { SubscriptionsModule } from '#delivery/subscriptions/subscriptions.module.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { MetaBodiesService } from './meta-bodies.service.js';
import { MetaElementsObserver } from './meta-elements.observer.js';

/** Webhooks in Meta's shape: what subscriptions in that format carry. */
@Module({
  imports: [CallModule, EventsModule, IdentityModule, InboxModule, SubscriptionsModule],
  providers: [MetaElementsObserver, MetaBodiesService],
})
export class GraphWebhooksModule {}
