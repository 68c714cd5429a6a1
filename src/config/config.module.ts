import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigService, ConfigModule as NestConfigModule } from '@nestjs/config';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Settings } from './settings.js';

/**
 * Provides the settings that `readSettings` has checked, and the clock. `@nestjs/config` carries them, as Nest's own way to provide a
 * configuration; it reads neither files nor variables here.
 */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a module of Nest is a class, and this one is made from settings
export class ConfigModule {
  static with(settings: Settings, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      imports: [NestConfigModule.forRoot({ ignoreEnvFile: true, ignoreEnvVars: true, load: [() => ({ settings })] })],
      providers: [
        { provide: Settings, inject: [ConfigService], useFactory: (config: ConfigService) => config.getOrThrow<Settings>('settings') },
        { provide: Clock, useValue: clock },
      ],
      exports: [Settings, Clock],
    };
  }
}
