import type { FieldError } from '#kernel/problem.js';
import { record, records } from '#kernel/read.js';
import { type Check, inOrder, listOf, members, must, oneOf, onOff, wrong } from './shape.js';
import { isTimeZone, todayIn } from './time-zone.js';

const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
const MAX_OPENINGS = 2;
const MAX_HOLIDAYS = 20;

const time = must(
  (value) => typeof value === 'string' && /^([01]\d|2[0-3])[0-5]\d$/.test(value),
  'must be a time as HHMM, 0000 to 2359',
  'debe ser una hora como HHMM, de 0000 a 2359',
);

/** Both are HHMM, which sorts as text. */
const before =
  (first: string, last: string): Check =>
  (value, field) =>
    String(record(value)?.[first]) < String(record(value)?.[last])
      ? []
      : wrong(`${field}.${first}`, `must be before ${last}`, `debe ser anterior a ${last}`);

const opening = inOrder(
  members({ day_of_week: oneOf(...DAYS), open_time: time, close_time: time }, ['day_of_week', 'open_time', 'close_time']),
  before('open_time', 'close_time'),
);

const week = inOrder(listOf(opening, { min: 1 }), (value, field) => DAYS.flatMap((day) => checkDay(day, value, field)));

function checkDay(day: string, value: unknown, field: string): FieldError[] {
  const ofDay = records(value)
    .map((entry, index) => ({ day: entry.day_of_week, open: String(entry.open_time), close: String(entry.close_time), index }))
    .filter((entry) => entry.day === day)
    .sort((a, b) => (a.open < b.open ? -1 : 1));
  if (ofDay.length > MAX_OPENINGS) {
    return wrong(field, `${day} has more than ${MAX_OPENINGS} entries`, `${day} tiene más de ${MAX_OPENINGS} entradas`);
  }
  const [first, second] = ofDay;
  if (!first || !second || second.open >= first.close) return [];
  const at = `${field}[${second.index}].open_time`;
  return wrong(at, `overlaps with another entry of ${day}`, `se superpone con otra entrada de ${day}`);
}

const date = must(
  (value) => typeof value === 'string' && isDate(value),
  'must be a date as YYYY-MM-DD',
  'debe ser una fecha como YYYY-MM-DD',
);

function isDate(value: string): boolean {
  if (!/^20\d\d-\d\d-\d\d$/.test(value)) return false;
  const read = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(value);
}

const notBefore = (today: string | undefined): Check =>
  must(
    (value) => today === undefined || String(value) >= today,
    `must not be past; today is ${today}`,
    `no debe haber pasado; hoy es ${today}`,
  );

const holidays = (today: string | undefined): Check =>
  listOf(
    inOrder(
      members({ date: inOrder(date, notBefore(today)), start_time: time, end_time: time }, ['date', 'start_time', 'end_time']),
      before('start_time', 'end_time'),
    ),
    { max: MAX_HOLIDAYS },
  );

const zone = must(
  isTimeZone,
  'must be an IANA time zone such as America/Mexico_City',
  'debe ser una zona horaria IANA como America/Mexico_City',
);

/**
 * Whole opening hours, as Meta takes them: at most two openings a day that do not overlap, at most 20 holidays, none past.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings (2026-06-26)
 * assumed: a holiday is past by the calendar of the hours' own time zone
 */
export const callHours =
  (now: number): Check =>
  (value, field) =>
    members(
      {
        status: onOff,
        timezone_id: zone,
        weekly_operating_hours: week,
        holiday_schedule: holidays(todayIn(record(value)?.timezone_id, now)),
      },
      ['status', 'timezone_id', 'weekly_operating_hours'],
    )(value, field);
