/** A name as the IANA database spells it; offsets such as `+01:00`, which `Intl` would take, are none. */
const NAME = /^(UTC|GMT|[A-Z][A-Za-z]+(\/[A-Z][A-Za-z0-9_+-]*){1,2})$/;

export const isTimeZone = (value: unknown): value is string =>
  typeof value === 'string' && NAME.test(value) && formatOf(value) !== undefined;

/** The calendar date in a time zone as `YYYY-MM-DD`; undefined for what is no time zone. */
export const todayIn = (zone: unknown, now: number): string | undefined => (isTimeZone(zone) ? formatOf(zone)?.format(now) : undefined);

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  } catch {
    return undefined;
  }
}
