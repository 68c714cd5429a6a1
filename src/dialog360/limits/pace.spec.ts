import { Pace } from './pace.js';

describe('Pace', () => {
  it('lets five pass at once and holds the sixth until a second has gone by', () => {
    const pace = new Pace(5, 1_000, 2_000);
    expect([0, 0, 0, 0, 0, 0].map((at) => pace.take(at))).toEqual([0, 0, 0, 0, 0, 1_000]);
    expect(pace.take(1_500)).toBe(0);
  });

  it('refuses who would wait too long, without counting them', () => {
    const pace = new Pace(1, 1_000, 1_000);
    expect([pace.take(0), pace.take(0), pace.take(0), pace.take(0)]).toEqual([0, 1_000, undefined, undefined]);
    expect(pace.take(1_000)).toBe(1_000);
  });
});
