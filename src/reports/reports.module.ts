import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { ComplianceModule } from '#compliance/compliance.module.js';
import { ConversationsModule } from '#conversations/conversations.module.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { ObservationsModule } from '#observations/observations.module.js';
import { BackgroundService } from './background.service.js';
import { CallFiguresStore } from './call-figures.store.js';
import { LedgerService } from './ledger.service.js';
import { PeriodFiguresService } from './period-figures.service.js';
import { ReportJob } from './report.job.js';
import { ReportsController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';
import { ReportsStore } from './reports.store.js';

/** The scheduled reports. */
@Module({
  imports: [AccessModule, ComplianceModule, ConversationsModule, EventsModule, IdentityModule, ObservationsModule],
  controllers: [ReportsController],
  providers: [ReportsStore, CallFiguresStore, PeriodFiguresService, BackgroundService, LedgerService, ReportsService, ReportJob],
})
export class ReportsModule {}
