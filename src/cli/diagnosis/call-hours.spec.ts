import { describe, expect, it } from '@jest/globals';
import { isOpen } from './call-hours.js';

const HOURS = {
  status: 'ENABLED',
  timezone_id: 'America/Mexico_City',
  weekly_operating_hours: [
    { day_of_week: 'MONDAY', open_time: '0900', close_time: '1300' },
    { day_of_week: 'MONDAY', open_time: '1500', close_time: '1800' },
  ],
  holiday_schedule: [
    { date: '2026-11-30', start_time: '0000', end_time: '2359' },
    { date: '2026-12-07', start_time: '1100', end_time: '1229' },
  ],
};
/** Mexico City is six hours behind UTC. */
const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 10, day, hour + 6, minute);

describe('call hours', () => {
  it.each([
    [at(23, 9), true],
    [at(23, 8, 59), false],
    [at(23, 13), false],
    [at(23, 15), true],
    [at(24, 10), false],
  ])('open on the weekday between its times', (now, open) => {
    expect(isOpen(HOURS, now)).toBe(open);
  });

  // Meta's sample closes Christmas with 0000 to 2359.
  it.each([
    [at(30, 10), false],
    [at(30, 17, 59), false],
    [at(37, 10), true],
    [at(37, 11), false],
    [at(37, 12, 29), false],
    [at(37, 12, 30), true],
  ])('are closed on a holiday, from its start to its end', (now, open) => {
    expect(isOpen(HOURS, now)).toBe(open);
  });

  it('are not known while they are off, or in a zone that nobody knows', () => {
    expect(isOpen({ ...HOURS, status: 'DISABLED' }, at(23, 9))).toBeNull();
    expect(isOpen({ ...HOURS, timezone_id: 'Mars/Olympus' }, at(23, 9))).toBeNull();
  });
});
