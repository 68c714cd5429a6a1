import { Module } from '@nestjs/common';
import { NumberCache } from './number-cache.service.js';
import { NumberSealService } from './number-seal.service.js';
import { SettingsOfNumbers } from './number-settings.service.js';
import { NumbersService } from './numbers.service.js';
import { NumbersStore } from './numbers.store.js';

/** The business numbers of this gateway, as they are stored. */
@Module({
  providers: [NumbersStore, NumberCache, NumberSealService, NumbersService, SettingsOfNumbers],
  exports: [NumberCache, NumberSealService, NumbersService, SettingsOfNumbers],
})
export class NumberRegistryModule {}
