import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { Settings } from '#config/settings.js';
import { EventsModule } from '#events/events.module.js';
import { OutboxService } from '#events/outbox.service.js';
import { PresenterService } from '#events/presenter.service.js';
import { IdentityModule } from '#identity/identity.module.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { PostClient } from '#outbound-http/post.client.js';
import { Log } from '#telemetry/telemetry.module.js';
import { CourierService } from './courier.service.js';
import { DispatchesStore } from './dispatches.store.js';
import { GapsObserver } from './gaps.observer.js';
import { CourierTools, OutcomesService } from './outcomes.service.js';
import { SubscribersObserver } from './subscribers.observer.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionsService } from './subscriptions.service.js';
import { SubscriptionsStore } from './subscriptions.store.js';

const TIMEOUT_MS = 15 * SECOND;

const toolsOf = (
  outbox: OutboxService,
  presenter: PresenterService,
  dispatches: DispatchesStore,
  outcomes: OutcomesService,
  { eventsAllowPrivateTargets, eventsChallenge }: Settings,
  clock: Clock,
  { pino }: Log,
): CourierTools => ({
  outbox,
  presenter,
  dispatches,
  outcomes,
  clock,
  challenges: eventsChallenge,
  post: new PostClient({ reach: eventsAllowPrivateTargets ? 'any' : 'public', timeoutMs: TIMEOUT_MS }),
  random: Math.random,
  failed: (error) => pino.error({ error }, 'events could not be delivered; it is tried again'),
});

/** Events posted to servers of consumers. */
@Module({
  imports: [AccessModule, EventsModule, IdentityModule],
  controllers: [SubscriptionsController],
  providers: [
    SubscriptionsStore,
    DispatchesStore,
    OutcomesService,
    {
      provide: CourierTools,
      inject: [OutboxService, PresenterService, DispatchesStore, OutcomesService, Settings, Clock, Log],
      useFactory: toolsOf,
    },
    CourierService,
    SubscriptionsService,
    SubscribersObserver,
    GapsObserver,
  ],
  exports: [CourierService],
})
export class SubscriptionsModule {}
