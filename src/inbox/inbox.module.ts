import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxService } from './inbox.service.js';
import { InboxStore } from './inbox.store.js';
import { InboxWorker } from './inbox.worker.js';

/** What we were told: kept first, understood later. */
@Module({
  imports: [IdentityModule],
  providers: [InboxStore, InboxService, InboxWorker],
  exports: [InboxService, InboxWorker],
})
export class InboxModule {}
