import { Module } from '@nestjs/common';
import { ConversationsModule } from '#compliance/conversations/conversations.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { PollingModule } from '#compliance/polling/polling.module.js';
import { ReportDeliveriesModule } from '#compliance/report-deliveries/report-deliveries.module.js';
import { ReportsModule } from '#compliance/reports/reports.module.js';
import { SourcesModule } from '#compliance/sources/sources.module.js';

const PARTS = [SourcesModule, ConversationsModule, EligibilityModule, PollingModule, ReportsModule, ReportDeliveriesModule];

/**
 * May this number place calls, and how far is the requirement of business-initiated conversations? The scheduled job in `polling/`
 * reads the sources, `eligibility/` derives verdicts from the readings, `reports/` writes one report per local day. It imports and
 * exports its parts; other modules import the part that they need.
 */
@Module({ imports: PARTS, exports: PARTS })
export class ComplianceModule {}
