import { Module } from '@nestjs/common';
import { CallModule } from '#calling/call/call.module.js';
import { InboundModule } from '#calling/inbound/inbound.module.js';
import { LifecycleModule } from '#calling/lifecycle/lifecycle.module.js';
import { CallLogModule } from '#calling/log/call-log.module.js';
import { OutboundModule } from '#calling/outbound/outbound.module.js';
import { PermissionsModule } from '#calling/permissions/permissions.module.js';
import { PreflightModule } from '#calling/preflight/preflight.module.js';
import { CallingSettingsModule } from '#calling/settings/calling-settings.module.js';
import { SoftphoneModule } from '#calling/softphone/softphone.module.js';

const PARTS = [
  PermissionsModule,
  CallModule,
  LifecycleModule,
  PreflightModule,
  OutboundModule,
  InboundModule,
  SoftphoneModule,
  CallingSettingsModule,
  CallLogModule,
];

/**
 * Places and takes calls: the two-step outbound service, the webhooks and verbs of inbound calls, the permissions of users, and the
 * call log. It imports and exports its parts; the verbs stand in `outbound`, `inbound` and `lifecycle`.
 */
@Module({ imports: PARTS, exports: PARTS })
export class CallingModule {}
