import { isIntlTimeZone } from '#kernel/calendar/local-time.js';
import { type JsonRecord, list, record } from '#kernel/read.js';
import { closed } from './read-call.js';
import { need } from './refusals.js';

const FIELDS = [
  'status',
  'call_icon_visibility',
  'call_icons',
  'call_hours',
  'callback_permission_status',
  'sip',
  'srtp_key_exchange_protocol',
  'audio',
  'voicemail',
];
const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

const oneOf = (value: unknown, allowed: readonly string[], name: string): void =>
  need(value === undefined || (typeof value === 'string' && allowed.includes(value)), `${name} must be one of ${allowed.join(', ')}`);

const onOff = (value: unknown, name: string): void => oneOf(value, ['ENABLED', 'DISABLED'], name);
const isTime = (value: unknown): value is string => typeof value === 'string' && /^([01]\d|2[0-3])[0-5]\d$/.test(value);

/**
 * The calling object of `POST /calling/settings`, checked as Meta does.
 * @param today the first date a holiday may have, `YYYY-MM-DD`
 */
export function readCallingSettings(value: unknown, today: string): JsonRecord {
  const body = closed(value, ['messaging_product', 'calling'], 'body');
  const calling = closed(body.calling, FIELDS, 'calling');
  onOff(calling.status, 'calling.status');
  onOff(calling.callback_permission_status, 'calling.callback_permission_status');
  oneOf(calling.call_icon_visibility, ['DEFAULT', 'DISABLE_ALL'], 'calling.call_icon_visibility');
  oneOf(calling.srtp_key_exchange_protocol, ['DTLS', 'SDES'], 'calling.srtp_key_exchange_protocol');
  if (calling.call_icons !== undefined) readIcons(calling.call_icons);
  if (calling.audio !== undefined) readAudio(calling.audio);
  if (calling.sip !== undefined)
    onOff(closed(calling.sip, ['status', 'servers', 'webhook_delivery'], 'calling.sip').status, 'calling.sip.status');
  if (calling.call_hours !== undefined) readHours(calling.call_hours, today);
  return calling;
}

function readIcons(value: unknown): void {
  const { restrict_to_user_countries: countries } = closed(value, ['restrict_to_user_countries'], 'calling.call_icons');
  need(
    Array.isArray(countries) && countries.every((code) => /^[A-Z]{2}$/.test(String(code))),
    'restrict_to_user_countries must list ISO 3166 codes',
  );
}

function readAudio(value: unknown): void {
  const { additional_codecs: codecs } = closed(value, ['additional_codecs'], 'calling.audio');
  need(Array.isArray(codecs) && codecs.every((codec) => codec === 'PCMA' || codec === 'PCMU'), 'additional_codecs takes PCMA and PCMU');
}

function readHours(value: unknown, today: string): void {
  const hours = closed(value, ['status', 'timezone_id', 'weekly_operating_hours', 'holiday_schedule'], 'calling.call_hours');
  need(hours.status !== undefined, 'call_hours.status is required');
  onOff(hours.status, 'call_hours.status');
  need(typeof hours.timezone_id === 'string' && isIntlTimeZone(hours.timezone_id), 'call_hours.timezone_id must be an IANA time zone');
  const week = list(hours.weekly_operating_hours).map((entry) => record(entry) ?? {});
  need(week.length > 0, 'call_hours.weekly_operating_hours must not be empty');
  for (const entry of week) readOpening(entry);
  for (const day of DAYS) readDay(day, week);
  readHolidays(hours.holiday_schedule, today);
}

function readOpening(value: JsonRecord): void {
  const {
    day_of_week: day,
    open_time: open,
    close_time: close,
  } = closed(value, ['day_of_week', 'open_time', 'close_time'], 'weekly_operating_hours');
  need(typeof day === 'string' && DAYS.includes(day), 'day_of_week must be MONDAY to SUNDAY');
  need(isTime(open) && isTime(close) && open < close, 'open_time and close_time must be HHMM, open before close');
}

function readDay(day: string, week: readonly JsonRecord[]): void {
  const slots = week.filter((entry) => entry.day_of_week === day).sort((a, b) => String(a.open_time).localeCompare(String(b.open_time)));
  need(slots.length <= 2, `${day} has more than two entries`);
  const [first, second] = slots;
  need(!first || !second || String(second.open_time) >= String(first.close_time), `the entries of ${day} overlap`);
}

function readHolidays(value: unknown, today: string): void {
  const holidays = list(value);
  need(holidays.length <= 20, 'holiday_schedule has more than 20 entries');
  for (const item of holidays) {
    const holiday = closed(item, ['date', 'start_time', 'end_time'], 'holiday_schedule');
    need(
      /^\d{4}-\d\d-\d\d$/.test(String(holiday.date)) && String(holiday.date) >= today,
      'a holiday must be a date YYYY-MM-DD that is not past',
    );
    need(isTime(holiday.start_time) && isTime(holiday.end_time), 'a holiday needs start_time and end_time as HHMM');
  }
}
