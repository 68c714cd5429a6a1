/**
 * The local day and time of a moment, as Meta's `call_hours` writes them: `day` as `MONDAY`, `date` as `YYYY-MM-DD`, `time` as
 * `HHMM`. @throws RangeError for an unknown time zone
 */
export function localTime(now: number, timeZone: string): { day: string; date: string; time: string } {
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

/** Whether this runtime knows a time zone by that name. */
export const isIntlTimeZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
};
