import { localTime } from '#kernel/local-time.js';
import { type JsonRecord, record, records, text } from '#kernel/read.js';

/**
 * Whether Meta's `call_hours` lets people call in now; `null` when they are off or cannot be read.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings (2026-06)
 */
export function isOpen(callHours: JsonRecord, now: number): boolean | null {
  if (text(callHours.status)?.toUpperCase() !== 'ENABLED') return null;
  const local = localTimeIn(text(callHours.timezone_id) ?? '', now);
  if (!local) return null;
  const holiday = records(callHours.holiday_schedule).find(({ date }) => date === local.date);
  if (holiday) return within(holiday.start_time, holiday.end_time, local.time);
  return records(callHours.weekly_operating_hours)
    .filter(({ day_of_week }) => text(day_of_week)?.toUpperCase() === local.day)
    .some(({ open_time, close_time }) => within(open_time, close_time, local.time));
}

/** Times are written `0930`. */
const within = (from: unknown, to: unknown, time: string): boolean => {
  const [start, end] = [text(from)?.replace(':', ''), text(to)?.replace(':', '')];
  return start !== undefined && end !== undefined && start <= time && time < end;
};

function localTimeIn(timeZone: string, now: number): ReturnType<typeof localTime> | null {
  try {
    return localTime(now, timeZone);
  } catch {
    return null;
  }
}

/** The `call_hours` of a `calling` object. */
export const callHoursOf = (calling: JsonRecord): JsonRecord => record(calling.call_hours) ?? {};
