import { Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { Settings } from '#config/settings.js';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';

/** The logger and the measures, for every room. */
export abstract class Log {
  abstract readonly pino: Logger;
}

@Global()
@Module({
  providers: [Metrics, { provide: Log, inject: [Settings], useFactory: (settings: Settings): Log => ({ pino: createLogger(settings) }) }],
  exports: [Metrics, Log],
})
export class TelemetryModule {}
