import { Module } from '@nestjs/common';
import { InboxModule } from '#inbox/inbox.module.js';
import { ForwardingWorker } from './forwarding.worker.js';
import { ForwardsStore } from './forwards.store.js';

/** Forwards kept deliveries of 360dialog to the former webhook of the number. */
@Module({ imports: [InboxModule], providers: [ForwardsStore, ForwardingWorker], exports: [ForwardingWorker] })
export class ForwardingModule {}
