import { daysBetween } from '#kernel/calendar/calendar.js';
import { DAY, HOUR } from '#kernel/clock.js';
import { projectTemplates, type TemplateBucket, type TemplateCounting, templateCount } from './template-count.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const LONG_AGO = NOW - 80 * DAY;

/** Users on each of the last days, the last one being today. */
const days = (count: number, figures: (ago: number) => { last: number; fresh: number }): TemplateBucket[] =>
  Array.from({ length: count }, (_, index) => ({ at: NOW - (count - 1 - index) * DAY, ...figures(count - 1 - index) }));
const counting = (buckets: TemplateBucket[], over: Partial<TemplateCounting> = {}): TemplateCounting => ({
  now: NOW,
  since: LONG_AGO,
  heardAt: NOW - HOUR,
  buckets,
  ...over,
});
/** Each user gets one template and no other. */
const once = (perDay: number, since = 80) => days(since, () => ({ last: perDay, fresh: perDay }));

describe('users of templates', () => {
  it('are those of the last 30 days, each once', () => {
    expect(templateCount(counting(once(10)))).toEqual({
      value: 310,
      coverage: { from: '2026-10-23', to: '2026-11-23', complete: true },
      observedAt: NOW - HOUR,
    });
  });

  it('are known in part while the gateway has not counted for 30 days', () => {
    expect(templateCount(counting(once(10, 5), { since: NOW - 5 * DAY }))).toMatchObject({
      value: 50,
      coverage: { from: '2026-11-17', complete: false },
    });
  });

  it('are unknown, not none, when none was seen or nothing was ever heard', () => {
    expect(templateCount(counting([]))).toBeNull();
    expect(templateCount(counting(once(10), { heardAt: null }))).toBeNull();
    expect(templateCount(counting([{ at: NOW - 40 * DAY, last: 9, fresh: 9 }]))).toBeNull();
  });
});

describe('the projection of users of templates', () => {
  const inDays = (buckets: TemplateBucket[], over: Partial<TemplateCounting> = {}) => {
    const { date, range, reason } = projectTemplates(counting(buckets, over), 2_000);
    return { day: date && daysBetween('2026-11-22', date), range: range?.map((end) => daysBetween('2026-11-22', end)), reason };
  };

  it('names the day on which new users make up what is missing', () => {
    // 20 days at 80 a day, and today: 1,680 stand there, and four days more bring 320.
    const since = NOW - 21 * DAY;
    expect(inDays(once(80, 21), { since })).toMatchObject({ reason: null, day: 4 });
  });

  it('never counts a user twice: a business that writes to the same people gets nowhere', () => {
    // 500 people, all of whom get a template each day: all stand in today, and nobody is new since the first day.
    const same = days(40, (ago) => ({ last: ago === 0 ? 500 : 0, fresh: ago === 39 ? 500 : 0 }));
    expect(templateCount(counting(same, { since: NOW - 41 * DAY }))?.value).toBe(500);
    expect(inDays(same, { since: NOW - 41 * DAY })).toMatchObject({ day: null, reason: 'not_projectable' });
  });

  it('says that the pace falls short only where nearly all users are new', () => {
    expect(inDays(once(40))).toMatchObject({ day: null, reason: 'pace_below_requirement' });
    const half = days(80, () => ({ last: 40, fresh: 20 }));
    expect(inDays(half)).toMatchObject({ day: null, reason: 'not_projectable' });
  });

  it('says when there are enough, and when there are too few days', () => {
    expect(inDays(once(90))).toMatchObject({ day: null, reason: 'met' });
    expect(inDays(once(100, 6), { since: NOW - 6 * DAY })).toMatchObject({ day: null, reason: 'too_little_data' });
  });

  it('lets who stands in the window leave it 30 days after the latest template', () => {
    // A wave of 1,000 is about to leave; 65 new ones a day cannot make up for it before.
    const wave = days(30, (ago) => ({ last: ago === 29 ? 1_000 : 30, fresh: ago === 29 ? 1_000 : 30 }));
    expect(inDays(wave, { since: NOW - 31 * DAY })).toMatchObject({ day: null });
  });
});
