import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { MetaClient } from './meta.client.js';
import { PartnerClient } from './partner.client.js';
import { PartnerBudget } from './partner-budget.service.js';
import { PartnerRequestsStore } from './partner-requests.store.js';

/** The ways out to 360dialog's partner API and, for owners who have a token, to Meta. Needs the settings, the clock and the store, which are global. */
@Module({
  imports: [HttpModule],
  providers: [PartnerRequestsStore, PartnerBudget, PartnerClient, MetaClient],
  exports: [PartnerClient, MetaClient],
})
export class SourcesModule {}
