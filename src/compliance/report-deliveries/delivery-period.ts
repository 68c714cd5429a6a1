import { addDays, dateOf, type IsoDate, startOf, weekdayOf } from '#kernel/calendar/calendar.js';

/** How often a reader gets reports. */
export const EVERY = ['day', 'week', 'month'] as const;
export type Every = (typeof EVERY)[number];

/** One day, week or month of a reader's time zone. */
export interface DeliveryPeriod {
  /** Its first day and its last. */
  first: IsoDate;
  last: IsoDate;
  /** Its first moment and that of the next one, in ms since 1970. */
  from: number;
  until: number;
}

/** The first day of the period with a day: weeks begin on Monday. */
function firstDayOf(every: Every, date: IsoDate): IsoDate {
  if (every === 'day') return date;
  return every === 'week' ? addDays(date, -((weekdayOf(date) + 6) % 7)) : `${date.slice(0, 8)}01`;
}

/** The period that is under way at a moment. */
export function periodAt(every: Every, zone: string, at: number): DeliveryPeriod {
  const first = firstDayOf(every, dateOf(at, zone));
  const next = firstDayOf(every, addDays(first, { day: 1, week: 7, month: 31 }[every]));
  return { first, last: addDays(next, -1), from: startOf(first, zone), until: startOf(next, zone) };
}

/** The latest period that is over at a moment. */
export const endedAt = (every: Every, zone: string, at: number): DeliveryPeriod =>
  periodAt(every, zone, periodAt(every, zone, at).from - 1);
