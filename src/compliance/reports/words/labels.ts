import type { Voice } from '#compliance/reports/page/texts.js';
import type { NumberPeriodView, PeriodFigureView, SpanView, TrendSpanView } from '#compliance/reports/periods/period-report.view.js';
import { phoneText } from '#kernel/text/phone-text.js';

/** One figure as people read it; every form of a report shows these texts. */
export interface FigureText {
  /** What the figure counts. */
  label: string;
  /** Its target, the time of a reading, the days that are known; empty without any. */
  note: string;
  value: string;
  before: string;
  /** With its sign; `same`, or a dash when unknown. */
  change: string;
}

export const UNKNOWN_TEXT = '—';

/** The title of a report about these days. */
export function spanTitle({ every, first, last }: SpanView, { say, day, month }: Voice): string {
  if (every === 'day') return say('report_day', { day: day(first) });
  return every === 'week' ? say('report_week', { first: day(first), last: day(last) }) : say('report_month', { month: month(first) });
}

/** The name of one span of a trend: its day, the first day of its week, or its month. */
export const trendName = ({ first }: TrendSpanView, every: SpanView['every'], voice: Voice): string =>
  every === 'month' ? voice.shortMonth(first) : voice.shortDay(first);

/** The name and the number as people know it, never an id of Meta's. */
export function numberText(
  { name, display_phone_number: digits }: Pick<NumberPeriodView, 'name' | 'display_phone_number'>,
  { say }: Voice,
): string {
  const known = [name, digits === null ? null : phoneText(digits)].filter((one) => one !== null && one !== '');
  return known.length === 0 ? say('unnamed_number') : known.join(' · ');
}

/** What a figure counts, such as `Inbound calls missed`. */
export function figureLabel(name: string, voice: Voice): string {
  const [kind, source = '', what] = name.split('.');
  if (kind !== 'conversations') return voice.say(name as 'rate.inbound');
  const label = voice.say(what === 'total' ? 'conversations.total' : 'conversations.business_initiated');
  const by = source === 'partner_api' || source === 'webhooks' ? voice.say(`by_${source}`) : voice.word(source);
  return `${label}, ${voice.say('counted_by', { source: by })}`;
}

/** A value of a figure; a dash when it is unknown. */
export function figureValue(name: string, value: number | string | null, { count, percent }: Voice): string {
  if (value === null) return UNKNOWN_TEXT;
  if (typeof value === 'string') return value;
  return isRate(name) ? percent(value) : count(value);
}

export const isRate = (name: string): boolean => name.startsWith('rate.');

/** A figure in words. */
export function figureText(figure: PeriodFigureView, view: Pick<NumberPeriodView, 'days'>, voice: Voice): FigureText {
  const { name, value, before } = figure;
  return {
    label: figureLabel(name, voice),
    note: notesOf(figure, view, voice).join(', '),
    value: figureValue(name, value, voice),
    before: figureValue(name, before, voice),
    change: changeText(figure, voice),
  };
}

function notesOf({ name, target, days, as_of }: PeriodFigureView, view: Pick<NumberPeriodView, 'days'>, voice: Voice): string[] {
  const { say, count } = voice;
  const notes = target === null ? [] : [say('at_least', { target: figureValue(name, target, voice) })];
  if (days !== null && days < view.days) notes.push(say('of_days', { known: count(days), days: count(view.days) }));
  if (days === null) notes.push(as_of === null ? say('never_read') : say('read_on', { time: voice.time(as_of) }));
  return notes;
}

function changeText({ name, change }: PeriodFigureView, { say, signed }: Voice): string {
  if (change === null) return UNKNOWN_TEXT;
  if (change === 0) return say('same');
  return isRate(name) ? say('points', { change: signed(Math.round(change * 100)) }) : signed(change);
}
