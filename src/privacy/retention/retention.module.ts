import { type FactoryProvider, Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { AuditModule } from '#access/audit/audit.module.js';
import { AuditService } from '#access/audit/audit.service.js';
import { IdempotencyService } from '#access/idempotency/idempotency.service.js';
import { SessionsService } from '#access/sessions/sessions.service.js';
import { CallModule } from '#calling/call/call.module.js';
import { EarlyFactsService } from '#calling/call/early-facts.service.js';
import { PollingModule } from '#compliance/polling/polling.module.js';
import { ReportDeliveriesModule } from '#compliance/report-deliveries/report-deliveries.module.js';
import { ReportDeliveriesService } from '#compliance/report-deliveries/report-deliveries.service.js';
import { ReportsModule } from '#compliance/reports/reports.module.js';
import { EventsModule } from '#events/events.module.js';
import { OutboxService } from '#events/outbox.service.js';
import { NumberRegistryModule } from '#identity/numbers/number-registry.module.js';
import { DAY } from '#kernel/clock.js';
import { ErasureModule } from '#privacy/erasure/erasure.module.js';
import { PeopleRetention } from '#privacy/erasure/people-retention.service.js';
import { NumberRetention } from './number-retention.service.js';
import { PURGES, type Purge } from './purge.js';
import { RetentionJob } from './retention.job.js';

/** Clients can resume an event stream for a week; 360dialog repeats a delivery for as long. */
const KEEP_EVENTS_MS = 7 * DAY;

/** 360dialog repeats a delivery for a week: nothing names the user of such a fact any more a day later. */
const KEEP_EARLY_MS = 8 * DAY;

/** The registry of what is purged, with its retention. */
const purges: FactoryProvider<Purge[]> = {
  provide: PURGES,
  inject: [
    EarlyFactsService,
    OutboxService,
    IdempotencyService,
    AuditService,
    SessionsService,
    NumberRetention,
    PeopleRetention,
    ReportDeliveriesService,
  ],
  useFactory: (
    early: EarlyFactsService,
    outbox: OutboxService,
    idempotency: IdempotencyService,
    audit: AuditService,
    sessions: SessionsService,
    numbers: NumberRetention,
    people: PeopleRetention,
    deliveries: ReportDeliveriesService,
  ) => [
    { name: 'calls', run: (now) => numbers.purgeCalls(now) },
    { name: 'snapshots', run: (now) => numbers.purgeSnapshots(now) },
    { name: 'reports', run: (now) => numbers.purgeReports(now) },
    { name: 'people', run: (now) => people.purge(now) },
    { name: 'early_facts', run: (now) => early.purge(now - KEEP_EARLY_MS) },
    { name: 'events', run: (now) => outbox.purge(now - KEEP_EVENTS_MS) },
    { name: 'answers', run: (now) => idempotency.purge(now) },
    { name: 'acts', run: (now) => audit.purge(now) },
    { name: 'report_deliveries', run: (now) => deliveries.purge(now) },
    { name: 'sessions', run: (now) => sessions.purge(now - DAY) },
  ],
};

/** How long rows are kept. */
@Module({
  imports: [
    AccessModule,
    AuditModule,
    CallModule,
    ErasureModule,
    EventsModule,
    NumberRegistryModule,
    PollingModule,
    ReportDeliveriesModule,
    ReportsModule,
  ],
  providers: [NumberRetention, purges, RetentionJob],
  exports: [RetentionJob],
})
export class RetentionModule {}
