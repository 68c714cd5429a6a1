import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity/identity.module.js';
import { Clock } from '#kernel/clock.js';
import { ElementsService } from './elements.service.js';
import { InboxService } from './inbox.service.js';
import { InboxStore } from './inbox.store.js';
import { InboxWorker } from './inbox.worker.js';
import { Overload } from './overload.js';
import { ProcessingService } from './processing.service.js';

const overload = { provide: Overload, inject: [Clock], useFactory: (clock: Clock) => new Overload(clock) };

/** Webhooks in: persisted first, applied later. */
@Module({
  imports: [IdentityModule],
  providers: [InboxStore, ElementsService, ProcessingService, InboxWorker, InboxService, overload],
  exports: [InboxService, InboxWorker],
})
export class InboxModule {}
