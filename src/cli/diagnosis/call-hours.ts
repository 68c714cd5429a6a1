import { localTime } from '#kernel/calendar/local-time.js';
import { type JsonRecord, record, records, text } from '#kernel/read.js';

/**
 * Whether Meta's `call_hours` lets people call in now: within the hours of the weekday, and not within those of a holiday, which closes; `null` when they are off or cannot be read.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings (2026-06)
 */
export function isOpen(callHours: JsonRecord, now: number): boolean | null {
  if (text(callHours.status)?.toUpperCase() !== 'ENABLED') return null;
  const local = localTimeIn(text(callHours.timezone_id) ?? '', now);
  if (!local) return null;
  const holiday = records(callHours.holiday_schedule).filter(({ date }) => date === local.date);
  if (holiday.some(({ start_time, end_time }) => covers(start_time, end_time, local.time))) return false;
  return records(callHours.weekly_operating_hours)
    .filter(({ day_of_week }) => text(day_of_week)?.toUpperCase() === local.day)
    .some(({ open_time, close_time }) => within(open_time, close_time, local.time));
}

/** Times are written `0930`. At the closing time it is closed. */
const within = (from: unknown, to: unknown, time: string): boolean => covers(from, to, time) && time !== hhmm(to);

/** From the first minute to the last: a whole holiday is written `0000` to `2359`. */
const covers = (from: unknown, to: unknown, time: string): boolean => {
  const [start, end] = [hhmm(from), hhmm(to)];
  return start !== undefined && end !== undefined && start <= time && time <= end;
};

const hhmm = (value: unknown): string | undefined => text(value)?.replace(':', '');

function localTimeIn(timeZone: string, now: number): ReturnType<typeof localTime> | null {
  try {
    return localTime(now, timeZone);
  } catch {
    return null;
  }
}

/** The `call_hours` of a `calling` object. */
export const callHoursOf = (calling: JsonRecord): JsonRecord => record(calling.call_hours) ?? {};
