import { Module } from '@nestjs/common';
import { CallModule } from '#calling/call/call.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { BundleService } from './bundle.service.js';
import { CallLogController } from './call-log.controller.js';
import { CsvExportService } from './csv-export.service.js';

/** Reading the calls. */
@Module({
  imports: [CallModule, EligibilityModule, IdentityModule],
  controllers: [CallLogController],
  providers: [BundleService, CsvExportService],
})
export class CallLogModule {}
