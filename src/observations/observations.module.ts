import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { ComplianceModule } from '#compliance/compliance.module.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { Partner360Module } from '#partner360/partner360.module.js';
import { AnnouncerService } from './announcer.service.js';
import { DeclarationsController } from './declarations.controller.js';
import { LookoutService } from './lookout.service.js';
import { PollJob } from './poll.job.js';
import { PollsService } from './polls.service.js';
import { SnapshotsController } from './snapshots.controller.js';
import { SnapshotsService } from './snapshots.service.js';
import { SnapshotsStore } from './snapshots.store.js';
import { SourcesService } from './sources.service.js';

/** What is observed: by polls of the sources, and by the owner. */
@Module({
  imports: [AccessModule, ComplianceModule, EventsModule, IdentityModule, InboxModule, Partner360Module],
  controllers: [SnapshotsController, DeclarationsController],
  providers: [SnapshotsStore, SnapshotsService, SourcesService, LookoutService, AnnouncerService, PollsService, PollJob],
  exports: [SnapshotsService],
})
export class ObservationsModule {}
