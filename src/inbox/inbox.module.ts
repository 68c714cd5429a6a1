import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity/identity.module.js';
import { BacklogStore } from './backlog.store.js';
import { DeliveryProcessor } from './delivery-processor.js';
import { InboxService } from './inbox.service.js';
import { InboxStore } from './inbox.store.js';
import { InboxWorker } from './inbox.worker.js';
import { Overloads } from './intake/overloads.service.js';
import { NumberMetricsService } from './number-metrics.service.js';
import { ElementsService } from './processing/elements.service.js';
import { FailedDeliveries } from './processing/failed-deliveries.service.js';
import { ProcessingService } from './processing/processing.service.js';
import { InboxPurge } from './purge/purge.service.js';
import { QueueLeases } from './queue/queue-leases.service.js';
import { QueuesService } from './queue/queues.service.js';
import { QueuesStore } from './queue/queues.store.js';
import { FactHandlers } from './received-fact.js';
import { SignaturesService } from './signatures.service.js';
import { UnreadFieldsStore } from './unread-fields.store.js';

const PROCESSOR = { provide: DeliveryProcessor, useExisting: InboxWorker };

/** Webhooks in: persisted first, applied later. */
@Module({
  imports: [IdentityModule],
  providers: [
    InboxStore,
    BacklogStore,
    NumberMetricsService,
    UnreadFieldsStore,
    FactHandlers,
    ElementsService,
    ProcessingService,
    FailedDeliveries,
    QueuesStore,
    QueueLeases,
    InboxWorker,
    InboxService,
    SignaturesService,
    Overloads,
    QueuesService,
    PROCESSOR,
    InboxPurge,
  ],
  exports: [InboxService, SignaturesService, InboxWorker, InboxPurge],
})
export class InboxModule {}
