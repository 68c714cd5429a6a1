import { addDays, dateOf, datesBetween, type IsoDate, later } from '#kernel/calendar/calendar.js';
import { HOUR } from '#kernel/clock.js';
import { type Count, type DayCount, sumOf, unknownCount } from './count.js';

/** The partner's balance as received; its days are those of UTC. */
export interface PartnerAnswer {
  /** The first day that was asked for. */
  from: IsoDate;
  /** Days without conversations may be missing. */
  days: readonly { date: IsoDate; businessInitiated: number | null; total: number | null }[];
}

/** An answer older than this no longer covers the day on which it is looked at. */
export const FRESH_MS = 2 * HOUR;
/** After this an answer proves nothing about the window any more. */
const FORGOTTEN_MS = 30 * 24 * HOUR;

const ZONE = 'UTC';

/**
 * The partner's answer as a count of the window: `windowDays` days of UTC that end with today. A day that is missing from an
 * answer with other days is zero. An answer without any day is unknown; of one with rows that leave the count out the total is known. `crossChecked` compares
 * zeros with the gateway's own counts.
 */
export function partnerCount(answer: PartnerAnswer, observedAt: number, now: number, windowDays: number): Count {
  const base = { source: 'partner_api', unit: 'conversation', scope: 'client', timeZone: ZONE, observedAt } as const;
  const unknown = (reason: string): Count => ({ ...base, ...unknownCount(reason) });
  if (answer.days.length === 0) return unknown('no_days');
  if (now - observedAt > FORGOTTEN_MS) return unknown('stale');
  const fresh = now - observedAt <= FRESH_MS;
  const seenUntil = addDays(dateOf(observedAt, ZONE), 1);
  const end = fresh ? seenUntil : addDays(dateOf(now, ZONE), 1);
  const start = addDays(end, -windowDays);
  const from = later(answer.from, start);
  const series = daysOf(answer, from, seenUntil);
  if (series.length === 0) return unknown('stale');
  const complete = fresh && answer.from <= start;
  if (answer.days.some(({ businessInitiated }) => businessInitiated === null)) {
    const coverage = { from, to: seenUntil, complete };
    return { ...unknown('figure_missing'), total: sumOf(series).total, coverage };
  }
  const missing = fresh ? 'window_incomplete' : 'stale';
  const history = daysOf(answer, answer.from, dateOf(observedAt, ZONE));
  return {
    ...base,
    ...sumOf(series),
    coverage: { from, to: seenUntil, complete },
    reason: complete ? null : missing,
    series,
    history,
  };
}

function daysOf({ days }: PartnerAnswer, from: IsoDate, to: IsoDate): DayCount[] {
  const told = new Map(days.map((day) => [day.date, day]));
  return datesBetween(from, to).map((date) => {
    const day = told.get(date);
    if (!day) return { date, businessInitiated: 0, total: 0 };
    const businessInitiated = day.businessInitiated ?? 0;
    return { date, businessInitiated, total: day.total === null ? null : Math.max(businessInitiated, day.total) };
  });
}

/** Counts of different systems differ a little at the edges of days. */
const SLACK = { share: 0.05, count: 10 };

/**
 * The partner's count checked against the gateway's own, which is proven. Zeros although there were conversations,
 * or messages that are billed like them, are unknown. A count that is too low on the days that the gateway covers stays on display
 * but no longer decides.
 */
export function crossChecked(partner: Count, own: Count | null, messages: Count | null): Count {
  const seen = own?.businessInitiated ?? 0;
  const told = partner.businessInitiated;
  if (told === null) return partner;
  const reason = 'contradicted_by_webhooks';
  const contradicted = seen + (messages?.businessInitiated ?? 0) > 0 || (partner.total === 0 && (own?.total ?? 0) > 0);
  if (told === 0 && contradicted) return { ...partner, ...unknownCount(reason) };
  if (own === null || seen <= toldOf(partner, own) * (1 + SLACK.share) + SLACK.count) return partner;
  return { ...partner, coverage: { ...partner.coverage, complete: false }, reason };
}

/** What the partner says of the days that our own count covers. */
function toldOf({ series }: Count, own: Count): number {
  const covered = new Set(own.series.map(({ date }) => date));
  return series.reduce((sum, { date, businessInitiated }) => sum + (covered.has(date) ? businessInitiated : 0), 0);
}
