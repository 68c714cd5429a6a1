import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { CallModule } from '#calling/call/call.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { NumbersModule } from '#numbers/numbers.module.js';
import { InboundController } from './inbound.controller.js';
import { InboundCallService } from './inbound-call.service.js';
import { ReceiversService } from './receivers.service.js';
import { WebhookController } from './webhook.controller.js';

/** The webhooks of 360dialog, and the verbs of inbound calls: pre-accept, accept, reject, release. */
@Module({
  imports: [AccessModule, CallModule, EligibilityModule, NumbersModule, InboxModule],
  controllers: [WebhookController, InboundController],
  providers: [InboundCallService, ReceiversService],
  exports: [InboundCallService],
})
export class InboundModule {}
