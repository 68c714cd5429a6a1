import { report } from '#compliance/reports/report.fixture.js';
import type { ReportView } from '#compliance/reports/report.view.js';
import { addDays, datesBetween, type IsoDate } from '#kernel/calendar/calendar.js';
import { numberPeriodOf, troubleFirst } from './number-period.js';
import { metricsOf } from './period-figures.js';
import type { ComparedReportView, NumberPeriodReportView, PeriodReportsView, ReportedNumber } from './period-report.view.js';
import { type Every, spanBefore, spanOf, spansUntil } from './span.js';

export const MEXICO: ReportedNumber = { phone_number_id: '300000000000001', display_phone_number: '525512345678', name: 'Sales' };

/** The report of one day; what the days have differs from day to day. */
export function dayReport(date: IsoDate, over: Partial<ReportView> = {}): ReportView {
  const seed = Number(date.slice(8)) + Number(date.slice(5, 7));
  const [inbound, outbound] = [
    { total: 9 + (seed % 5), answered: 5 + (seed % 3), missed: 2 + (seed % 4) },
    { total: 14 + (seed % 6), answered: 8 + (seed % 4), unanswered: 3 + (seed % 3) },
  ];
  const conversations = [{ source: 'partner_api', time_zone: 'UTC', business_initiated: 30 + (seed % 9), total: 44 + (seed % 11) }];
  return report({
    id: `rep_${date}`,
    period: { date, from: `${date}T06:00:00.000Z`, to: `${addDays(date, 1)}T06:00:00.000Z`, time_zone: 'America/Mexico_City' },
    created_at: `${addDays(date, 1)}T14:00:00.000Z`,
    figures: { conversations, calls: { inbound, outbound } },
    ...over,
  });
}

export interface Planted {
  number?: ReportedNumber;
  every?: Every;
  date?: IsoDate;
  /** What differs from the reports of the fixture, by the day. */
  over?: (date: IsoDate) => Partial<ReportView> | null;
}

/** One number's report about the span that holds a day; `over` may leave days out with null. */
export function numberPeriod({
  number = MEXICO,
  every = 'day',
  date = '2026-11-21',
  over = () => ({}),
}: Planted = {}): NumberPeriodReportView {
  const span = spanOf(every, date);
  const spans = spansUntil(span, every === 'day' ? 30 : 8);
  const reports = datesBetween(spans[0]?.first ?? date, addDays(span.last, 1)).flatMap((day) => {
    const given = over(day);
    return given ? [dayReport(day, { phone_number_id: number.phone_number_id, ...given })] : [];
  });
  const lastIn = ({ first, last }: { first: IsoDate; last: IsoDate }) =>
    reports.findLast(({ period }) => period.date >= first && period.date <= last) ?? null;
  const kept = { span, spans, days: reports.map(metricsOf), last: lastIn(span), lastBefore: lastIn(spanBefore(span)) };
  return numberPeriodOf(number, kept, { mode: 'live', timeZone: 'America/Mexico_City' });
}

/** The report of several numbers. */
export const periodDocument = (...planted: readonly Planted[]): PeriodReportsView => {
  const numbers = (planted.length === 0 ? [{}] : planted).map((one) => numberPeriod(one));
  return { period: spanOf(planted[0]?.every ?? 'day', planted[0]?.date ?? '2026-11-21'), numbers: troubleFirst(numbers) };
};

/** A report alone: no day before it has one. */
export function comparedReport(one: ReportView = report()): ComparedReportView {
  const span = spanOf('day', one.period.date);
  const kept = { span, spans: spansUntil(span, 30), days: [metricsOf(one)], last: one, lastBefore: null };
  const { report: _, ...comparison } = numberPeriodOf(MEXICO, kept, { mode: one.mode, timeZone: one.period.time_zone });
  return { ...one, comparison };
}
