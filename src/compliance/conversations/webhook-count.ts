import { addDays, dateOf, later } from '#kernel/calendar/calendar.js';
import { DAY } from '#kernel/clock.js';
import { type Count, type DayCount, sumOf, unknownCount } from './count.js';

/** What our own counters say of one day of the zone. */
export interface CountedDay extends DayCount {
  total: number;
  /** Messages that Meta reported without a conversation: marketing, utility and authentication. */
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

/** The days of the window that deliveries cover. */
function coveredDays({ zone, windowDays, now, since, heardAt }: WebhookCounting) {
  const end = addDays(dateOf(now, zone), 1);
  const start = addDays(end, -windowDays);
  const first = dateOf(since, zone);
  const silent = heardAt === null || now - heardAt > SILENT_MS;
  const heardUntil = heardAt === null ? null : addDays(dateOf(heardAt, zone), 1);
  return { first, from: later(first, start), to: silent ? heardUntil : end, end, silent, sinceStart: first < start };
}

/**
 * The conversations that webhooks report. Nothing is known of the time before deliveries were kept, of days without any
 * delivery, and of messages that Meta reports without their conversation. With one of these the window is covered in part
 * only. Without a single conversation the count is unknown, because Meta may report none at all.
 */
export function webhookCount(counting: WebhookCounting): Count {
  const { zone, now, heardAt, days } = counting;
  const { first, from, to, silent, sinceStart } = coveredDays(counting);
  const series = to === null ? [] : days.filter(({ date }) => date >= from && date < to);
  const loose = series.some(({ looseBusiness }) => looseBusiness > 0);
  const sums = sumOf(series);
  const base = { source: 'webhooks', unit: 'conversation', scope: 'number', timeZone: zone, observedAt: heardAt ?? now } as const;
  if (to === null || sums.total === 0) return { ...base, ...unknownCount(loose ? 'conversations_not_told' : 'nothing_seen') };
  const complete = sinceStart && !silent && !loose;
  return {
    ...base,
    ...sums,
    coverage: { from, to, complete },
    reason: complete ? null : gapOf(loose, silent),
    series: series.map(shown),
    // Since the first whole day.
    history: loose ? [] : days.filter(({ date }) => date > first && date < dateOf(now, zone) && date < to).map(shown),
  };
}

/** Why the window is covered in part only. */
function gapOf(loose: boolean, silent: boolean): string {
  if (loose) return 'conversations_not_told';
  return silent ? 'webhook_silent' : 'window_incomplete';
}

/** The same window in messages, for numbers without conversations in their webhooks; null without any message. */
export function messageCount(counting: WebhookCounting): Count | null {
  const { zone, heardAt, days } = counting;
  const { from, end, sinceStart } = coveredDays(counting);
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
    coverage: { from, to: end, complete: sinceStart },
    observedAt: heardAt,
    reason: 'other_unit',
    series,
    history: [],
  };
}

const shown = ({ date, businessInitiated, total }: CountedDay): DayCount => ({ date, businessInitiated, total });
