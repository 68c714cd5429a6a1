import { Module } from '@nestjs/common';
import { CallModule } from '#calling/call/call.module.js';
import { PermissionsModule } from '#calling/permissions/permissions.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { NumbersModule } from '#numbers/numbers.module.js';
import { CallObserver } from './call.observer.js';
import { CallEndedObserver } from './call-ended.observer.js';
import { CallWatchdogJob } from './call-watchdog.job.js';
import { HangUpController } from './hang-up.controller.js';
import { HangUpService } from './hang-up.service.js';
import { LeasesService } from './leases.service.js';
import { WaitingCallObserver } from './waiting-call.observer.js';

/** The course of a call: webhooks change it, deadlines and leases end it, and hang-ups are retried. */
@Module({
  imports: [CallModule, EligibilityModule, NumbersModule, IdentityModule, InboxModule, PermissionsModule],
  controllers: [HangUpController],
  providers: [HangUpService, LeasesService, CallObserver, WaitingCallObserver, CallEndedObserver, CallWatchdogJob],
  exports: [HangUpService, LeasesService, CallWatchdogJob],
})
export class LifecycleModule {}
