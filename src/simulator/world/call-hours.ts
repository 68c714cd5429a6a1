import type { CallHours } from './number.js';

/** Can users call at this moment? Without hours, or with hours switched off, always. Hours bind only calls of users. */
export function openAt(hours: CallHours | undefined, now: number): boolean {
  if (hours?.status !== 'ENABLED') return true;
  const { day, date, time } = localTime(now, hours.timezone_id);
  const holiday = hours.holiday_schedule?.find((entry) => entry.date === date);
  if (holiday && time >= holiday.start_time && time <= holiday.end_time) return false;
  return hours.weekly_operating_hours.some((entry) => entry.day_of_week === day && time >= entry.open_time && time < entry.close_time);
}

function localTime(now: number, timeZone: string): { day: string; date: string; time: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const part = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return { day: String(part.weekday).toUpperCase(), date: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}${part.minute}` };
}
