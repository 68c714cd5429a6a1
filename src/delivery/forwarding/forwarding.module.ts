import { Module } from '@nestjs/common';
import { InboxModule } from '#inbox/inbox.module.js';
import { ForwardingWorker } from './forwarding.worker.js';
import { ForwardsStore } from './forwards.store.js';

/** Kept deliveries, passed on to the former webhook of the number. */
@Module({ imports: [InboxModule], providers: [ForwardsStore, ForwardingWorker], exports: [ForwardingWorker] })
export class ForwardingModule {}
