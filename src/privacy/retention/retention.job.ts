import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock, HOUR } from '#kernel/clock.js';
import { Log } from '#telemetry/log.js';
import { PURGES, type Purge } from './purge.js';

/** Deletes rows after their retention, every hour. Modules with a schedule of their own, such as the inbox, purge themselves. */
@Injectable()
export class RetentionJob {
  constructor(
    @Inject(PURGES) private readonly purges: readonly Purge[],
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Runs every purge; one that fails does not keep the others from running. */
  @Interval(HOUR)
  async purge(): Promise<void> {
    const now = this.clock.now();
    const purged: Record<string, number> = {};
    for (const { name, run } of this.purges) {
      try {
        purged[name] = await run(now);
      } catch (error) {
        this.log.pino.error({ event: 'retention.purge_failed', error, what: name }, 'a purge failed; the next one is in an hour');
      }
    }
    this.log.pino.info({ event: 'retention.purged', ...purged }, 'rows past their retention are deleted');
  }
}
