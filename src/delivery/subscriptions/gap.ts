import { DAY, rfc3339 } from '#kernel/clock.js';

/** Events that a subscription wanted and that were purged before their delivery. */
export interface Loss {
  events: number;
  /** When the first of them happened, in ms since 1970. */
  from: number;
  /** When the last of them happened, in ms since 1970. */
  until: number;
}

export interface Gap extends Loss {
  /** When `subscription.gap` was published, in ms since 1970; null before. A later loss is a gap of its own. */
  reportedAt: number | null;
}

/** A gap that is not reported yet grows. */
export const widened = (gap: Gap | null, lost: Loss): Loss =>
  gap === null || gap.reportedAt !== null
    ? lost
    : { events: gap.events + lost.events, from: Math.min(gap.from, lost.from), until: Math.max(gap.until, lost.until) };

/** A call waits at most 7 days for a permission and one day to be dialled: for this long after it began it has events. */
const LONGEST_CALL_MS = 9 * DAY;

/** A loss as the API and events show it; `calls` is the path that lists every call with an event in it. */
export const shownLoss = ({ events, from, until }: Loss) => ({
  events,
  from: rfc3339(from),
  until: rfc3339(until),
  calls: `/api/calling/calls?${new URLSearchParams({ since: rfc3339(from - LONGEST_CALL_MS), until: rfc3339(until + 1) })}`,
});
