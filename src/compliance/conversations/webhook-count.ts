import { DAY } from '#kernel/clock.js';
import { addDays, dateOf, later } from './calendar.js';
import { type Count, type DayCount, NOTHING_COVERED, sumOf } from './count.js';

/** What our own counters say of one day of the zone. */
export interface CountedDay extends DayCount {
  total: number;
  /** Messages that Meta told without a conversation: marketing, utility and authentication. */
  looseBusiness: number;
  looseTotal: number;
}

export interface WebhookCounting {
  zone: string;
  windowDays: number;
  now: number;
  /** Since when deliveries are kept. */
  since: number;
  /** When the last delivery of any kind arrived; null before the first. */
  heardAt: number | null;
  /** Oldest first, to today. */
  days: readonly CountedDay[];
}

/** Without a delivery for so long, silence no longer proves that nothing happened. */
const SILENT_MS = DAY;

/**
 * The conversations that webhooks told of. Nothing is known of the time before deliveries were kept, of days without any
 * delivery, and of messages that Meta tells without their conversation: then the window is covered in part only. Without a
 * single conversation the count is unknown, for Meta may tell none at all.
 */
export function webhookCount(counting: WebhookCounting): Count {
  const { zone, windowDays, now, since, heardAt, days } = counting;
  const end = addDays(dateOf(now, zone), 1);
  const start = addDays(end, -windowDays);
  const first = dateOf(since, zone);
  const silent = heardAt === null || now - heardAt > SILENT_MS;
  const to = heardAt === null ? null : silent ? addDays(dateOf(heardAt, zone), 1) : end;
  const from = later(first, start);
  const series = to === null ? [] : days.filter(({ date }) => date >= from && date < to);
  const loose = series.some(({ looseBusiness }) => looseBusiness > 0);
  const sums = sumOf(series);
  const base = { source: 'webhooks', unit: 'conversation', scope: 'number', timeZone: zone, observedAt: heardAt ?? now } as const;
  if (to === null || sums.total === 0) {
    const reason = loose ? 'conversations_not_told' : 'nothing_seen';
    return { ...base, businessInitiated: null, total: null, coverage: NOTHING_COVERED, reason, series: [], history: [] };
  }
  const covered = first < start && !silent;
  const complete = covered && !loose;
  return {
    ...base,
    ...sums,
    coverage: { from, to, complete },
    reason: complete ? null : loose ? 'conversations_not_told' : silent ? 'webhook_silent' : 'window_incomplete',
    series: series.map(shown),
    // Since the first whole day.
    history: loose ? [] : days.filter(({ date }) => date > first && date < dateOf(now, zone) && date < to).map(shown),
  };
}

/** The same window in messages, for numbers whose conversations Meta no longer tells; null when there are none. */
export function messageCount(counting: WebhookCounting): Count | null {
  const { zone, windowDays, now, since, heardAt, days } = counting;
  const end = addDays(dateOf(now, zone), 1);
  const [first, start] = [dateOf(since, zone), addDays(end, -windowDays)];
  const from = later(first, start);
  const series = days
    .filter(({ date }) => date >= from)
    .map(({ date, looseBusiness, looseTotal }) => ({ date, businessInitiated: looseBusiness, total: looseTotal }));
  const sums = sumOf(series);
  if (heardAt === null || sums.total === 0) return null;
  return {
    source: 'webhooks',
    unit: 'message',
    scope: 'number',
    timeZone: zone,
    ...sums,
    coverage: { from, to: end, complete: first < start },
    observedAt: heardAt,
    reason: 'other_unit',
    series,
    history: [],
  };
}

const shown = ({ date, businessInitiated, total }: CountedDay): DayCount => ({ date, businessInitiated, total });
