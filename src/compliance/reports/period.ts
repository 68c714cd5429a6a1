import { addDays, dateOf, datesBetween, type IsoDate, startOf } from '#kernel/calendar/calendar.js';

/** One day of the number's zone, from its first moment to the first of the next: 23, 24 or 25 hours. */
export interface Period {
  date: IsoDate;
  from: number;
  until: number;
}

/** The days from `first` that are over, oldest first. A day that a zone left out has no moment and is none. */
export const closedPeriods = (first: IsoDate, zone: string, now: number): Period[] =>
  datesBetween(first, dateOf(now, zone))
    .map((date) => ({ date, from: startOf(date, zone), until: startOf(addDays(date, 1), zone) }))
    .filter(({ from, until }) => from < until && until <= now);

/**
 * Whether other periods hold all of a period. Those of the zone that a number had before have other bounds.
 * @param taken the end of each by its beginning, oldest first
 */
export function isCovered({ from, until }: Pick<Period, 'from' | 'until'>, taken: ReadonlyMap<number, number>): boolean {
  if (taken.get(from) === until) return true;
  let at = from;
  for (const [begin, end] of taken) if (begin <= at && end > at) at = end;
  return at >= until;
}
