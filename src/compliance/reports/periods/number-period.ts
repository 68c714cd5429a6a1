import type { ReportView } from '#compliance/reports/report.view.js';
import { rfc3339 } from '#kernel/clock.js';
import { attentionOf, changesOf, periodStatusOf } from './period-changes.js';
import { type DayMetrics, daysWithin, figuresOf, trendOf } from './period-figures.js';
import type { NumberPeriodReportView, NumberPeriodView, ReportedNumber } from './period-report.view.js';
import { daysIn, type ReportSpan, spanBefore } from './span.js';

/** What is kept about a number's days. */
export interface KeptDays {
  span: ReportSpan;
  /** The spans of the trend, oldest first. */
  spans: readonly ReportSpan[];
  /** The latest revision of each day of these spans that has a report. */
  days: readonly DayMetrics[];
  /** The whole report of the last day of the span, and of that of the span before. */
  last: ReportView | null;
  lastBefore: ReportView | null;
}

/** The report of one number about a span, beside the span before. Days without a report are left out, and counted. */
export function numberPeriodOf(
  number: ReportedNumber,
  { span, spans, days, last, lastBefore }: KeptDays,
  { mode, timeZone }: { mode: NumberPeriodView['mode']; timeZone: string },
): NumberPeriodReportView {
  const before = spanBefore(span);
  const [now, past] = [daysWithin(span, days), daysWithin(before, days)];
  const figures = figuresOf({ span, days: now, last }, { span: before, days: past, last: lastBefore });
  const [status, old] = [periodStatusOf(last), periodStatusOf(lastBefore)];
  return {
    ...number,
    mode: last?.mode ?? mode,
    period: span,
    time_zone: last?.period.time_zone ?? timeZone,
    days: daysIn(span),
    reported_days: now.length,
    created_at: now.length === 0 ? null : rfc3339(now.reduce((latest, { createdAt }) => Math.max(latest, createdAt), 0)),
    previous: past.length === 0 ? null : before,
    ...attentionOf(status, figures),
    changes: changesOf(status, old, figures),
    figures,
    status,
    trend: spans.map((one) => trendOf(one, days)),
    report: last,
  };
}

const ORDER = ['act', 'watch', 'unknown', 'fine'] as const;

/** Those that ask for more come first; of equals those that missed more calls, then in their order. */
export function troubleFirst(numbers: readonly NumberPeriodReportView[]): NumberPeriodReportView[] {
  const missed = ({ figures }: NumberPeriodView) => figures.find(({ name }) => name === 'calls.inbound.missed')?.value ?? 0;
  return numbers.toSorted((a, b) => ORDER.indexOf(a.attention) - ORDER.indexOf(b.attention) || missed(b) - missed(a));
}
