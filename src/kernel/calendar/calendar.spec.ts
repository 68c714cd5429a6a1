import { HOUR } from '#kernel/clock.js';
import { addDays, dateOf, datesBetween, daysBetween, startOf } from './calendar.js';

const ZONES = [
  'UTC',
  'America/Mexico_City',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Santiago',
  'America/Havana',
  'Europe/Berlin',
  'Europe/Madrid',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
];

describe.each(ZONES)('the days of %s', (zone) => {
  it('follow each other without a gap or an overlap for two years', () => {
    const odd = datesBetween('2025-12-01', '2027-12-01').filter((date) => {
      const [start, end] = [startOf(date, zone), startOf(addDays(date, 1), zone)];
      const hours = (end - start) / HOUR;
      const held = dateOf(start, zone) === date && dateOf(end - 1, zone) === date;
      return !held || hours < 23 || hours > 25 || dateOf(start - 1, zone) !== addDays(date, -1);
    });
    expect(odd).toEqual([]);
  });

  it('have every moment of a year, hour by hour, in exactly one day', () => {
    const odd: string[] = [];
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 2); at += HOUR) {
      const date = dateOf(at, zone);
      if (startOf(date, zone) > at || startOf(addDays(date, 1), zone) <= at) odd.push(new Date(at).toISOString());
    }
    expect(odd).toEqual([]);
  });

  it('begin on a quarter of an hour, where the counters have their edges', () => {
    expect(datesBetween('2026-01-01', '2027-01-01').filter((date) => startOf(date, zone) % (HOUR / 4) !== 0)).toEqual([]);
  });
});

describe('a day', () => {
  it('of Berlin has 23 hours in spring and 25 in autumn', () => {
    const lengthOf = (date: string) => (startOf(addDays(date, 1), 'Europe/Berlin') - startOf(date, 'Europe/Berlin')) / HOUR;
    expect([lengthOf('2026-03-29'), lengthOf('2026-10-25'), lengthOf('2026-07-01')]).toEqual([23, 25, 24]);
  });

  it('begins at one o’clock where the clocks skip midnight', () => {
    expect(startOf('2026-04-24', 'Africa/Cairo')).toBe(Date.parse('2026-04-23T22:00:00Z'));
  });

  it('is counted across months and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysBetween('2026-02-27', '2026-03-01')).toBe(2);
    expect(datesBetween('2026-11-20', '2026-11-22')).toEqual(['2026-11-20', '2026-11-21']);
    expect(datesBetween('2026-11-22', '2026-11-20')).toEqual([]);
  });
});
