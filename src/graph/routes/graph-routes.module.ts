import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { CallModule } from '#calling/call/call.module.js';
import { InboundModule } from '#calling/inbound/inbound.module.js';
import { LifecycleModule } from '#calling/lifecycle/lifecycle.module.js';
import { OutboundModule } from '#calling/outbound/outbound.module.js';
import { PermissionsModule } from '#calling/permissions/permissions.module.js';
import { PreflightModule } from '#calling/preflight/preflight.module.js';
import { CallingSettingsModule } from '#calling/settings/calling-settings.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { GraphCallsController } from './graph-calls.controller.js';
import { GraphCallsService } from './graph-calls.service.js';
import { GraphNumberController } from './graph-number.controller.js';
import { GraphNumberService } from './graph-number.service.js';
import { RepeatedConnectsService } from './repeated-connects.service.js';

/** The routes in Meta's shape; loaded only with `GRAPH_API`. */
@Module({
  imports: [
    AccessModule,
    CallModule,
    EventsModule,
    IdentityModule,
    EligibilityModule,
    LifecycleModule,
    PermissionsModule,
    PreflightModule,
    OutboundModule,
    InboundModule,
    CallingSettingsModule,
  ],
  controllers: [GraphCallsController, GraphNumberController],
  providers: [GraphCallsService, GraphNumberService, RepeatedConnectsService],
})
export class GraphRoutesModule {}
