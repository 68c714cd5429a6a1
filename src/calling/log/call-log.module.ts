import { Module } from '@nestjs/common';
import { CallModule } from '#calling/call/call.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { BundleService } from './bundle.service.js';
import { CallLogController } from './call-log.controller.js';
import { CsvExportService } from './csv-export.service.js';
import { PeopleController } from './people.controller.js';

/** Reading the calls, and finding people with their last one. */
@Module({
  imports: [CallModule, EligibilityModule, IdentityModule],
  controllers: [CallLogController, PeopleController],
  providers: [BundleService, CsvExportService],
})
export class CallLogModule {}
