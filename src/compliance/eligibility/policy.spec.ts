import { mayCallFrom, readLimit } from './policy.js';

describe('the country of a business number', () => {
  it.each([
    ['the United States', '12125550123'],
    ['Canada', '14165550123'],
    ['Egypt', '201001234567'],
    ['Vietnam', '84901234567'],
    ['Nigeria', '2348012345678'],
  ])('%s may not place calls', (_, digits) => {
    expect(mayCallFrom(digits)).toBe(false);
  });

  it.each([
    ['Mexico', '5215512345678'],
    ['Brazil', '551130000000'],
    ['Türkiye', '905321234567'],
    ['South Africa, whose code only begins like that of Egypt', '27821234567'],
    ['Morocco', '212612345678'],
    ['the Dominican Republic, which shares +1', '18095550123'],
    ['Jamaica, which shares +1', '18765550123'],
    ['the Bahamas, which share +1', '12425550123'],
  ])('%s may', (_, digits) => {
    expect(mayCallFrom(digits)).toBe(true);
  });

  it.each([
    ['Puerto Rico', '17875550123'],
    ['a toll-free number', '18005550123'],
    ['a number of +1 that is cut short', '1212555'],
  ])('nobody can tell for %s', (_, digits) => {
    expect(mayCallFrom(digits)).toBeNull();
  });
});

describe('a messaging limit', () => {
  it.each([
    ['TIER_50', 50, false],
    ['TIER_250', 250, false],
    ['TIER_1K', 1_000, false],
    ['TIER_2K', 2_000, true],
    ['TIER_10K', 10_000, true],
    ['TIER_100K', 100_000, true],
  ])('%s is %i', (tier, limit, meets) => {
    expect(readLimit(tier)).toEqual({ tier, limit, meets });
  });

  it('is unlimited under either word', () => {
    for (const word of ['UNLIMITED', 'TIER_UNLIMITED', '-1'])
      expect(readLimit(word)).toEqual({ tier: 'TIER_UNLIMITED', limit: null, meets: true });
  });

  it('may come as a bare number', () => {
    expect(readLimit('2000')).toEqual({ tier: 'TIER_2K', limit: 2_000, meets: true });
    expect(readLimit('1999')).toEqual({ tier: null, limit: 1_999, meets: false });
  });

  it.each(['UNTIERED', 'TIER_NOT_SET', 'TIER_5K', '2.5', ''])('is unknown as "%s"', (word) => {
    expect(readLimit(word)).toBeNull();
  });
});
