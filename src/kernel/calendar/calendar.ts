import { DAY, HOUR, MINUTE } from '#kernel/clock.js';

/** A calendar day such as `2026-11-22`. */
export type IsoDate = string;

const FORMATS = new Map<string, Intl.DateTimeFormat>();
const STARTS = new Map<string, number>();
const MOST_STARTS = 20_000;

/** The calendar day at a moment in a zone. */
export function dateOf(ms: number, zone: string): IsoDate {
  if (zone === 'UTC') return new Date(ms).toISOString().slice(0, 10);
  let format = FORMATS.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    FORMATS.set(zone, format);
  }
  return format.format(ms);
}

export const addDays = (date: IsoDate, days: number): IsoDate => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);

/** How many days from one to the other; negative when `to` is earlier. */
export const daysBetween = (from: IsoDate, to: IsoDate): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** Every day from `from` to the one before `to`. */
export function datesBetween(from: IsoDate, to: IsoDate): IsoDate[] {
  const first = Date.parse(from);
  return Array.from({ length: Math.max(0, daysBetween(from, to)) }, (_, index) => new Date(first + index * DAY).toISOString().slice(0, 10));
}

/** The later of two days. */
export function later(one: IsoDate, other: IsoDate): IsoDate {
  if (one > other) return one;
  return other;
}

/** 0 is Sunday. */
export const weekdayOf = (date: IsoDate): number => new Date(date).getUTCDay();

/**
 * The first moment of a day in a zone: its midnight, or what follows where the clocks skip midnight. A day lasts to the start
 * of the next one, be that 23, 24 or 25 hours.
 */
export function startOf(date: IsoDate, zone: string): number {
  const utc = Date.parse(date);
  if (zone === 'UTC') return utc;
  const key = `${zone} ${date}`;
  const known = STARTS.get(key);
  if (known !== undefined) return known;
  // Zones reach from UTC-12 to UTC+14. No zone of today is off by a part of a minute.
  let [before, reached] = [utc - 15 * HOUR, utc + 13 * HOUR];
  while (reached - before > MINUTE) {
    const middle = before + Math.floor((reached - before) / (2 * MINUTE)) * MINUTE;
    if (dateOf(middle, zone) >= date) reached = middle;
    else before = middle;
  }
  if (STARTS.size >= MOST_STARTS) STARTS.clear();
  STARTS.set(key, reached);
  return reached;
}
