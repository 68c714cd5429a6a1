import { localTime } from '#kernel/calendar/local-time.js';
import type { CallHours } from './number.js';

/** Can users call at this moment? Without hours, or with hours switched off, always. Hours bind only calls of users. */
export function openAt(hours: CallHours | undefined, now: number): boolean {
  if (hours?.status !== 'ENABLED') return true;
  const { day, date, time } = localTime(now, hours.timezone_id);
  const holiday = hours.holiday_schedule?.find((entry) => entry.date === date);
  if (holiday && time >= holiday.start_time && time <= holiday.end_time) return false;
  return hours.weekly_operating_hours.some((entry) => entry.day_of_week === day && time >= entry.open_time && time < entry.close_time);
}
