import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR, MINUTE, SECOND } from '#kernel/clock.js';
import { momentBefore, nextSlot, phaseOf, type Schedule, slotBefore } from './slots.service.js';

const BEGIN = Date.UTC(2026, 0, 10, 12);
const QUARTERS: Schedule = { cron: '*/15 * * * *', timeZone: 'UTC' };
const ids = Array.from({ length: 500 }, (_, index) => String(300_000_000_000_000 + index * 7_919));
const slotsOf = (schedule: Schedule, id: string | null, from: number, until: number) => {
  const slots: number[] = [];
  for (let at = nextSlot(schedule, id, from); at < until; at = nextSlot(schedule, id, at)) slots.push(at);
  return slots;
};

describe('the turns of numbers', () => {
  it('of 500 numbers each quarter of an hour are 0.56 in a second, and never more than 5', () => {
    const until = BEGIN + 4 * 15 * MINUTE;
    const all = ids.map((id) => slotsOf(QUARTERS, id, BEGIN - 1, until));
    expect(all.every((slots) => slots.length === 4)).toBe(true);
    const seconds = new Map<number, number>();
    for (const at of all.flat()) seconds.set(Math.floor(at / SECOND), (seconds.get(Math.floor(at / SECOND)) ?? 0) + 1);
    expect(Math.max(...seconds.values())).toBeLessThanOrEqual(5);
    expect(all.flat().length / ((until - BEGIN) / SECOND)).toBeCloseTo(0.56, 2);
    const minutes = new Map<number, number>();
    for (const slots of all)
      minutes.set(Math.floor((slots[0] ?? 0) / MINUTE), (minutes.get(Math.floor((slots[0] ?? 0) / MINUTE)) ?? 0) + 1);
    expect([Math.min(...minutes.values()) > 15, Math.max(...minutes.values()) < 60]).toEqual([true, true]);
  });

  it('are the same for every process, and once in each interval whenever it began', () => {
    for (const id of ids.slice(0, 20)) {
      const slot = nextSlot(QUARTERS, id, BEGIN - 1);
      expect(slot).toBe(BEGIN + phaseOf(id, 15 * MINUTE));
      for (const at of [BEGIN, slot - 1, slot, slot + 1, BEGIN + 14 * MINUTE]) {
        expect(nextSlot(QUARTERS, id, at)).toBe(at < slot ? slot : slot + 15 * MINUTE);
        expect(slotBefore(QUARTERS, id, at)).toBe(at < slot ? slot - 15 * MINUTE : slot);
      }
    }
  });

  it('of a number that is alone are the moments of its schedule', () => {
    expect(slotsOf(QUARTERS, null, BEGIN + 1, BEGIN + HOUR)).toEqual([15, 30, 45].map((minute) => BEGIN + minute * MINUTE));
  });

  it('follow the zone of each, and lie at most 15 min after the moment of a long interval', () => {
    for (const timeZone of ['America/Mexico_City', 'Asia/Tokyo', 'Europe/Berlin']) {
      const eight: Schedule = { cron: '0 8 * * *', timeZone };
      const moments = slotsOf(eight, null, BEGIN, BEGIN + 10 * DAY);
      const hours = moments.map((at) => new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hour12: false }).format(at));
      expect(new Set(hours)).toEqual(new Set(['08']));
      for (const id of ids.slice(0, 50)) {
        const late = slotsOf(eight, id, (moments[0] ?? 0) - 1, BEGIN + 10 * DAY).map((at, index) => at - (moments[index] ?? 0));
        expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...late)).toBeLessThan(15 * MINUTE);
      }
    }
  });

  it('keep the hour of their zone over a change of the clock', () => {
    const eight: Schedule = { cron: '0 8 * * *', timeZone: 'Europe/Berlin' };
    const [before, after] = slotsOf(eight, null, Date.UTC(2026, 2, 28, 6), Date.UTC(2026, 2, 30));
    expect([before, after]).toEqual([Date.UTC(2026, 2, 28, 7), Date.UTC(2026, 2, 29, 6)]);
  });

  it('of a schedule that never comes are none, and of a rare one far away', () => {
    const never: Schedule = { cron: '0 0 30 2 *', timeZone: 'UTC' };
    expect([nextSlot(never, '1', BEGIN), momentBefore(never, BEGIN)]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(momentBefore({ cron: '0 0 1 1 *', timeZone: 'UTC' }, BEGIN)).toBe(Date.UTC(2026, 0, 1));
    expect(momentBefore({ cron: '* * * * * *', timeZone: 'UTC' }, BEGIN + 5 * SECOND + 1)).toBe(BEGIN + 5 * SECOND);
  });
});
