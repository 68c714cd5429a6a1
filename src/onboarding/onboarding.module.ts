import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { CallModule } from '#calling/call/call.module.js';
import { LifecycleModule } from '#calling/lifecycle/lifecycle.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { PollingModule } from '#compliance/polling/polling.module.js';
import { SourcesModule } from '#compliance/sources/sources.module.js';
import { Settings } from '#config/settings.js';
import { Dialog360Module } from '#dialog360/dialog360.module.js';
import { EventsModule } from '#events/events.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { SECOND } from '#kernel/clock.js';
import { NumbersModule } from '#numbers/numbers.module.js';
import { PostClient } from '#outbound-http/post.client.js';
import { ErasureModule } from '#privacy/erasure/erasure.module.js';
import { KeyTrialService } from './adding/key-trial.service.js';
import { NewNumbersService } from './adding/new-numbers.service.js';
import { NumberChangesService } from './changing/number-changes.service.js';
import { ForwardTargetsService } from './forward-targets.service.js';
import { KeyRejectionsObserver } from './key-rejections.observer.js';
import { NumberEventsService } from './number-events.service.js';
import { NumberWebhooksController } from './number-webhooks.controller.js';
import { NumbersController } from './numbers.controller.js';
import { AdoptionRepairJob } from './partner/adoption-repair.job.js';
import { AdoptionsService } from './partner/adoptions.service.js';
import { AdoptionsStore } from './partner/adoptions.store.js';
import { OwnChannelsService } from './partner/own-channels.service.js';
import { PartnerController } from './partner/partner.controller.js';
import { ShownChannelsService } from './partner/shown-channels.service.js';
import { DestructionService } from './removal/destruction.service.js';
import { RemovalJob } from './removal/removal.job.js';
import { RemovalsService } from './removal/removals.service.js';
import { ShownNumbersService } from './shown/shown-numbers.service.js';
import { RegistrationsService } from './webhook/registrations.service.js';
import { TokenRotationService } from './webhook/token-rotation.service.js';

/** It only checks addresses here; nothing is posted. */
const postClientOf = ({ eventsAllowPrivateTargets }: Settings): PostClient =>
  new PostClient({ reach: eventsAllowPrivateTargets ? 'any' : 'public', timeoutMs: SECOND });

/** Numbers come and go while the gateway runs: adding, changing, pausing, their webhooks, removing. */
@Module({
  imports: [
    AccessModule,
    CallModule,
    Dialog360Module,
    EligibilityModule,
    ErasureModule,
    EventsModule,
    InboxModule,
    LifecycleModule,
    NumbersModule,
    PollingModule,
    SourcesModule,
  ],
  controllers: [NumbersController, NumberWebhooksController, PartnerController],
  providers: [
    { provide: PostClient, inject: [Settings], useFactory: postClientOf },
    AdoptionRepairJob,
    AdoptionsService,
    AdoptionsStore,
    DestructionService,
    ForwardTargetsService,
    KeyRejectionsObserver,
    KeyTrialService,
    NewNumbersService,
    NumberChangesService,
    NumberEventsService,
    OwnChannelsService,
    RegistrationsService,
    RemovalJob,
    RemovalsService,
    ShownChannelsService,
    ShownNumbersService,
    TokenRotationService,
  ],
})
export class OnboardingModule {}
