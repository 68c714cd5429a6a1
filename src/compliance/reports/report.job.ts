import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Interval, SchedulerRegistry } from '@nestjs/schedule';
import { CronJob, CronTime } from 'cron';
import { SnapshotsService } from '#compliance/polling/snapshots.service.js';
import { Settings } from '#config/settings.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { SingleFlight } from '#kernel/wake-up-loop.js';
import { Log } from '#telemetry/log.js';
import { ReportsService } from './reports.service.js';

const NAME = 'compliance-report';
/** A start waits so long for its first poll, so that the first report is not empty. */
const FIRST_MS = 4 * SECOND;

/**
 * Writes reports by `COMPLIANCE_REPORT_CRON`, and after a start those that were missed. The schedule says when to write; what
 * a period is, the calendar says. A number without any report gets its first one at once.
 */
@Injectable()
export class ReportJob implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | null = null;
  readonly #flight = new SingleFlight<void>();
  #stopped = false;

  constructor(
    private readonly reports: ReportsService,
    private readonly snapshots: SnapshotsService,
    private readonly numbers: NumbersService,
    private readonly schedule: SchedulerRegistry,
    @Inject(Settings) private readonly settings: Pick<Settings, 'compliance'>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const { reportCron, timeZone } = this.settings.compliance;
    const job = CronJob.from({ cronTime: reportCron, timeZone, onTick: () => void this.run() });
    this.schedule.addCronJob(NAME, job);
    job.start();
    this.#timer = setTimeout(() => void this.run(), FIRST_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (this.schedule.doesExist('cron', NAME)) this.schedule.deleteCronJob(NAME);
    await this.#flight.idle();
  }

  /** Retries every minute: the database may be away at the scheduled time, and the first report waits for a poll. */
  @Interval(MINUTE)
  async run(): Promise<void> {
    if (this.#stopped) return;
    await this.#flight.run(() =>
      this.#write().catch((error) =>
        this.log.pino.error({ event: 'reports.write_failed', error }, 'reports could not be written; the next run tries again'),
      ),
    );
  }

  async #write(): Promise<void> {
    // A number whose report cannot be written keeps no other from its own.
    const written = await Promise.allSettled(this.numbers.all().map((number) => this.#writeOf(number)));
    for (const one of written) if (one.status === 'rejected') throw one.reason;
  }

  async #writeOf(number: BusinessNumber): Promise<void> {
    const [poll] = await this.snapshots.list({ numbers: [number.phoneNumberId] }, 1, null);
    if (!poll) return;
    const first = !(await this.reports.hasAny(number.phoneNumberId));
    await this.reports.writeDue(number, (since) => first || this.#isDue(since));
  }

  /** Whether the schedule was due since then. */
  #isDue(since: number): boolean {
    const { reportCron, timeZone } = this.settings.compliance;
    const next = new CronTime(reportCron, timeZone).getNextDateFrom(new Date(since - 1), timeZone).toMillis();
    return next <= this.clock.now();
  }
}
