import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { Log } from './log.js';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { type Tracing, traceWith, tracingNow } from './traces.js';

/** The tracing that this process switched on, or none. */
class OwnTracing {
  constructor(readonly tracing: Tracing | null) {}
}

/** OpenTelemetry is loaded only with a collector. */
async function startTracing({ tracesUrl, mode }: Settings): Promise<OwnTracing> {
  const tracing = tracesUrl === null ? null : (await import('./opentelemetry.js')).openTelemetry(tracesUrl, mode);
  if (tracing) traceWith(tracing);
  return new OwnTracing(tracing);
}

@Global()
@Module({
  providers: [
    Metrics,
    { provide: OwnTracing, inject: [Settings], useFactory: startTracing },
    { provide: Log, inject: [Settings], useFactory: (settings: Settings): Log => ({ pino: createLogger(settings) }) },
  ],
  exports: [Metrics, Log],
})
export class TelemetryModule implements OnApplicationShutdown {
  constructor(private readonly own: OwnTracing) {}

  async onApplicationShutdown(): Promise<void> {
    const { tracing } = this.own;
    if (tracing && tracing === tracingNow()) traceWith(null);
    await tracing?.close();
  }
}
