import { Module, type OnModuleInit } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { CallModule } from '#call/call.module.js';
import { CallsService } from '#call/calls.service.js';
import { ComplianceModule } from '#compliance/compliance.module.js';
import { Dialog360Module } from '#dialog360/dialog360.module.js';
import { EventsModule } from '#events/events.module.js';
import { PresenterService } from '#events/presenter.service.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { PermissionsModule } from '#permissions/permissions.module.js';
import { CallObserver } from './call.observer.js';
import { CallEndedObserver } from './call-ended.observer.js';
import { CallWatchdogJob } from './call-watchdog.job.js';
import { CallingController } from './calling.controller.js';
import { HangUpService } from './hang-up.service.js';
import { InboundCallService } from './inbound/inbound-call.service.js';
import { WebhookController } from './inbound/webhook.controller.js';
import { CallGatesService } from './outbound/call-gates.service.js';
import { DialService } from './outbound/dial.service.js';
import { OutboundCallService } from './outbound/outbound-call.service.js';
import { PermissionRequestService } from './outbound/permission-request.service.js';
import { PreflightController } from './preflight/preflight.controller.js';
import { LeasesService } from './softphone/leases.service.js';
import { SoftphoneController } from './softphone/softphone.controller.js';
import { WaitingCallObserver } from './waiting-call.observer.js';

/** Places and takes calls: the two-step outbound service, inbound answering, softphones' leases, and the webhooks that tell of both. */
@Module({
  imports: [AccessModule, CallModule, ComplianceModule, Dialog360Module, EventsModule, IdentityModule, InboxModule, PermissionsModule],
  controllers: [CallingController, PreflightController, SoftphoneController, WebhookController],
  providers: [
    CallGatesService,
    DialService,
    PermissionRequestService,
    OutboundCallService,
    InboundCallService,
    HangUpService,
    LeasesService,
    CallEndedObserver,
    CallObserver,
    WaitingCallObserver,
    CallWatchdogJob,
  ],
  exports: [CallWatchdogJob],
})
export class CallingModule implements OnModuleInit {
  constructor(
    private readonly presenter: PresenterService,
    private readonly calls: CallsService,
  ) {}

  /** Streams fill in the SDP of live calls, for those who may control them. */
  onModuleInit(): void {
    this.presenter.sessions = { sessionOf: (callId) => this.calls.sessionOf(callId) };
  }
}
