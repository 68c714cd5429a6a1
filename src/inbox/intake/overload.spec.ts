import { beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '#kernel/clock.js';
import { Overload } from './overload.js';

describe('an overload', () => {
  const clock = new (class extends Clock {
    time = 0;
    now = () => this.time;
  })();
  let overload: Overload;
  const note = (bodies: number, now: number) => {
    clock.time = now;
    overload.note(bodies);
  };
  const isOn = (now: number) => {
    clock.time = now;
    return overload.isOn();
  };
  beforeEach(() => {
    overload = new Overload(clock);
  });

  it('does not begin while deliveries come one by one, however many there are', () => {
    for (let now = 0; now < 2_000; now += 1) {
      note(5, now);
      expect(isOn(now)).toBe(false);
    }
  });

  it('begins with a burst and lasts a tenth of a second at least', () => {
    note(32, 1_000);
    expect([1_000, 1_050, 1_099, 1_100].map(isOn)).toEqual([true, true, true, false]);
  });

  it('lasts as long as more deliveries come than can be applied, and ends when fewer come', () => {
    note(64, 0);
    for (let now = 10; now < 1_000; now += 10) {
      note(20, now);
      expect(isOn(now)).toBe(true);
    }
    for (let now = 1_000; now < 1_300; now += 10) note(10, now);
    expect(isOn(1_300)).toBe(false);
  });
});
