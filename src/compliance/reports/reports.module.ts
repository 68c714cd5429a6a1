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
import { PeriodReportsModule } from './period-reports.module.js';
import { ReportJob } from './report.job.js';
import { ReportsController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';
import { StatusSectionService } from './status/status-section.service.js';

/** The scheduled reports. */
@Module({
  imports: [AccessModule, EligibilityModule, ConversationsModule, EventsModule, IdentityModule, PeriodReportsModule, PollingModule],
  controllers: [ReportsController],
  providers: [CallMetricsStore, PeriodMetricsService, StatusSectionService, LedgerService, ReportsService, OverviewService, ReportJob],
  exports: [ReportsService],
})
export class ReportsModule {}
