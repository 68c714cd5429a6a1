import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { AuditModule } from '#access/audit/audit.module.js';
import { userAgentOf } from '#config/product.js';
import { Settings } from '#config/settings.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { SECOND } from '#kernel/clock.js';
import { PostClient } from '#outbound-http/post.client.js';
import { DeliveriesService } from './deliveries.service.js';
import { EndpointClient } from './endpoint.client.js';
import { EventDeliveriesStore } from './event-deliveries.store.js';
import { GapsObserver } from './gaps.observer.js';
import { MetaEndpointClient } from './meta/meta-endpoint.client.js';
import { HoldersObserver } from './rights/holders.observer.js';
import { SubscribersObserver } from './subscribers.observer.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionsService } from './subscriptions.service.js';
import { SubscriptionsStore } from './subscriptions.store.js';
import { AttemptResultsService } from './worker/attempt-results.service.js';
import { DisablingService } from './worker/disabling.service.js';
import { LeasesStore } from './worker/leases.store.js';

const TIMEOUT_MS = 15 * SECOND;

const postClientOf = ({ eventsAllowPrivateTargets, publicUrl }: Settings): PostClient =>
  new PostClient({ reach: eventsAllowPrivateTargets ? 'any' : 'public', timeoutMs: TIMEOUT_MS, userAgent: userAgentOf(publicUrl) });

/** Posts events to the servers of consumers. */
@Module({
  imports: [AccessModule, AuditModule, EventsModule, IdentityModule],
  controllers: [SubscriptionsController],
  providers: [
    { provide: PostClient, inject: [Settings], useFactory: postClientOf },
    SubscriptionsStore,
    EventDeliveriesStore,
    MetaEndpointClient,
    EndpointClient,
    LeasesStore,
    DisablingService,
    AttemptResultsService,
    DeliveriesService,
    SubscriptionsService,
    SubscribersObserver,
    GapsObserver,
    HoldersObserver,
  ],
  exports: [DeliveriesService, MetaEndpointClient],
})
export class SubscriptionsModule {}
