import { Injectable } from '@nestjs/common';
import { type DeliveryPeriod, endedAt, periodAt } from '#compliance/report-deliveries/delivery-period.js';
import { togetherOf } from '#compliance/report-deliveries/period-report.js';
import { type ReportDelivery, reachOfDelivery } from '#compliance/report-deliveries/report-delivery.js';
import { ReportDaysService } from '#compliance/reports/days/report-days.service.js';
import type { MailOptions } from '#compliance/reports/mail/report-mail.js';
import type { ReportView } from '#compliance/reports/report.view.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { addDays } from '#kernel/calendar/calendar.js';
import { HOUR } from '#kernel/clock.js';

/** A report that is not written so long after the end of its period is not waited for: the days of a number may end a day after the reader's. */
const WAIT_MS = 36 * HOUR;
/** A number without a report for longer is not waited for. */
const SILENT_DAYS = 3;

/** What a delivery says of a period. */
export interface PeriodContent extends Required<Pick<MailOptions, 'span' | 'before' | 'numbers'>> {
  /** One for each number that has reports of the period. */
  reports: ReportView[];
}

/** Reads the reports of a period for a delivery. */
@Injectable()
export class PeriodContentService {
  constructor(
    private readonly reports: ReportDaysService,
    private readonly numbers: NumbersService,
  ) {}

  /** @param from the beginning of the period @returns `wait` while a report of the last day is to come, `none` when there is none at all */
  async of(delivery: ReportDelivery, from: number, now: number): Promise<PeriodContent | 'wait' | 'none'> {
    const { every, timeZone } = delivery;
    const period = periodAt(every, timeZone, from);
    const reached = this.numbers.reachedBy(reachOfDelivery(delivery));
    const isPatient = now < period.until + WAIT_MS;
    const reports: ReportView[] = [];
    for (const { phoneNumberId } of reached) {
      const days = await this.#days(phoneNumberId, period);
      const isThere = days.at(-1)?.period.date === period.last;
      if (!isThere && isPatient && (await this.#isExpected(phoneNumberId, period))) return 'wait';
      const together = togetherOf(days);
      if (together) reports.push(together);
    }
    if (reports.length === 0) return isPatient ? 'wait' : 'none';
    return {
      reports,
      span: { first: period.first, last: period.last },
      before: await this.#before(delivery, reached, period),
      numbers: reached.map(namedOf),
    };
  }

  async #before({ every, timeZone }: ReportDelivery, reached: readonly BusinessNumber[], period: DeliveryPeriod): Promise<ReportView[]> {
    const earlier = endedAt(every, timeZone, period.from);
    const found: ReportView[] = [];
    for (const { phoneNumberId } of reached) {
      const together = togetherOf(await this.#days(phoneNumberId, earlier));
      if (together) found.push(together);
    }
    return found;
  }

  #days(phoneNumberId: string, { first, last, from, until }: DeliveryPeriod): Promise<ReportView[]> {
    return this.reports.daysOf(phoneNumberId, first, last, { from, until });
  }

  /** Whether a report of the last day is to come: the number had one lately. */
  async #isExpected(phoneNumberId: string, { last }: DeliveryPeriod): Promise<boolean> {
    const latest = await this.reports.latestDay(phoneNumberId);
    return latest !== null && latest >= addDays(last, -SILENT_DAYS);
  }
}

const namedOf = ({ phoneNumberId, displayPhoneNumber, name }: BusinessNumber): PeriodContent['numbers'][number] => ({
  phone_number_id: phoneNumberId,
  display_phone_number: displayPhoneNumber,
  name,
});
