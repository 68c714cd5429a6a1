import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { SourcesModule } from '#compliance/sources/sources.module.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { NumbersModule } from '#numbers/numbers.module.js';
import { DeclarationsController } from './declarations.controller.js';
import { PartnerChannelsService } from './partner/partner-channels.service.js';
import { PartnerPollService } from './partner/partner-poll.service.js';
import { PartnerReadsService } from './partner/partner-reads.service.js';
import { PollJob } from './poll.job.js';
import { PollPublisherService } from './poll-publisher.service.js';
import { PollsService } from './polls.service.js';
import { SnapshotCollectorService } from './snapshot-collector.service.js';
import { SnapshotReadingsService } from './snapshot-readings.service.js';
import { SnapshotsController } from './snapshots.controller.js';
import { SnapshotsService } from './snapshots.service.js';
import { SnapshotsStore } from './snapshots.store.js';

/** Readings from polls of the sources and from the owner, and the snapshots of polls. */
@Module({
  imports: [AccessModule, EligibilityModule, EventsModule, IdentityModule, InboxModule, NumbersModule, SourcesModule],
  controllers: [SnapshotsController, DeclarationsController],
  providers: [
    SnapshotsStore,
    SnapshotsService,
    PartnerReadsService,
    PartnerChannelsService,
    PartnerPollService,
    SnapshotReadingsService,
    SnapshotCollectorService,
    PollPublisherService,
    PollsService,
    PollJob,
  ],
  exports: [PartnerChannelsService, SnapshotsService],
})
export class PollingModule {}
