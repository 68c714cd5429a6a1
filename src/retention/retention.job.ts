import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { IdempotencyService } from '#access/idempotency.service.js';
import { CallsService } from '#call/calls.service.js';
import { Settings } from '#config/settings.js';
import { OutboxService } from '#events/outbox.service.js';
import { Clock, DAY, HOUR } from '#kernel/clock.js';
import { Log } from '#telemetry/telemetry.module.js';

/** Events can be resumed for a week, like 360dialog's own deliveries. */
const KEEP_EVENTS = 7 * DAY;

/** Forgets what has served its time. Rooms with a term of their own (inbox, refusals) see to it themselves. */
@Injectable()
export class RetentionJob {
  constructor(
    private readonly calls: CallsService,
    private readonly outbox: OutboxService,
    private readonly idempotency: IdempotencyService,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  @Interval(HOUR)
  async forget(): Promise<void> {
    const now = this.clock.now();
    try {
      const calls = await this.calls.purge(now - this.settings.retentionDays * DAY);
      const events = await this.outbox.purge(now - KEEP_EVENTS);
      const answers = await this.idempotency.purge(now);
      this.log.pino.info({ calls, events, answers }, 'what has served its time was forgotten');
    } catch (error) {
      this.log.pino.error({ error }, 'old data could not be forgotten; it is tried again in an hour');
    }
  }
}
