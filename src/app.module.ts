import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AccessModule } from '#access/access.module.js';
import { AuditModule } from '#access/audit/audit.module.js';
import { CallingModule } from '#calling/calling.module.js';
import { ComplianceModule } from '#compliance/compliance.module.js';
import { ConfigModule } from '#config/config.module.js';
import type { Settings } from '#config/settings.js';
import { ConsoleModule } from '#console/console.module.js';
import { ForwardingModule } from '#delivery/forwarding/forwarding.module.js';
import { SubscriptionsModule } from '#delivery/subscriptions/subscriptions.module.js';
import { Dialog360Module } from '#dialog360/dialog360.module.js';
import { EventsModule } from '#events/events.module.js';
import { GraphRoutesModule } from '#graph/routes/graph-routes.module.js';
import { GraphWebhooksModule } from '#graph/webhooks/graph-webhooks.module.js';
import { ErrorsModule } from '#http/errors/errors.module.js';
import { HealthModule } from '#http/health/health.module.js';
import { HttpModule } from '#http/http.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { NumberRegistryModule } from '#identity/numbers/number-registry.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import type { Clock } from '#kernel/clock.js';
import { NumbersModule } from '#numbers/numbers.module.js';
import { OnboardingModule } from '#onboarding/onboarding.module.js';
import { ErasureModule } from '#privacy/erasure/erasure.module.js';
import { ExportModule } from '#privacy/export/export.module.js';
import { RetentionModule } from '#privacy/retention/retention.module.js';
import { SecretsModule } from '#secrets/secrets.module.js';
import { StoreModule } from '#store/store.module.js';
import { TelemetryModule } from '#telemetry/telemetry.module.js';

/** Every module, in the order of the layers. */
const MODULES = [
  TelemetryModule,
  SecretsModule,
  HttpModule,
  NumberRegistryModule,
  Dialog360Module,
  NumbersModule,
  IdentityModule,
  InboxModule,
  EventsModule,
  SubscriptionsModule,
  ForwardingModule,
  AccessModule,
  // Its guard runs after the guard of access, which finds the principal.
  AuditModule,
  ComplianceModule,
  CallingModule,
  RetentionModule,
  ErasureModule,
  ExportModule,
  OnboardingModule,
  GraphWebhooksModule,
  ErrorsModule,
  HealthModule,
  ConsoleModule,
];

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a module of Nest is a class, and this one is made from settings
export class AppModule {
  static with(settings: Settings, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(settings, clock),
        StoreModule.open(),
        ScheduleModule.forRoot(),
        ...MODULES,
        ...(settings.graph.enabled ? [GraphRoutesModule] : []),
      ],
    };
  }
}
