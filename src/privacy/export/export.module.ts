import { Module } from '@nestjs/common';
import { PersonTracesModule } from '#privacy/person/person-traces.module.js';
import { ExportController } from './export.controller.js';
import { ExportService } from './export.service.js';
import { ExportStore } from './export.store.js';

/** Everything that is kept about a person, as JSON. */
@Module({
  imports: [PersonTracesModule],
  controllers: [ExportController],
  providers: [ExportStore, ExportService],
})
export class ExportModule {}
