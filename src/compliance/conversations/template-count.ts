import { addDays, dateOf, datesBetween, type IsoDate, later } from '#kernel/calendar/calendar.js';
import { DAY } from '#kernel/clock.js';
import { bucketOf, TEMPLATE_WINDOW_MS } from './conversation.js';
import type { Coverage } from './count.js';
import { type Projection, project } from './projection.js';

/** Users of templates in a quarter of an hour. */
export interface TemplateBucket {
  at: number;
  /** Who got the latest template then. */
  last: number;
  /** Who got one then and none in the 30 days before. */
  fresh: number;
}

/** Users who got a delivered template outside of the 24 h window within Meta's 30 days, each once. */
export interface TemplateCount {
  value: number;
  /** Days of UTC; of those before this gateway counted nothing is known. */
  coverage: Coverage;
  observedAt: number;
}

export interface TemplateCounting {
  now: number;
  /** Since when deliveries are kept. */
  since: number;
  /** When the last delivery arrived; null before the first. */
  heardAt: number | null;
  /** Oldest first, as far back as a projection looks. */
  buckets: readonly TemplateBucket[];
}

const WINDOW_DAYS = TEMPLATE_WINDOW_MS / DAY;
const HISTORY_DAYS = 84;
const ZONE = 'UTC';
/** Of the users in the window, how many must be new in it for the pace of new ones to suffice. */
const MOSTLY_NEW = 0.95;

export const templateHistoryFrom = (now: number): number => now - (HISTORY_DAYS + 1) * DAY;

/** Null without any user: Meta may send no prices at all. */
export function templateCount({ now, since, heardAt, buckets }: TemplateCounting): TemplateCount | null {
  const from = bucketOf(now - TEMPLATE_WINDOW_MS);
  const value = buckets.reduce((sum, { at, last }) => sum + (at >= from ? last : 0), 0);
  if (heardAt === null || value === 0) return null;
  const coverage = { from: dateOf(Math.max(from, since), ZONE), to: addDays(dateOf(now, ZONE), 1), complete: since <= from };
  return { value, coverage, observedAt: heardAt };
}

/**
 * Distinct users are no sum of days: a user who gets another template is not counted again. So their growth is projected from
 * two counts: users who are new to the window come at the pace of the past, and who is in it now leaves 30 days after the
 * latest template. Those who will get another one stay longer, so a date is rather late than early, and without one nothing
 * is said of the pace unless nearly all in the window are new.
 */
export function projectTemplates({ now, since, buckets }: TemplateCounting, required: number): Projection {
  const today = dateOf(now, ZONE);
  const days = datesBetween(later(addDays(dateOf(since, ZONE), 1), addDays(today, -HISTORY_DAYS)), today);
  const byDate = Map.groupBy(buckets, ({ at }) => dateOf(at, ZONE));
  const sum = (kind: 'last' | 'fresh', date: IsoDate) => (byDate.get(date) ?? []).reduce((total, bucket) => total + bucket[kind], 0);
  const history = days.map((date) => ({ date, businessInitiated: sum('fresh', date), total: null }));
  const window = datesBetween(addDays(today, 1 - WINDOW_DAYS), today).map((date) => sum('last', date));
  // Who got a template today counts with yesterday, and so leaves a day early.
  const inWindow = [0, ...window.slice(0, -1), (window.at(-1) ?? 0) + sum('last', today)];
  const projection = project(history, today, { conversations: required, windowDays: WINDOW_DAYS }, inWindow);
  const fresh = history.slice(1 - WINDOW_DAYS).reduce((total, { businessInitiated }) => total + businessInitiated, sum('fresh', today));
  const ofThePace = projection.reason === 'pace_below_requirement' || projection.reason === 'pace_near_requirement';
  if (ofThePace && fresh < inWindow.reduce((a, b) => a + b, 0) * MOSTLY_NEW) return { ...projection, reason: 'not_projectable' };
  return projection;
}
