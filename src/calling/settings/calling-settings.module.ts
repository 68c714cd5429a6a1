import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { EligibilityModule } from '#compliance/eligibility/eligibility.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { NumbersModule } from '#numbers/numbers.module.js';
import { CallingSettingsController } from './calling-settings.controller.js';
import { CallingSettingsService } from './calling-settings.service.js';

/** The number's calling settings, read and changed. */
@Module({
  imports: [AccessModule, EligibilityModule, NumbersModule, IdentityModule],
  controllers: [CallingSettingsController],
  providers: [CallingSettingsService],
  exports: [CallingSettingsService],
})
export class CallingSettingsModule {}
