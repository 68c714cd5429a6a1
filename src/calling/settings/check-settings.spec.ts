import { describe, expect, it } from '@jest/globals';
import type { JsonRecord } from '#kernel/read.js';
import { checkSettings } from './check-settings.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const slot = (open_time: unknown, close_time: unknown, day_of_week = 'MONDAY') => ({ day_of_week, open_time, close_time });
const hours = (over: JsonRecord = {}) => ({
  call_hours: {
    status: 'ENABLED',
    timezone_id: 'America/Mexico_City',
    weekly_operating_hours: [slot('0900', '1230'), slot('1230', '1800')],
    ...over,
  },
});
const week = (...weekly_operating_hours: unknown[]) => hours({ weekly_operating_hours });
const holidays = (...holiday_schedule: unknown[]) => hours({ holiday_schedule });
const holiday = (date: string, start_time = '0000', end_time = '2359') => ({ date, start_time, end_time });
const errors = (sent: JsonRecord, stored: string[] = []) => checkSettings({ sent, stored, setByMeta: [], pastHolidays: 0 }, NOW);

describe('the check of settings', () => {
  it.each<[string, JsonRecord]>([
    ['two openings a day that touch', hours()],
    ['twenty holidays', holidays(...Array.from({ length: 20 }, () => holiday('2026-12-25')))],
    ['a holiday today', holidays(holiday('2026-11-23'))],
    ['a leap day', holidays(holiday('2028-02-29'))],
    ['zones with two slashes, and UTC', hours({ timezone_id: 'America/Argentina/Buenos_Aires' })],
    ['UTC', hours({ timezone_id: 'UTC' })],
    ['countries, and none', { call_icons: { restrict_to_user_countries: ['MX', 'BR', 'US'] } }],
    ['no countries', { call_icons: { restrict_to_user_countries: [] } }],
    ['both codecs', { audio: { additional_codecs: ['PCMA', 'PCMU'] } }],
    [
      'a voicemail',
      {
        voicemail: {
          status: 'ENABLED',
          triggers: ['REJECT', 'TIMEOUT'],
          audio: { default: { announcement_media_id: 900000000000001, timeout_seconds: 0 } },
        },
      },
    ],
    [
      'SIP',
      {
        sip: {
          status: 'ENABLED',
          servers: [{ hostname: 'sip.example.com', port: 5061, request_uri_user_params: { trunk: 'a' } }],
          webhook_delivery: {},
        },
      },
    ],
  ])('takes %s', (_, sent) => {
    expect(errors(sent)).toEqual([]);
  });

  it.each<[string, JsonRecord, string]>([
    ['an unknown status', { status: 'ON' }, 'calling.status'],
    ['an unknown icon', { call_icon_visibility: 'SOMETIMES' }, 'calling.call_icon_visibility'],
    ['an unknown callback permission', { callback_permission_status: true }, 'calling.callback_permission_status'],
    ['an unknown key exchange', { srtp_key_exchange_protocol: 'DTLS-SRTP' }, 'calling.srtp_key_exchange_protocol'],
    ['an unknown member', { ring_tone: 'x' }, 'calling.ring_tone'],
    ['a member that objects are born with', { constructor: {} }, 'calling.constructor'],
    ['an unknown member of the hours', hours({ lunch: '1200' }), 'calling.call_hours.lunch'],
    [
      'a country in small letters',
      { call_icons: { restrict_to_user_countries: ['MX', 'br'] } },
      'calling.call_icons.restrict_to_user_countries[1]',
    ],
    ['a country that is none', { call_icons: { restrict_to_user_countries: ['QX'] } }, 'calling.call_icons.restrict_to_user_countries[0]'],
    ['an unknown codec', { audio: { additional_codecs: ['OPUS'] } }, 'calling.audio.additional_codecs[0]'],
    ['an offset as time zone', hours({ timezone_id: '+01:00' }), 'calling.call_hours.timezone_id'],
    ['an unknown time zone', hours({ timezone_id: 'Europe/Atlantis' }), 'calling.call_hours.timezone_id'],
    ['a time zone in small letters', hours({ timezone_id: 'america/tijuana' }), 'calling.call_hours.timezone_id'],
    ['no openings', week(), 'calling.call_hours.weekly_operating_hours'],
    ['an hour 24', week(slot('0900', '2400')), 'calling.call_hours.weekly_operating_hours[0].close_time'],
    ['a time with a colon', week(slot('09:00', '1800')), 'calling.call_hours.weekly_operating_hours[0].open_time'],
    ['a time as a number', week(slot(900, '1800')), 'calling.call_hours.weekly_operating_hours[0].open_time'],
    ['an unknown day', week(slot('0900', '1800', 'Monday')), 'calling.call_hours.weekly_operating_hours[0].day_of_week'],
    ['an opening at its closing', week(slot('0900', '0900')), 'calling.call_hours.weekly_operating_hours[0].open_time'],
    ['openings that overlap', week(slot('1200', '1800'), slot('0900', '1230')), 'calling.call_hours.weekly_operating_hours[0].open_time'],
    [
      'three openings a day',
      week(slot('0900', '1000'), slot('1100', '1200'), slot('1300', '1400')),
      'calling.call_hours.weekly_operating_hours',
    ],
    ['twenty-one holidays', holidays(...Array.from({ length: 21 }, () => holiday('2026-12-25'))), 'calling.call_hours.holiday_schedule'],
    ['a past holiday', holidays(holiday('2026-11-22')), 'calling.call_hours.holiday_schedule[0].date'],
    ['a date that is none', holidays(holiday('2027-02-29')), 'calling.call_hours.holiday_schedule[0].date'],
    [
      'a holiday that ends before it begins',
      holidays(holiday('2026-12-25', '1200', '0900')),
      'calling.call_hours.holiday_schedule[0].start_time',
    ],
    ['a holiday without an end', holidays({ date: '2026-12-25', start_time: '0000' }), 'calling.call_hours.holiday_schedule[0].end_time'],
    ['too long a wait', { voicemail: { audio: { default: { timeout_seconds: 31 } } } }, 'calling.voicemail.audio.default.timeout_seconds'],
    ['an unknown trigger', { voicemail: { triggers: ['BUSY'] } }, 'calling.voicemail.triggers[0]'],
    [
      'a media id that JSON has rounded',
      { voicemail: { audio: { default: { announcement_media_id: 2 ** 60 } } } },
      'calling.voicemail.audio.default.announcement_media_id',
    ],
    ['a server without a name', { sip: { servers: [{ port: 5061 }] } }, 'calling.sip.servers[0].hostname'],
    [
      'too long a parameter',
      { sip: { servers: [{ hostname: 'a.example', request_uri_user_params: { a: 'x'.repeat(128) } }] } },
      'calling.sip.servers[0].request_uri_user_params',
    ],
  ])('refuses %s and names it', (_, sent, field) => {
    expect(errors(sent).map((error) => error.field)).toEqual([field]);
  });

  it('asks for what whole hours need', () => {
    expect(errors({ call_hours: { status: 'ENABLED' } }).map(({ field }) => field)).toEqual([
      'calling.call_hours.timezone_id',
      'calling.call_hours.weekly_operating_hours',
    ]);
  });

  it('does not blame the caller for what Meta has taken before', () => {
    const stored = ['calling.call_hours.weekly_operating_hours'];
    expect(errors(week(slot('0900', '2400')), stored)).toEqual([]);
  });

  it('speaks English and Spanish', () => {
    for (const { message } of errors({ ...hours({ timezone_id: 'x', status: null }), status: 'x', audio: 1, what: 1, call_icons: {} })) {
      const { en, es } = message as { en: string; es: string };
      expect(en && es && en !== es).toBe(true);
    }
  });
});
