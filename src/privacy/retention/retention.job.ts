import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { AuditService } from '#access/audit/audit.service.js';
import { IdempotencyService } from '#access/idempotency/idempotency.service.js';
import { SessionsService } from '#access/sessions/sessions.service.js';
import { CallsService } from '#calling/call/calls.service.js';
import { Settings } from '#config/settings.js';
import { OutboxService } from '#events/outbox.service.js';
import { Clock, DAY, HOUR } from '#kernel/clock.js';
import { Log } from '#telemetry/telemetry.module.js';

/** Events can be resumed for a week, like 360dialog's own deliveries. */
const KEEP_EVENTS = 7 * DAY;

/** The rooms whose rows are forgotten here. */
@Injectable()
export class Forgetful {
  constructor(
    readonly calls: CallsService,
    readonly outbox: OutboxService,
    readonly idempotency: IdempotencyService,
    readonly audit: AuditService,
    readonly sessions: SessionsService,
  ) {}
}

/** Forgets what has served its time. Rooms with a term of their own (inbox, refusals) see to it themselves. */
@Injectable()
export class RetentionJob {
  constructor(
    private readonly rooms: Forgetful,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** One table that fails does not keep the others. */
  @Interval(HOUR)
  async forget(): Promise<void> {
    const now = this.clock.now();
    const { calls, outbox, idempotency, audit, sessions } = this.rooms;
    const forgotten: Record<string, number> = {};
    for (const [name, purge] of Object.entries({
      calls: () => calls.purge(now - this.settings.retentionDays * DAY),
      events: () => outbox.purge(now - KEEP_EVENTS),
      answers: () => idempotency.purge(now),
      acts: () => audit.purge(now),
      sessions: () => sessions.purge(now - DAY),
    })) {
      try {
        forgotten[name] = await purge();
      } catch (error) {
        this.log.pino.error({ error, what: name }, 'old data could not be forgotten; it is tried again in an hour');
      }
    }
    this.log.pino.info(forgotten, 'what has served its time was forgotten');
  }
}
