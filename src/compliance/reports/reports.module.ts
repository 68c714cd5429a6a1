import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { ConversationsModule } from '#compliance/conversations/conversations.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { PollingModule } from '#compliance/polling/polling.module.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { CallMetricsStore } from './call-metrics.store.js';
import { LedgerService } from './ledger.service.js';
import { OverviewService } from './overview/overview.service.js';
import { PeriodMetricsService } from './period-metrics.service.js';
import { PeriodReportsService } from './periods/period-reports.service.js';
import { ReportJob } from './report.job.js';
import { ReportsController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';
import { ReportsStore } from './reports.store.js';
import { StatusSectionService } from './status/status-section.service.js';

/** The scheduled reports. */
@Module({
  imports: [AccessModule, EligibilityModule, ConversationsModule, EventsModule, IdentityModule, PollingModule],
  controllers: [ReportsController],
  providers: [
    ReportsStore,
    CallMetricsStore,
    PeriodMetricsService,
    StatusSectionService,
    LedgerService,
    ReportsService,
    OverviewService,
    PeriodReportsService,
    ReportJob,
  ],
  exports: [ReportsService, PeriodReportsService],
})
export class ReportsModule {}
