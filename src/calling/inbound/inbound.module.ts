import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { CallModule } from '#calling/call/call.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { Dialog360Module } from '#dialog360/dialog360.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { InboundController } from './inbound.controller.js';
import { InboundCallService } from './inbound-call.service.js';
import { WebhookController } from './webhook.controller.js';

/** The webhooks of 360dialog, and the verbs of inbound calls: pre-accept, accept, reject, release. */
@Module({
  imports: [AccessModule, CallModule, EligibilityModule, Dialog360Module, IdentityModule, InboxModule],
  controllers: [WebhookController, InboundController],
  providers: [InboundCallService],
})
export class InboundModule {}
