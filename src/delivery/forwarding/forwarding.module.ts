import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { NumberRegistryModule } from '#identity/numbers/number-registry.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { ForwardingController } from './forwarding.controller.js';
import { ForwardingService } from './forwarding.service.js';
import { ForwardingWorker } from './forwarding.worker.js';
import { ForwardsStore } from './forwards.store.js';

/** Forwards kept deliveries of 360dialog to the former webhook of the number. */
@Module({
  imports: [AccessModule, EligibilityModule, InboxModule, NumberRegistryModule],
  controllers: [ForwardingController],
  providers: [ForwardsStore, ForwardingWorker, ForwardingService],
  exports: [ForwardingService],
})
export class ForwardingModule {}
