import { dateOf } from '#kernel/calendar/calendar.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Count } from './count.js';
import type { Goal, Progress } from './progress.js';
import { type Projection, project } from './projection.js';

/** When the count of the primary source reaches the goal. */
export function projectionOf(
  { goal, progress, primarySource }: { goal: Goal; progress: Progress; primarySource: Count | null },
  now: number,
): Projection {
  const today = dateOf(now, progress.timeZone ?? 'UTC');
  const projection = project(primarySource?.history ?? [], today, goal);
  if (progress.meets) return { ...projection, date: null, range: null, reason: 'met' };
  return primarySource ? projection : { ...projection, reason: 'no_source' };
}

/** The progress as answers and reports show it; its coverage they show each in their way. */
export const progressFields = ({ businessInitiated, total, meets, observedAt, remaining, progress, source, reason }: Progress) => ({
  business_initiated_conversations: businessInitiated,
  total_conversations: total,
  meets_1k_requirement: meets,
  observed_at: rfc3339(observedAt),
  remaining,
  progress,
  source,
  reason,
});

/** A projection as answers and reports show it. */
export const projectionFields = ({ date, range, confidence, pacePerDay, requiredPacePerDay, reason }: Projection) => ({
  date,
  range,
  confidence,
  pace_per_day: pacePerDay,
  required_pace_per_day: requiredPacePerDay,
  reason,
});

/** A count as answers and reports show it. */
export const countFields = ({ source, unit, scope, businessInitiated, total, timeZone, observedAt, reason }: Count) => ({
  source,
  unit,
  scope,
  value: businessInitiated,
  total,
  time_zone: timeZone,
  observed_at: rfc3339(observedAt),
  reason,
});
