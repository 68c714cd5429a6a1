import { Injectable } from '@nestjs/common';
import { periodAt } from '#compliance/report-deliveries/delivery-period.js';
import { type ReportDelivery, reachOfDelivery } from '#compliance/report-deliveries/report-delivery.js';
import type { PeriodReportsView } from '#compliance/reports/periods/period-report.view.js';
import { PeriodReportsService } from '#compliance/reports/periods/period-reports.service.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { addDays, type IsoDate } from '#kernel/calendar/calendar.js';
import { HOUR } from '#kernel/clock.js';

/** A report that is not written so long after the end of its period is not waited for: the days of a number may end a day after the reader's. */
const WAIT_MS = 36 * HOUR;
/** A number without a report for longer is not waited for. */
const SILENT_DAYS = 3;

/** Reads the reports of a period for a delivery. */
@Injectable()
export class PeriodContentService {
  constructor(private readonly periods: PeriodReportsService) {}

  /** @param from the beginning of the period @returns `wait` while a report of the last day is to come, `none` when there is none at all */
  async of(delivery: ReportDelivery, from: number, now: number): Promise<PeriodReportsView | 'wait' | 'none'> {
    const { every, timeZone } = delivery;
    const { first, last, until } = periodAt(every, timeZone, from);
    const reach = reachOfDelivery(delivery);
    const isPatient = now < until + WAIT_MS;
    if (isPatient && (await this.#isExpected(reach, last))) return 'wait';
    const document = await this.periods.of(reach, { every, first, last });
    if (document.numbers.some(({ reported_days }) => reported_days > 0)) return document;
    return isPatient ? 'wait' : 'none';
  }

  /** Whether a report of the last day is to come: a number has none of it, and had one lately. */
  async #isExpected(reach: NumberReach, last: IsoDate): Promise<boolean> {
    const latest = await this.periods.lastDates(reach);
    return latest.some((date) => date < last && date >= addDays(last, -SILENT_DAYS));
  }
}
