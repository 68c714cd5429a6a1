import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity/identity.module.js';
import { DeliveryProcessor } from './delivery-processor.js';
import { ElementsService } from './elements.service.js';
import { InboxService } from './inbox.service.js';
import { InboxStore } from './inbox.store.js';
import { InboxWorker } from './inbox.worker.js';
import { Overload } from './overload.service.js';
import { ProcessingService } from './processing.service.js';
import { FactHandlers } from './received-fact.js';
import { SignaturesService } from './signatures.service.js';

const PROCESSOR = { provide: DeliveryProcessor, useExisting: InboxWorker };

/** Webhooks in: persisted first, applied later. */
@Module({
  imports: [IdentityModule],
  providers: [
    InboxStore,
    FactHandlers,
    ElementsService,
    ProcessingService,
    InboxWorker,
    InboxService,
    SignaturesService,
    Overload,
    PROCESSOR,
  ],
  exports: [InboxService, SignaturesService, InboxWorker],
})
export class InboxModule {}
