import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonRecord } from '#kernel/read.js';
import { checkSettings } from './check-settings.js';
import { effectsOf } from './effects.js';
import { settingsChangeOf } from './settings-change.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const christmas = { date: '2026-12-25', start_time: '0000', end_time: '2359' };
const gone = { date: '2026-11-02', start_time: '0000', end_time: '2359' };
const monday = { day_of_week: 'MONDAY', open_time: '0900', close_time: '1800' };
const hours = (over: JsonRecord = {}): JsonRecord => ({
  status: 'ENABLED',
  timezone_id: 'America/Mexico_City',
  weekly_operating_hours: [monday],
  holiday_schedule: [christmas],
  ...over,
});
const live = (callHours: JsonRecord | undefined = hours()): JsonRecord => ({ status: 'ENABLED', call_hours: callHours });
const sentHours = (change: { sent: JsonRecord }) => change.sent.call_hours as JsonRecord | undefined;

const holiday = fc.record({
  date: fc.integer({ min: 0, max: 700 }).map((day) => new Date(NOW + day * 86_400_000).toISOString().slice(0, 10)),
  start_time: fc.constantFrom('0000', '0900'),
  end_time: fc.constantFrom('1200', '2359'),
});
const opening = fc.constantFrom('MONDAY', 'TUESDAY', 'SUNDAY').map((day_of_week) => ({ ...monday, day_of_week }));
const week = fc.array(opening, { minLength: 1, maxLength: 3 });
const given = fc.record(
  {
    status: fc.constantFrom('ENABLED', 'DISABLED'),
    timezone_id: fc.constantFrom('America/Tijuana', 'America/Mexico_City', 'Europe/Madrid'),
    weekly_operating_hours: week,
  },
  { requiredKeys: [] },
);

describe('a change of a part of the settings', () => {
  it('never loses a holiday, whatever part of the hours it names', () => {
    fc.assert(
      fc.property(fc.array(holiday, { maxLength: 20 }), week, given, (holidays, weekly, part) => {
        const kept = hours({ holiday_schedule: holidays, weekly_operating_hours: weekly, timezone_id: 'Etc/GMT+12' });
        const sent = sentHours(settingsChangeOf(live(kept), { call_hours: part }, NOW));
        expect(sent ?? kept).toEqual({ ...kept, ...part, holiday_schedule: holidays });
      }),
    );
  });

  it('sends whole hours or none, and nothing else than was given', () => {
    fc.assert(
      fc.property(given, fc.boolean(), (part, withIcon) => {
        const icon = withIcon ? { call_icon_visibility: 'DISABLE_ALL' } : {};
        const { sent } = settingsChangeOf(live(), { ...icon, call_hours: part }, NOW);
        const { call_hours, ...rest } = sent;
        expect(rest).toEqual(icon);
        if (call_hours) expect(Object.keys(call_hours).sort()).toEqual(Object.keys(hours()).sort());
      }),
    );
  });

  it('clears the holidays with an explicit empty list', () => {
    expect(sentHours(settingsChangeOf(live(), { call_hours: { holiday_schedule: [] } }, NOW))).toEqual(hours({ holiday_schedule: [] }));
  });

  it('says nothing to Meta when the hours stay as they are', () => {
    expect(settingsChangeOf(live(), { call_hours: { status: 'ENABLED' } }, NOW).sent).toEqual({});
    expect(settingsChangeOf(live({ status: 'DISABLED' }), { call_hours: { status: 'DISABLED' } }, NOW).sent).toEqual({});
  });

  it('leaves out stored holidays that are past, and says how many', () => {
    const change = settingsChangeOf(live(hours({ holiday_schedule: [gone, christmas] })), { call_hours: { status: 'DISABLED' } }, NOW);
    expect(sentHours(change)).toEqual(hours({ status: 'DISABLED' }));
    expect(effectsOf(live(), change).at(-1)?.en).toContain('past dates: 1');
  });

  it('takes a day for past by the time zone of the hours', () => {
    const evening = Date.UTC(2026, 11, 26, 3);
    const change = (timezone_id: string) =>
      sentHours(settingsChangeOf(live(), { call_hours: { timezone_id, status: 'DISABLED' } }, evening));
    expect(change('America/Mexico_City')?.holiday_schedule).toEqual([christmas]);
    expect(change('Europe/Madrid')?.holiday_schedule).toEqual([]);
  });

  it('takes back settings as they were read, without what only Meta sets', () => {
    const read = {
      status: 'ENABLED',
      restrictions: { restrictions_list: [] },
      ip_addresses: { default: [] },
      video: { status: 'DISABLED' },
      sip: { status: 'ENABLED', servers: [{ hostname: 'sip.example.com', port: 5061, app_id: 1, sip_user_password: 'x' }] },
      call_hours: hours({ holiday_schedule: [gone, christmas] }),
    };
    const change = settingsChangeOf(read, read, NOW);
    expect(change.sent).toEqual({
      status: 'ENABLED',
      sip: { status: 'ENABLED', servers: [{ hostname: 'sip.example.com', port: 5061 }] },
      call_hours: hours(),
    });
    expect(checkSettings(change, NOW)).toEqual([]);
  });

  it.each([
    ['restrictions', { restrictions_list: [] }],
    ['restriction_list', []],
    ['ip_addresses', { default: ['192.0.2.1'] }],
    ['video', { status: 'ENABLED' }],
  ])('refuses %s by name where it differs from what was read', (name, value) => {
    const read = { status: 'ENABLED', restrictions: { restrictions_list: [{ type: 'RESTRICTED_USER_INITIATED_CALLING' }] } };
    const change = settingsChangeOf(read, { status: 'DISABLED', [name]: value }, NOW);
    expect(change.sent).toEqual({ status: 'DISABLED' });
    expect(checkSettings(change, NOW)).toEqual([
      {
        field: `calling.${name}`,
        message: { en: expect.stringMatching(/only Meta sets/), es: expect.stringMatching(/solo Meta/) },
      },
    ]);
  });

  it('refuses what only Meta sets of a SIP server by its path', () => {
    const read = { sip: { status: 'ENABLED', servers: [{ hostname: 'sip.example.com', app_id: 1 }] } };
    const servers = [
      { hostname: 'sip.example.com', app_id: 1 },
      { hostname: 'two.example.com', app_id: 2, sip_user_password: 'x' },
    ];
    const change = settingsChangeOf(read, { sip: { status: 'ENABLED', servers } }, NOW);
    expect(checkSettings(change, NOW).map(({ field }) => field)).toEqual([
      'calling.sip.servers[1].app_id',
      'calling.sip.servers[1].sip_user_password',
    ]);
  });

  it('passes on hours that are no object, to be refused by name', () => {
    for (const call_hours of [null, 'always', []]) {
      const change = settingsChangeOf(live(), { call_hours }, NOW);
      expect(checkSettings(change, NOW)).toMatchObject([{ field: 'calling.call_hours' }]);
    }
  });
});

describe('the effects of a change', () => {
  const effects = (part: JsonRecord, before = live()) => effectsOf(before, settingsChangeOf(before, part, NOW)).map(({ en }) => en);

  it('are none for what stays as it is', () => {
    expect(effects({ status: 'ENABLED' })).toEqual([]);
  });

  it('warn that a changed icon shows late, once however many members change it', () => {
    const shown = effects({ call_icon_visibility: 'DISABLE_ALL', call_icons: { restrict_to_user_countries: ['MX'] } });
    expect(shown.filter((text) => text.includes('7 days'))).toHaveLength(1);
    expect(shown.join(' ')).toContain('does not stop calls');
  });

  it('say that calling off ends both directions, and that hours do not touch outbound calls', () => {
    expect(effects({ status: 'DISABLED' }).join(' ')).toContain('off in both directions');
    expect(effects({ call_hours: { status: 'DISABLED' } }).join(' ')).toContain('calls that the business places are not affected');
  });

  it('warn of a voicemail that waits for no timeout, and of one beside call hours', () => {
    const shown = effects({ voicemail: { status: 'ENABLED', triggers: ['TIMEOUT'] } }).join(' ');
    expect(shown).toContain('does nothing');
    expect(shown).toContain('keep call hours off');
  });
});
