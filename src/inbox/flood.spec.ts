import { describe, expect, it } from '@jest/globals';
import { Flood } from './flood.js';

describe('a flood', () => {
  it('is none while deliveries come one by one, however many there are', () => {
    const flood = new Flood();
    for (let now = 0; now < 2_000; now += 1) {
      flood.note(5, now);
      expect(flood.isOn(now)).toBe(false);
    }
  });

  it('begins with a burst and lasts a tenth of a second at least', () => {
    const flood = new Flood();
    flood.note(32, 1_000);
    expect([1_000, 1_050, 1_099, 1_100].map((now) => flood.isOn(now))).toEqual([true, true, true, false]);
  });

  it('lasts as long as more come than can be understood, and ends when fewer do', () => {
    const flood = new Flood();
    flood.note(64, 0);
    for (let now = 10; now < 1_000; now += 10) {
      flood.note(20, now);
      expect(flood.isOn(now)).toBe(true);
    }
    for (let now = 1_000; now < 1_300; now += 10) flood.note(10, now);
    expect(flood.isOn(1_300)).toBe(false);
  });
});
