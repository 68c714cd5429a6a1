import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { ConversationsModule } from '#compliance/conversations/conversations.module.js';
import { Dialog360Module } from '#dialog360/dialog360.module.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { ComplianceService } from './compliance.service.js';
import { FiguresService } from './figures.service.js';
import { ExperienceService } from './gates/experience.service.js';
import { RecentCallsStore } from './gates/recent-calls.store.js';
import { NumberObserver } from './number.observer.js';
import { ReadingsStore } from './readings.store.js';
import { RefusalsStore } from './refusals.store.js';
import { RequirementsController } from './requirements.controller.js';
import { RequirementsService } from './requirements.service.js';
import { StatusController } from './status.controller.js';

/** May this number call? */
@Module({
  imports: [AccessModule, ConversationsModule, Dialog360Module, EventsModule, IdentityModule, InboxModule],
  controllers: [StatusController, RequirementsController],
  providers: [
    ReadingsStore,
    RefusalsStore,
    RecentCallsStore,
    FiguresService,
    ExperienceService,
    RequirementsService,
    ComplianceService,
    NumberObserver,
  ],
  exports: [ComplianceService, FiguresService, RequirementsService],
})
export class EligibilityModule {}
