import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { NumberRegistryModule } from '#identity/numbers/number-registry.module.js';
import { AuditController } from './audit.controller.js';
import { AuditGuard } from './audit.guard.js';
import { AuditService } from './audit.service.js';
import { AuditStore } from './audit.store.js';
import { AuditExportService } from './audit-export.service.js';

/** The audit log; the database refuses changes to its rows. */
@Module({
  imports: [NumberRegistryModule],
  controllers: [AuditController],
  providers: [AuditStore, AuditService, AuditExportService, { provide: APP_GUARD, useClass: AuditGuard }],
  exports: [AuditService],
})
export class AuditModule {}
