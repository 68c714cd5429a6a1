import type { LatestReading } from '#compliance/eligibility/reading.js';
import { DAY } from '#kernel/clock.js';
import type { GateFinding } from './gate.js';

/** What Meta last showed about who acts on the calls of this number. */
export interface ReportedPrimary {
  /** False after error 138038; true after a call action that Meta took, or a call of a user that reached us. */
  ours: boolean;
  /** `360dialog` for an answer to a request, `webhook` for a call of a user. */
  by: '360dialog' | 'webhook';
}

/** The owner may assign the calls anew at any time, and no API tells: a refusal is news for a day and warns for a week. */
const NEWS_MS = DAY;
const REMEMBERED_MS = 7 * DAY;

/**
 * Is this the Call primary? With Meta's Conversation Routing (October 2026) only the Call primary of a number may act on calls and
 * receives their webhooks and the replies to permission requests; others get error 138038. Unknown until Meta shows it.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/conversation-routing/calling-webhooks (2026-10-12, excerpt)
 */
export function isCallPrimary({ value, observedAt }: LatestReading<ReportedPrimary>, now: number): GateFinding {
  const required = 'this_partner';
  if (value === null || observedAt === null || observedAt <= now - REMEMBERED_MS) return { verdict: 'unknown', required };
  const seen = { required, source: value.by, observedAt };
  if (value.ours) return { ...seen, verdict: 'pass', value: 'this_partner' };
  const refused = { ...seen, value: 'another_partner', code: 'not_call_primary' } as const;
  if (observedAt > now - NEWS_MS) return { ...refused, verdict: 'fail', retryAt: observedAt + NEWS_MS };
  return { ...refused, verdict: 'warning', retryAt: observedAt + REMEMBERED_MS };
}
