import { type Every, spanOf } from '#compliance/reports/periods/span.js';
import { addDays, dateOf, type IsoDate, startOf } from '#kernel/calendar/calendar.js';

/** One day, week or month of a reader's time zone. */
export interface DeliveryPeriod {
  /** Its first day and its last. */
  first: IsoDate;
  last: IsoDate;
  /** Its first moment and that of the next one, in ms since 1970. */
  from: number;
  until: number;
}

/** The period that is under way at a moment. */
export function periodAt(every: Every, zone: string, at: number): DeliveryPeriod {
  const { first, last } = spanOf(every, dateOf(at, zone));
  return { first, last, from: startOf(first, zone), until: startOf(addDays(last, 1), zone) };
}

/** The latest period that is over at a moment. */
export const endedAt = (every: Every, zone: string, at: number): DeliveryPeriod =>
  periodAt(every, zone, periodAt(every, zone, at).from - 1);
