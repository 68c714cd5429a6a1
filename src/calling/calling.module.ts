import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { CallModule } from '#calling/call/call.module.js';
import { InboundModule } from '#calling/inbound/inbound.module.js';
import { LifecycleModule } from '#calling/lifecycle/lifecycle.module.js';
import { CallLogModule } from '#calling/log/call-log.module.js';
import { OutboundModule } from '#calling/outbound/outbound.module.js';
import { PermissionsModule } from '#calling/permissions/permissions.module.js';
import { PreflightModule } from '#calling/preflight/preflight.module.js';
import { CallingSettingsModule } from '#calling/settings/calling-settings.module.js';
import { SoftphoneModule } from '#calling/softphone/softphone.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { CallingController } from './calling.controller.js';

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
 * Places and takes calls: the two-step outbound service, the webhooks of inbound calls and their answers, who may be called, and the
 * log of it all. It imports and exports its parts, and serves the verbs that act on a call.
 */
@Module({ imports: [AccessModule, IdentityModule, ...PARTS], controllers: [CallingController], exports: PARTS })
export class CallingModule {}
