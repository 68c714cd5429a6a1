import type { NewEvent, OutboxType } from '#events/event.js';
import { HOUR } from '#kernel/clock.js';
import { record, text } from '#kernel/read.js';

/** What happened longer ago than this when it is published is history, and no news. */
const NEWS_MS = HOUR;

/** The member of a call that says when what an event reports has happened. None for what the gateway itself does. */
const MOMENTS: Partial<Record<OutboxType, readonly string[]>> = {
  'call.incoming': ['ringing_at', 'created_at'],
  'call.connected': ['ringing_at', 'dialed_at'],
  'call.answered': ['answered_at'],
  'call.ended': ['ended_at'],
  'call.updated': ['ended_at'],
};

/**
 * When an event of a call happened that is reported long after: webhooks of a past, of an outage, or that a provider sends again.
 * @returns ms since 1970; null for news
 */
export function pastMoment({ type, occurredAt, data }: Pick<NewEvent, 'type' | 'occurredAt' | 'data'>): number | null {
  const call = record(data);
  // A ring that began so long ago is over.
  const members = type === 'call.updated' && call?.state === 'ringing' ? ['ringing_at'] : MOMENTS[type];
  const written = members?.map((name) => text(call?.[name])).find((one) => one !== undefined && one !== null);
  const at = written ? Date.parse(written) : Number.NaN;
  return occurredAt - at > NEWS_MS ? at : null;
}
