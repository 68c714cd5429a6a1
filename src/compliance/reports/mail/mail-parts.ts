import { LEAST_CALLS, LEAST_RATE } from '#compliance/eligibility/gates/pick-up.js';
import type { Voice } from '#compliance/reports/page/texts.js';
import { rangIn, rateIn } from '#compliance/reports/page/trend-charts.js';
import type {
  NumberPeriodReportView,
  NumberPeriodView,
  PeriodReportsView,
  TrendSpanView,
} from '#compliance/reports/periods/period-report.view.js';
import { causeText } from '#compliance/reports/words/causes.js';
import { trendName, UNKNOWN_TEXT } from '#compliance/reports/words/labels.js';

/** What both parts of a mail are made from. */
export interface MailParts {
  document: PeriodReportsView;
  voice: Voice;
  title: string;
  headline: string;
  link: string;
}

/** A mail has room for so many spans of a trend, and for fewer where it reports on several numbers. */
const SPANS = { day: 14, week: 8, month: 12 } as const;
const SPANS_OF_SEVERAL = { day: 7, week: 6, month: 6 } as const;

/** One row of a trend: picked-up and missed calls, and the rate. */
export interface TrendRow {
  name: string;
  answered: string;
  missed: string;
  rate: number | null;
  rateText: string;
  /** Whether it lies below the target, with calls enough to judge. */
  isLow: boolean;
}

/** The latest spans of a direction, oldest first; none where no call rang. */
export function trendRows(
  { trend, period: { every } }: NumberPeriodView,
  direction: 'inbound' | 'outbound',
  several: boolean,
  voice: Voice,
): TrendRow[] {
  const rows = trend.slice(-(several ? SPANS_OF_SEVERAL : SPANS)[every]).map((span): TrendRow => {
    const rate = rateIn(span, direction);
    return {
      name: trendName(span, every, voice),
      answered: known(span[`${direction}_answered`], voice),
      missed: known(missedOf(span, direction), voice),
      rate,
      isLow: rate !== null && rate < LEAST_RATE && rangIn(span, direction) >= LEAST_CALLS,
      rateText: rate === null ? UNKNOWN_TEXT : voice.percent(rate),
    };
  });
  return rows.some(({ rate }) => rate !== null) ? rows : [];
}

const missedOf = (span: TrendSpanView, direction: 'inbound' | 'outbound'): number | null =>
  direction === 'inbound' ? span.inbound_missed : span.outbound_unanswered;

const known = (value: number | null, { count }: Voice): string => (value === null ? UNKNOWN_TEXT : count(value));

/** Whether calls were possible, each verdict with the time of its reading. */
export function statusLines({ status }: NumberPeriodReportView, voice: Voice): string[] {
  if (!status) return [];
  const { say, time, language } = voice;
  return (['outbound', 'inbound'] as const).map((direction) => {
    const verdict = say(status[direction] === 'available' ? 'possible' : status[direction]).toLowerCase();
    const cause = status.causes.find((one) => one.direction === direction && one.blocks && status[direction] === 'blocked');
    const at = cause?.as_of ?? status.as_of;
    const why = cause ? `, ${say('because')} ${causeText(cause.code, language)}` : '';
    return `${say(direction)}: ${verdict}${why} (${say('read_on', { time: time(at) })})`;
  });
}
