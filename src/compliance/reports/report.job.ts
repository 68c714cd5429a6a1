import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SnapshotsService } from '#compliance/polling/snapshots.service.js';
import { PacedRuns } from '#compliance/schedule/paced-runs.js';
import { momentBefore, nextSlot, type Schedule } from '#compliance/schedule/slots.service.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { Log } from '#telemetry/log.js';
import { ReportsService } from './reports.service.js';

/** A start waits so long for its first poll, so that the first report is not empty. */
const FIRST_MS = 4 * SECOND;
/** When late data is looked for where there are several numbers; each has its turn within the quarter of an hour. */
const EACH_QUARTER: Schedule = { cron: '*/15 * * * *', timeZone: 'UTC' };
/** The database does most of the work; a number waits for 360dialog at most. */
const LIMITS = { mostAtOnce: 8, mostPerSecond: 50 };

/** When a number is looked at next, and the schedule by which it was found. */
interface Look {
  at: number;
  schedule: string;
}

/**
 * Writes the reports of each number by its `report_cron` in its time zone, and after a start those that were missed. The schedule says when to
 * write; what a period is, the calendar says. A number without any report gets its first one at once.
 */
@Injectable()
export class ReportJob implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | null = null;
  readonly #looks = new Map<string, Look>();
  readonly #runs = new PacedRuns<null>(LIMITS, (id) => this.#look(id));

  constructor(
    private readonly reports: ReportsService,
    private readonly snapshots: SnapshotsService,
    private readonly numbers: NumbersService,
    private readonly settings: SettingsOfNumbers,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#begin();
    }, FIRST_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.#runs.stop();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#runs.idle();
  }

  @Interval(SECOND)
  tick(): void {
    if (this.#timer === null) this.#begin();
  }

  /** Looks at every number whose turn has come; resolves when that is done. */
  run(): Promise<void> {
    this.#begin();
    return this.#runs.idle();
  }

  #begin(): void {
    const now = this.clock.now();
    const all = this.numbers.all();
    for (const { phoneNumberId } of all) {
      const look = this.#looks.get(phoneNumberId);
      if (!look || look.at <= now || look.schedule !== this.#nameOf(phoneNumberId)) this.#runs.want(phoneNumberId, null);
    }
    const left = new Set(all.map(({ phoneNumberId }) => phoneNumberId));
    for (const id of this.#looks.keys()) if (!left.has(id)) this.#looks.delete(id);
  }

  async #look(phoneNumberId: string): Promise<void> {
    const [now, schedule] = [this.clock.now(), this.#nameOf(phoneNumberId)];
    let hasReports = false;
    try {
      const number = this.numbers.byId(phoneNumberId);
      if (number) hasReports = await this.#writeOf(number);
    } catch (error) {
      this.log.pino.error({ event: 'reports.write_failed', error }, 'reports could not be written; the next run tries again');
    }
    this.#looks.set(phoneNumberId, { at: this.#nextLook(phoneNumberId, now, hasReports), schedule });
  }

  /**
   * A number that is alone is looked at each minute, and at the moments of its schedule. Of several, those that wait for their first report or
   * whose report could not be written.
   */
  #nextLook(phoneNumberId: string, now: number, hasReports: boolean): number {
    const isAlone = this.numbers.all().length === 1;
    const id = isAlone ? null : phoneNumberId;
    const again = isAlone || !hasReports ? now + MINUTE : nextSlot(EACH_QUARTER, id, now);
    return Math.min(again, nextSlot(this.#scheduleOf(phoneNumberId), id, now));
  }

  /** @returns whether the number has a report now */
  async #writeOf(number: BusinessNumber): Promise<boolean> {
    const [poll] = await this.snapshots.list({ numbers: [number.phoneNumberId] }, 1, null);
    if (!poll) return false;
    const hasReports = await this.reports.hasAny(number.phoneNumberId);
    const latest = momentBefore(this.#scheduleOf(number.phoneNumberId), this.clock.now());
    await this.reports.writeDue(number, (since) => !hasReports || since <= latest);
    return true;
  }

  #scheduleOf(phoneNumberId: string): Schedule {
    const { reportCron: cron, timeZone } = this.settings.of(phoneNumberId);
    return { cron, timeZone };
  }

  #nameOf(phoneNumberId: string): string {
    const { cron, timeZone } = this.#scheduleOf(phoneNumberId);
    return `${timeZone} ${cron}`;
  }
}
