import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity/identity.module.js';
import { PeriodReportsService } from './periods/period-reports.service.js';
import { ReportsStore } from './reports.store.js';

/** What the reports of days say of weeks and months, for all that shows or sends it. */
@Module({
  imports: [IdentityModule],
  providers: [ReportsStore, PeriodReportsService],
  exports: [ReportsStore, PeriodReportsService],
})
export class PeriodReportsModule {}
