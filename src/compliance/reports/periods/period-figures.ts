import { LEAST_RATE } from '#compliance/eligibility/gates/pick-up.js';
import type { CallMetricsView, PeriodMetricsView, ReportView } from '#compliance/reports/report.view.js';
import type { IsoDate } from '#kernel/calendar/calendar.js';
import type { PeriodFigureView, TrendSpanView } from './period-report.view.js';
import { daysIn, type ReportSpan } from './span.js';

/** What the latest revision of one day reports. */
export interface DayMetrics {
  date: IsoDate;
  /** Its first moment, in ms since 1970. */
  from: number;
  /** When it was written, in ms since 1970. */
  createdAt: number;
  figures: PeriodMetricsView;
}

/** The days of one span that have a report, and the whole report of the last of them. */
export interface SpanMetrics {
  span: ReportSpan;
  days: readonly DayMetrics[];
  last: ReportView | null;
}

export const metricsOf = ({ period, created_at, figures }: ReportView): DayMetrics => ({
  date: period.date,
  from: Date.parse(period.from),
  createdAt: Date.parse(created_at),
  figures,
});

/** The days that lie in a span, oldest first. */
export const daysWithin = ({ first, last }: Pick<ReportSpan, 'first' | 'last'>, days: readonly DayMetrics[]): DayMetrics[] =>
  days.filter(({ date }) => date >= first && date <= last).toSorted((a, b) => a.date.localeCompare(b.date));

/** A value that rests on some days of a span, or on a reading of one moment. */
interface Value {
  value: number | null;
  days: number | null;
  asOf: string | null;
  target: number | null;
}

const DIRECTIONS = ['inbound', 'outbound'] as const;

/** The calls of some days added up; null without any day. */
export function callsIn(days: readonly DayMetrics[]): CallMetricsView | null {
  if (days.length === 0) return null;
  const sum = (of: (calls: CallMetricsView) => number): number => days.reduce((total, { figures }) => total + of(figures.calls), 0);
  return {
    outbound: {
      total: sum(({ outbound }) => outbound.total),
      answered: sum(({ outbound }) => outbound.answered),
      unanswered: sum(({ outbound }) => outbound.unanswered),
    },
    inbound: {
      total: sum(({ inbound }) => inbound.total),
      answered: sum(({ inbound }) => inbound.answered),
      missed: sum(({ inbound }) => inbound.missed),
    },
  };
}

/** How many of the calls that rang were picked up, 0 to 1, rounded down to hundredths; null when none rang. */
export const rateOf = (answered: number, missed: number): number | null =>
  answered + missed === 0 ? null : Math.floor((answered * 100) / (answered + missed)) / 100;

/** Every figure of a span, beside the one before. */
export function figuresOf(now: SpanMetrics, before: SpanMetrics): PeriodFigureView[] {
  const [values, old] = [valuesOf(now), valuesOf(before)];
  return [...values].map(([name, { value, days, asOf, target }]) => {
    const past = old.get(name) ?? { value: null, days: null };
    const isComparable = isWhole(now.span, days) && isWhole(before.span, past.days);
    return {
      name,
      value,
      before: past.value,
      change: isComparable && value !== null && past.value !== null ? hundredths(value - past.value) : null,
      target,
      days,
      as_of: asOf,
    };
  });
}

/** Part of a span is no measure of another: seven days are not compared with six. */
const isWhole = (span: ReportSpan, days: number | null): boolean => days === null || days === daysIn(span);

/** A difference of two hundredths without what binary fractions add. */
const hundredths = (value: number): number => Math.round(value * 100) / 100;

function valuesOf({ days, last }: SpanMetrics): Map<string, Value> {
  const calls = callsIn(days);
  const values = new Map<string, Value>();
  const add = (name: string, value: number | null, target: number | null = null) =>
    values.set(name, { value, days: days.length, asOf: null, target });
  for (const direction of DIRECTIONS) {
    const missedName = direction === 'inbound' ? 'missed' : 'unanswered';
    const missed = (direction === 'inbound' ? calls?.inbound.missed : calls?.outbound.unanswered) ?? null;
    const answered = calls?.[direction].answered ?? null;
    add(`calls.${direction}.total`, calls?.[direction].total ?? null);
    add(`calls.${direction}.answered`, answered);
    add(`calls.${direction}.${missedName}`, missed);
    add(`rate.${direction}`, answered === null || missed === null ? null : rateOf(answered, missed), LEAST_RATE);
  }
  addConversations(values, days);
  addReadings(values, last);
  return values;
}

/** Each source by itself: they are never added up. A total that one day leaves out is unknown for all. */
function addConversations(values: Map<string, Value>, days: readonly DayMetrics[]): void {
  const sources = [...new Set(days.flatMap(({ figures }) => figures.conversations.map(({ source }) => source)))].sort();
  for (const source of sources) {
    const counts = days.flatMap(({ figures }) => figures.conversations.filter((count) => count.source === source));
    const rest = { days: counts.length, asOf: null, target: null };
    const started = counts.reduce((total, { business_initiated }) => total + business_initiated, 0);
    const total = counts.reduce<number | null>((sum, one) => (sum === null || one.total === null ? null : sum + one.total), 0);
    values.set(`conversations.${source}.business_initiated`, { ...rest, value: started });
    values.set(`conversations.${source}.total`, { ...rest, value: total });
  }
}

function addReadings(values: Map<string, Value>, last: ReportView | null): void {
  const value = last?.standing.business_initiated_conversations ?? null;
  const asOf = last?.standing.observed_at ?? null;
  values.set('status.business_initiated_conversations', { value, days: null, asOf, target: last?.required_conversations ?? null });
}

/** The calls of one span of a trend. */
export function trendOf(span: ReportSpan, days: readonly DayMetrics[]): TrendSpanView {
  const within = daysWithin(span, days);
  const calls = callsIn(within);
  return {
    first: span.first,
    last: span.last,
    reported_days: within.length,
    outbound_answered: calls?.outbound.answered ?? null,
    outbound_unanswered: calls?.outbound.unanswered ?? null,
    inbound_answered: calls?.inbound.answered ?? null,
    inbound_missed: calls?.inbound.missed ?? null,
  };
}
