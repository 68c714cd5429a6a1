import { addDays, dateOf, daysBetween, type IsoDate, weekdayOf } from '#kernel/calendar/calendar.js';

/** How long the periods of a report are. */
export const EVERY = ['day', 'week', 'month'] as const;
export type Every = (typeof EVERY)[number];

/** Whole days of the calendar: a day, a week from Monday to Sunday, or a month. */
export interface ReportSpan {
  every: Every;
  first: IsoDate;
  /** The last day itself. */
  last: IsoDate;
}

/** The span that holds a day. */
export function spanOf(every: Every, date: IsoDate): ReportSpan {
  if (every === 'day') return { every, first: date, last: date };
  if (every === 'week') {
    const first = addDays(date, -((weekdayOf(date) + 6) % 7));
    return { every, first, last: addDays(first, 6) };
  }
  const first = `${date.slice(0, 8)}01`;
  return { every, first, last: addDays(`${addDays(first, 31).slice(0, 8)}01`, -1) };
}

export const spanBefore = ({ every, first }: ReportSpan): ReportSpan => spanOf(every, addDays(first, -1));

/** The latest span that is over in a zone. */
export const spanOver = (every: Every, now: number, zone: string): ReportSpan => spanBefore(spanOf(every, dateOf(now, zone)));

export const daysIn = ({ first, last }: ReportSpan): number => daysBetween(first, last) + 1;

/** The spans that end with this one, oldest first. */
export function spansUntil(span: ReportSpan, count: number): ReportSpan[] {
  const spans = [span];
  for (let at = span; spans.length < count; spans.unshift(at)) at = spanBefore(at);
  return spans;
}
