import { addDays, dateOf, startOf } from '#kernel/calendar/calendar.js';
import { localTime } from '#kernel/calendar/local-time.js';
import { DAY, MINUTE } from '#kernel/clock.js';
import { parseJson, record, text } from '#kernel/read.js';

/** What a key spends: a dial, or a permission request. */
export type Spending = 'dial' | 'ask';

/** Times of day as `HH:MM`, from the one to before the other; `from` after `until` means over midnight. */
export interface QuietHours {
  from: string;
  until: string;
  /** Null for `COMPLIANCE_TIME_ZONE`. */
  time_zone: string | null;
}

/** What a key may do in a day, and when it may do nothing; null is no limit. */
export interface KeyLimits {
  dials_per_day: number | null;
  asks_per_day: number | null;
  quiet_hours: QuietHours | null;
}

/** The member of `KeyLimits` that refuses. */
export type KeyLimit = keyof KeyLimits;

export const LIMIT_OF: Readonly<Record<Spending, 'dials_per_day' | 'asks_per_day'>> = { dial: 'dials_per_day', ask: 'asks_per_day' };

/** Offsets of time zones change at a quarter of an hour of UTC: between two, the wall clock runs as time does. */
const QUARTER = 15 * MINUTE;
const MINUTES_OF_DAY = DAY / MINUTE;

/** The limits in the columns of a key; null when it has none. */
export function limitsIn(columns: {
  dials_per_day: number | null;
  asks_per_day: number | null;
  quiet_hours: string | null;
}): KeyLimits | null {
  const { dials_per_day, asks_per_day } = columns;
  const hours = record(parseJson(columns.quiet_hours ?? 'null'));
  const [from, until] = [text(hours?.from), text(hours?.until)];
  const quiet_hours = from === undefined || until === undefined ? null : { from, until, time_zone: text(hours?.time_zone) ?? null };
  return dials_per_day === null && asks_per_day === null && quiet_hours === null ? null : { dials_per_day, asks_per_day, quiet_hours };
}

/**
 * When quiet hours that hold at a moment end, by the wall clock of their zone, also where the clocks change meanwhile: the first moment that they do not
 * hold. Null when they do not hold.
 * @param zone where they name none
 */
export function quietUntil({ from, until, time_zone }: QuietHours, at: number, zone: string): number | null {
  const [begin, end] = [minutesOf(from), minutesOf(until)];
  const isQuiet = (minute: number) => (begin < end ? begin <= minute && minute < end : begin <= minute || minute < end);
  const place = time_zone ?? zone;
  if (!isQuiet(minuteAt(at, place))) return null;
  // A day and the hour that a day may have more; a place where the clocks stand still is none.
  let moment = Math.floor(at / MINUTE) * MINUTE;
  for (let steps = 0; steps < (2 * DAY) / QUARTER; steps += 1) {
    const minute = minuteAt(moment, place);
    if (!isQuiet(minute)) return moment;
    const left = (end - minute + MINUTES_OF_DAY) % MINUTES_OF_DAY;
    moment = Math.min(moment + left * MINUTE, (Math.floor(moment / QUARTER) + 1) * QUARTER);
  }
  return moment;
}

/**
 * From when on a limited key may spend again: a budget that is used up ends at the next midnight of `zone`, and what falls into quiet hours waits for
 * their end.
 */
export function allowedFrom({ quiet_hours }: KeyLimits, isUsedUp: boolean, now: number, zone: string): number {
  const at = isUsedUp ? startOf(addDays(dateOf(now, zone), 1), zone) : now;
  return (quiet_hours && quietUntil(quiet_hours, at, zone)) ?? at;
}

/** @param time `HH:MM` */
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function minuteAt(at: number, zone: string): number {
  const { time } = localTime(at, zone);
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(2));
}
