import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { ConversationsModule } from '#compliance/conversations/conversations.module.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { NumbersModule } from '#numbers/numbers.module.js';
import { EligibilityService } from './eligibility.service.js';
import { CallEvidenceService } from './gates/call-evidence.service.js';
import { CallPrimaryService } from './gates/call-primary.service.js';
import { RecentCallsStore } from './gates/recent-calls.store.js';
import { NumberObserver } from './number.observer.js';
import { ReadingsService } from './readings.service.js';
import { ReadingsStore } from './readings.store.js';
import { RefusalsStore } from './refusals.store.js';
import { RequirementsController } from './requirements.controller.js';
import { RequirementsService } from './requirements.service.js';
import { PartnerStatementsService } from './shared/partner-statements.service.js';
import { SharedReadingsService } from './shared/shared-readings.service.js';
import { StatusController } from './status/status.controller.js';

/** May this number call? */
@Module({
  imports: [AccessModule, ConversationsModule, NumbersModule, EventsModule, IdentityModule, InboxModule],
  controllers: [StatusController, RequirementsController],
  providers: [
    ReadingsStore,
    RefusalsStore,
    RecentCallsStore,
    ReadingsService,
    CallEvidenceService,
    CallPrimaryService,
    PartnerStatementsService,
    SharedReadingsService,
    RequirementsService,
    EligibilityService,
    NumberObserver,
  ],
  exports: [EligibilityService, ReadingsService, RequirementsService, PartnerStatementsService],
})
export class EligibilityModule {}
