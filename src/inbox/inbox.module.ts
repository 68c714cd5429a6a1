import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity/identity.module.js';
import { ElementsService } from './elements.service.js';
import { FactHandlers } from './fact-handlers.js';
import { InboxService } from './inbox.service.js';
import { InboxStore } from './inbox.store.js';
import { InboxWorker } from './inbox.worker.js';
import { Overload } from './overload.service.js';
import { ProcessingService } from './processing.service.js';

/** Webhooks in: persisted first, applied later. */
@Module({
  imports: [IdentityModule],
  providers: [InboxStore, FactHandlers, ElementsService, ProcessingService, InboxWorker, InboxService, Overload],
  exports: [InboxService, InboxWorker],
})
export class InboxModule {}
