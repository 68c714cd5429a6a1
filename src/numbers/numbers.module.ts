import { Module } from '@nestjs/common';
import { Dialog360Module } from '#dialog360/dialog360.module.js';
import { NumberRegistryModule } from '#identity/numbers/number-registry.module.js';
import { EnvironmentNumberService } from './environment-number.service.js';
import { Lines } from './lines.js';
import { LinesService } from './lines.service.js';

/** Our numbers at 360dialog: which one the environment's key is of, and the line of each. It exports the registry, too. */
@Module({
  imports: [Dialog360Module, NumberRegistryModule],
  providers: [EnvironmentNumberService, { provide: Lines, useClass: LinesService }],
  exports: [EnvironmentNumberService, Lines, NumberRegistryModule],
})
export class NumbersModule {}
