import { isIntlTimeZone, localTime } from '#kernel/calendar/local-time.js';

/** A name as the IANA database spells it; offsets such as `+01:00`, which `Intl` would take, are none. */
const NAME = /^(UTC|GMT|[A-Z][A-Za-z]+(\/[A-Z][A-Za-z0-9_+-]*){1,2})$/;

export const isTimeZone = (value: unknown): value is string => typeof value === 'string' && NAME.test(value) && isIntlTimeZone(value);

/** The calendar date in a time zone as `YYYY-MM-DD`; undefined for what is no time zone. */
export const todayIn = (zone: unknown, now: number): string | undefined => (isTimeZone(zone) ? localTime(now, zone).date : undefined);
