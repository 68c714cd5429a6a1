import { Inject, Injectable } from '@nestjs/common';
import type { ReportView } from '#compliance/reports/report.view.js';
import { ReportsStore } from '#compliance/reports/reports.store.js';
import { Settings } from '#config/settings.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { addDays, type IsoDate } from '#kernel/calendar/calendar.js';
import { Clock, DAY } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import { numberPeriodOf, troubleFirst } from './number-period.js';
import { type DayMetrics, daysWithin, metricsOf } from './period-figures.js';
import type { ComparedReportView, NumberPeriodReportView, PeriodReportsView, ReportedNumber } from './period-report.view.js';
import { type Every, type ReportSpan, spanBefore, spanOf, spanOver, spansUntil } from './span.js';

/** How many spans a trend has. */
const TREND: Readonly<Record<Every, number>> = { day: 30, week: 12, month: 12 };

/** Reports about days, weeks and months beside the period before. They are read from the reports of the days, and nothing of them is stored. */
@Injectable()
export class PeriodReportsService {
  constructor(
    private readonly reports: ReportsStore,
    private readonly numbers: NumbersService,
    private readonly settings: SettingsOfNumbers,
    private readonly store: Store,
    @Inject(Settings) private readonly gateway: Pick<Settings, 'mode'>,
    private readonly clock: Clock,
  ) {}

  /** The report of each number that `by` reaches, those with trouble first. Days without a report are left out of the figures and counted. */
  async of(by: NumberReach, span: ReportSpan): Promise<PeriodReportsView> {
    const numbers: NumberPeriodReportView[] = [];
    for (const { phoneNumberId, displayPhoneNumber, name } of this.numbers.reachedBy(by)) {
      numbers.push(await this.#of({ phone_number_id: phoneNumberId, display_phone_number: displayPhoneNumber, name }, span));
    }
    return { period: span, numbers: troubleFirst(numbers) };
  }

  /**
   * The span to show when none is named: the latest whose last day has a report of any of the numbers, else the latest that is over.
   * @param date any day of the wanted span
   */
  async span(by: NumberReach, every: Every, date?: IsoDate): Promise<ReportSpan> {
    if (date !== undefined) return spanOf(every, date);
    const latest = (await this.lastDates(by)).toSorted().at(-1);
    if (latest === undefined) {
      const [first] = this.numbers.reachedBy(by);
      return spanOver(every, this.clock.now(), this.settings.of(first?.phoneNumberId ?? '').timeZone);
    }
    const span = spanOf(every, latest);
    return span.last <= latest ? span : spanBefore(span);
  }

  /** The day of the latest report of each number that has one. */
  async lastDates(by: NumberReach): Promise<IsoDate[]> {
    const dates: IsoDate[] = [];
    for (const { phoneNumberId } of this.numbers.reachedBy(by)) {
      const found = await this.reports.lastDate(this.store.readLong, phoneNumberId);
      if (found !== null) dates.push(found);
    }
    return dates;
  }

  /** One revision of the report of a day, beside the latest of the day before. */
  async compared(report: ReportView): Promise<ComparedReportView> {
    const number = this.numbers.byId(report.phone_number_id);
    const reported = {
      phone_number_id: report.phone_number_id,
      display_phone_number: number?.displayPhoneNumber ?? null,
      name: number?.name ?? null,
    };
    const { report: _, ...comparison } = await this.#of(reported, spanOf('day', report.period.date), report);
    return { ...report, comparison };
  }

  async #of(number: ReportedNumber, span: ReportSpan, revision?: ReportView): Promise<NumberPeriodReportView> {
    const spans = spansUntil(span, TREND[span.every]);
    const before = spanBefore(span);
    const found = await this.#days(number.phone_number_id, { first: spans[0]?.first ?? before.first, last: span.last });
    const days = revision ? [...found.filter(({ date }) => date !== span.last), metricsOf(revision)] : found;
    const [now, past] = [daysWithin(span, days), daysWithin(before, days)];
    const [last, lastBefore] = [
      revision ?? (await this.#last(number.phone_number_id, now)),
      await this.#last(number.phone_number_id, past),
    ];
    const zone = { mode: this.gateway.mode, timeZone: this.settings.of(number.phone_number_id).timeZone };
    return numberPeriodOf(number, { span, spans, days, last, lastBefore }, zone);
  }

  /** The latest revision of each day, oldest first. */
  async #days(phoneNumberId: string, { first, last }: Pick<ReportSpan, 'first' | 'last'>): Promise<DayMetrics[]> {
    // A day of a zone begins up to 14 h before that of UTC, and up to 12 h after it.
    const found = await this.reports.metrics(
      this.store.readLong,
      phoneNumberId,
      Date.parse(first) - DAY,
      Date.parse(addDays(last, 1)) + DAY,
    );
    const byDate = new Map(found.map((day) => [day.date, day]));
    return [...byDate.values()].filter(({ date }) => date >= first && date <= last);
  }

  async #last(phoneNumberId: string, days: readonly DayMetrics[]): Promise<ReportView | null> {
    const day = days.at(-1);
    return day ? ((await this.reports.revisionOf(this.store.readLong, phoneNumberId, day.from))?.report ?? null) : null;
  }
}
