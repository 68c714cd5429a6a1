import { addDays, type IsoDate, weekdayOf } from '#kernel/calendar/calendar.js';
import type { DayCount } from './count.js';
import type { Goal } from './progress.js';
import { randomOf } from './random.js';

/** When the goal will be reached, projected from past days. */
export interface Projection {
  /** The day on which half of the simulated futures have reached the goal; null when none is promised. */
  date: IsoDate | null;
  /** In `confidence` of the futures the day lies within, both ends included. */
  range: [IsoDate, IsoDate] | null;
  confidence: number;
  pacePerDay: number | null;
  requiredPacePerDay: number;
  /** Why there is no date: `met`, `too_little_data`, `pace_below_requirement` or `pace_near_requirement`. */
  reason: string | null;
}

const CONFIDENCE = 0.8;
/** Fewer whole days than this say nothing about a week. */
const LEAST_DAYS = 14;
/** The pace is that of the last four weeks, or of two when it has changed since. */
const PACE_DAYS = 28;
/** A change counts when it is this many deviations from chance. */
const CHANGED = 3;
/** Beyond this no day is named. */
const HORIZON_DAYS = 120;
const FUTURES = 300;
/** Of the futures, how many must reach the goal for a day to be named: with fewer, the late end of the range is open. */
const ENOUGH = 0.9;
/** Weekdays are drawn towards the mean as if each had occurred this many more times with the mean. */
const PRIOR_WEEKS = 0.5;

/** What the past days say about a coming day. */
interface Pace {
  perDay: number;
  /** Relative to `perDay`, by weekday. */
  factors: readonly number[];
  /** Variance over mean: 1 for independent arrivals, more when days differ. */
  dispersion: number;
  /** Days behind the estimate. */
  days: number;
}

/**
 * Projects when the sum over a rolling window reaches the goal.
 *
 * The pace is the mean of the last 28 whole days, of the last 14 when the two weeks before were another pace, or of all since
 * the first conversation when that is less; with a factor for each weekday, and a dispersion from what these leave unexplained. 300 futures are drawn: each takes its own pace from
 * the uncertainty of the estimate, then day by day a count with the dispersion; what is older than the window falls out. The
 * day is the median of the first days that reach the goal, the range the days around it that hold closest to 80 % of them. The draws depend on the
 * counts alone: equal histories give equal answers. Below the required pace no day is promised.
 *
 * @param history whole days, oldest first, without gaps
 * @param today the first day that is not in it
 * @param window the counts in the window today, by the day after which each leaves it, where they differ from the
 * last days of the history
 */
export function project(
  history: readonly DayCount[],
  today: IsoDate,
  goal: Goal,
  window: readonly number[] = countsOf(history).slice(-goal.windowDays),
): Projection {
  const counts = countsOf(history);
  // Rounded up: a pace that falls short of it never fills the window.
  const requiredPacePerDay = Math.ceil((goal.conversations * 10) / goal.windowDays) / 10;
  const none = (reason: string, pacePerDay: number | null): Projection => ({
    date: null,
    range: null,
    confidence: CONFIDENCE,
    pacePerDay,
    requiredPacePerDay,
    reason,
  });
  const inWindow = window.reduce(add, 0);
  const begun = counts.findIndex((count) => count > 0);
  const seen = begun < 0 ? 0 : counts.length - begun;
  const pace = seen === 0 ? null : paceOf(steady(history.slice(begun)));
  const shown = pace && round(pace.perDay);
  if (inWindow >= goal.conversations) return none('met', shown);
  if (pace === null || seen < LEAST_DAYS) return none('too_little_data', seen < 7 ? null : shown);
  if (pace.perDay * goal.windowDays < goal.conversations) return none('pace_below_requirement', shown);
  const reached = futures(counts, window, today, goal, pace);
  if (reached.length < FUTURES * ENOUGH) return none('pace_near_requirement', shown);
  const median = reached[Math.floor(FUTURES / 2)] ?? HORIZON_DAYS;
  const [earliest, latest] = spanAround(median, reached);
  return {
    date: addDays(today, median),
    range: [addDays(today, earliest), addDays(today, latest)],
    confidence: CONFIDENCE,
    pacePerDay: shown,
    requiredPacePerDay,
    reason: null,
  };
}

/** The days behind the present pace: the last four weeks, or two when those before differ from them by more than chance. */
function steady(days: readonly DayCount[]): readonly DayCount[] {
  const [recent, before] = [days.slice(-LEAST_DAYS), days.slice(-PACE_DAYS, -LEAST_DAYS)];
  if (before.length === 0) return recent;
  const [now, then] = [paceOf(recent), paceOf(before)];
  const chance = Math.sqrt((now.perDay * now.dispersion) / now.days + (then.perDay * now.dispersion) / then.days);
  return Math.abs(now.perDay - then.perDay) > CHANGED * chance ? recent : days.slice(-PACE_DAYS);
}

function paceOf(days: readonly DayCount[]): Pace {
  const perDay = days.reduce((sum, { businessInitiated }) => sum + businessInitiated, 0) / days.length;
  const byWeekday = Array.from({ length: 7 }, () => ({ sum: 0, days: 0 }));
  for (const { date, businessInitiated } of days) {
    const weekday = byWeekday[weekdayOf(date)];
    if (weekday) Object.assign(weekday, { sum: weekday.sum + businessInitiated, days: weekday.days + 1 });
  }
  const prior = PRIOR_WEEKS * Math.max(0.1, perDay);
  const raw = byWeekday.map((weekday) => (weekday.sum + prior) / ((weekday.days + PRIOR_WEEKS) * Math.max(0.1, perDay)));
  const mean = raw.reduce(add, 0) / 7;
  const factors = raw.map((factor) => factor / mean);
  const misses = days.map(({ date, businessInitiated }) => {
    const expected = Math.max(0.1, perDay * (factors[weekdayOf(date)] ?? 1));
    return (businessInitiated - expected) ** 2 / expected;
  });
  // Seven factors were fitted to these days.
  const free = Math.max(days.length / 3, days.length - 7);
  return { perDay, factors, dispersion: Math.max(1, misses.reduce(add, 0) / free), days: days.length };
}

/** On which day from today the goal was reached in each future that reached it, sorted. */
function futures(
  counts: readonly number[],
  window: readonly number[],
  today: IsoDate,
  { conversations, windowDays }: Goal,
  pace: Pace,
): number[] {
  const random = randomOf(counts.reduce((seed, count, index) => (seed * 31 + count * 7 + index) >>> 0, 17));
  const doubt = Math.sqrt(pace.dispersion / (pace.perDay * pace.days));
  const first = weekdayOf(today);
  const reached: number[] = [];
  for (let future = 0; future < FUTURES; future += 1) {
    const perDay = pace.perDay * Math.max(0.05, 1 + doubt * random.normal());
    const days = [...window];
    let sum = days.reduce(add, 0);
    for (let day = 0; day < HORIZON_DAYS; day += 1) {
      const expected = perDay * (pace.factors[(first + day) % 7] ?? 1);
      const count = Math.max(0, Math.round(expected + Math.sqrt(expected * pace.dispersion) * random.normal()));
      days.push(count);
      sum += count - (days.length > windowDays ? (days[days.length - 1 - windowDays] ?? 0) : 0);
      if (sum < conversations) continue;
      reached.push(day);
      break;
    }
  }
  return reached.sort((a, b) => a - b);
}

/**
 * The days around the median that hold the share of the futures closest to `CONFIDENCE`. Percentiles of whole days would hold
 * too much: of a range of three days, each holds a good part.
 */
function spanAround(median: number, reached: readonly number[]): [number, number] {
  const held = new Map<number, number>();
  for (const day of reached) held.set(day, (held.get(day) ?? 0) + 1 / FUTURES);
  const days = [...held.keys()];
  let best: { span: [number, number]; miss: number } = { span: [median, median], miss: Number.POSITIVE_INFINITY };
  for (const from of days.filter((day) => day <= median)) {
    let share = 0;
    for (const to of days.filter((day) => day >= from)) {
      share += held.get(to) ?? 0;
      const miss = Math.abs(share - CONFIDENCE);
      if (to >= median && miss < best.miss - 1e-9) best = { span: [from, to], miss };
    }
  }
  return best.span;
}

const countsOf = (history: readonly DayCount[]): number[] => history.map(({ businessInitiated }) => businessInitiated);
const add = (a: number, b: number): number => a + b;
const round = (value: number): number => Math.round(value * 10) / 10;
