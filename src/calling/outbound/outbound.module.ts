import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { CallModule } from '#calling/call/call.module.js';
import { LifecycleModule } from '#calling/lifecycle/lifecycle.module.js';
import { PermissionsModule } from '#calling/permissions/permissions.module.js';
import { PreflightModule } from '#calling/preflight/preflight.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { NumbersModule } from '#numbers/numbers.module.js';
import { CommitmentsService } from './commitments.service.js';
import { DialService } from './dial.service.js';
import { OutboundController } from './outbound.controller.js';
import { OutboundCallService } from './outbound-call.service.js';
import { PermissionRequestService } from './permission-request.service.js';

/** The two steps of an outbound call: request the permission, then connect. */
@Module({
  imports: [
    AccessModule,
    CallModule,
    EligibilityModule,
    NumbersModule,
    IdentityModule,
    LifecycleModule,
    PermissionsModule,
    PreflightModule,
  ],
  controllers: [OutboundController],
  providers: [CommitmentsService, DialService, PermissionRequestService, OutboundCallService],
  exports: [OutboundCallService],
})
export class OutboundModule {}
