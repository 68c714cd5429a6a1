import { addDays, daysBetween, type IsoDate, weekdayOf } from '#kernel/calendar/calendar.js';
import type { DayCount } from './count.js';
import { project } from './projection.js';
import { type RandomDraws, randomOf } from './random.js';

const goal = { conversations: 1_000, windowDays: 30 };
const TODAY = '2026-11-22';

const daysBefore = (today: IsoDate, counts: readonly number[]): DayCount[] =>
  counts.map((count, index) => ({ date: addDays(today, index - counts.length), businessInitiated: count, total: count }));

/** A day's count: a mean with the noise of a business whose days differ more than chance alone would make them. */
function drawCount(random: RandomDraws, mean: number, dispersion: number): number {
  return Math.max(0, Math.round(mean + Math.sqrt(mean * dispersion) * random.normal()));
}

/** Days before the business stepped up. */
const PAST = 40;

interface Life {
  history: DayCount[];
  /** Days from today to the day that reaches the goal; null when it never comes. */
  truth: number | null;
}

/** A business that began to write, or stepped up, some weeks ago, and goes on as it is. */
function live(seed: number): Life {
  const random = randomOf(seed);
  const dispersion = 1 + 2.5 * random.uniform();
  const weekend = 0.3 + 0.7 * random.uniform();
  const factors = Array.from({ length: 7 }, (_, day) => (day === 0 || day === 6 ? weekend : 1) * (1 + 0.1 * random.normal()));
  const mean = factors.reduce((sum, factor) => sum + factor, 0) / 7;
  const pace = 35 + 25 * random.uniform();
  const age = 14 + Math.floor(10 * random.uniform());
  const before = random.uniform() < 0.5 ? 0 : 8 * random.uniform();
  const counts: number[] = [];
  for (let day = -PAST; day < age + 120; day += 1) {
    const weekday = weekdayOf(addDays(TODAY, day - age));
    counts.push(drawCount(random, ((day < 0 ? before : pace) * (factors[weekday] ?? 1)) / mean, dispersion));
  }
  const sumAt = (day: number) => counts.slice(Math.max(0, day - goal.windowDays + 1), day + 1).reduce((sum, count) => sum + count, 0);
  const hit = counts.findIndex((_, day) => day >= PAST + age && sumAt(day) >= goal.conversations);
  return { history: daysBefore(TODAY, counts.slice(0, PAST + age)), truth: hit < 0 ? null : hit - age - PAST };
}

describe('the projection', () => {
  it('is as right as it says in 1,000 simulated histories, and narrow', () => {
    let [promised, inside, hits] = [0, 0, 0];
    const widths: number[] = [];
    for (let seed = 1; promised < 1_000; seed += 1) {
      const { history, truth } = live(seed);
      const { date, range, reason } = project(history, TODAY, goal);
      if (reason === 'met' || date === null || range === null) continue;
      promised += 1;
      const [from, to] = [daysBetween(TODAY, range[0]), daysBetween(TODAY, range[1])];
      if (truth !== null && truth >= from && truth <= to) inside += 1;
      if (truth !== null) hits += 1;
      widths.push((to - from) / Math.max(1, daysBetween(TODAY, date) + 1));
    }
    widths.sort((a, b) => a - b);
    expect(hits).toBeGreaterThan(950);
    expect(inside / promised).toBeGreaterThanOrEqual(0.75);
    expect(inside / promised).toBeLessThanOrEqual(0.85);
    expect(widths[Math.floor(widths.length / 2)]).toBeLessThanOrEqual(0.35);
  }, 600_000);

  it('follows a business that has stepped up', () => {
    const counts = Array.from({ length: 60 }, (_, index) => (index < 44 ? 7 : 41));
    const { date, pacePerDay } = project(daysBefore(TODAY, counts), TODAY, goal);
    expect(pacePerDay).toBe(41);
    expect(date).not.toBeNull();
  });

  it('promises no day below the required pace', () => {
    const history = daysBefore(
      TODAY,
      Array.from({ length: 60 }, () => 30),
    );
    expect(project(history, TODAY, goal)).toMatchObject({
      date: null,
      range: null,
      reason: 'pace_below_requirement',
      pacePerDay: 30,
      requiredPacePerDay: 33.4,
    });
  });

  it('says nothing from less than two weeks', () => {
    expect(
      project(
        daysBefore(
          TODAY,
          Array.from({ length: 13 }, () => 50),
        ),
        TODAY,
        goal,
      ).reason,
    ).toBe('too_little_data');
    expect(project([], TODAY, goal)).toMatchObject({ date: null, reason: 'too_little_data', pacePerDay: null });
  });

  it('says so when the goal is reached', () => {
    expect(
      project(
        daysBefore(
          TODAY,
          Array.from({ length: 30 }, () => 40),
        ),
        TODAY,
        goal,
      ).reason,
    ).toBe('met');
  });

  it('expects no messages on weekends', () => {
    const counts = Array.from({ length: 21 }, (_, index) => ([0, 6].includes(weekdayOf(addDays(TODAY, index - 21))) ? 0 : 60));
    const { date } = project(daysBefore(TODAY, counts), TODAY, goal);
    expect(date).not.toBeNull();
    expect([0, 6]).not.toContain(weekdayOf(date as IsoDate));
  });

  it('gives equal answers to equal histories', () => {
    const { history } = live(7);
    expect(project(history, TODAY, goal)).toEqual(project(history, TODAY, goal));
  });
});
