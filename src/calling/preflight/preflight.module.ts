import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { CallModule } from '#calling/call/call.module.js';
import { PermissionsModule } from '#calling/permissions/permissions.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { CallGatesService } from './call-gates.service.js';
import { PreflightController } from './preflight.controller.js';

/** May this number call this person now? Every gate, with and without a call. */
@Module({
  imports: [AccessModule, CallModule, EligibilityModule, IdentityModule, InboxModule, PermissionsModule],
  controllers: [PreflightController],
  providers: [CallGatesService],
  exports: [CallGatesService],
})
export class PreflightModule {}
