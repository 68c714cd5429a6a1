import { type JsonRecord, record, records, text } from '#kernel/read.js';

/**
 * Whether Meta's `call_hours` lets people call in now; `null` when they are off or cannot be read.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings (2026-06)
 */
export function isOpen(callHours: JsonRecord, now: number): boolean | null {
  if (text(callHours.status)?.toUpperCase() !== 'ENABLED') return null;
  const local = localTime(now, text(callHours.timezone_id) ?? '');
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

function localTime(now: number, timeZone: string): { date: string; day: string; time: string } | null {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'long',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    }).formatToParts(now);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
    return {
      date: `${part('year')}-${part('month')}-${part('day')}`,
      day: part('weekday').toUpperCase(),
      time: `${part('hour')}${part('minute')}`,
    };
  } catch {
    return null;
  }
}

/** The `call_hours` of a `calling` object. */
export const callHoursOf = (calling: JsonRecord): JsonRecord => record(calling.call_hours) ?? {};
