import { type LatestReading, toLatestReading } from '#compliance/eligibility/reading.js';
import type { Health } from '#dialog360/number-reading.js';
import { DAY, HOUR } from '#kernel/clock.js';
import type { GateFinding } from './gate.js';

/** The client's prepaid balance at 360dialog, as the partner API reports it. */
export interface ReportedBalance {
  amount: number;
  /** Such as `USD`. */
  currency: string | null;
}

/** The evidence on payment; no source reports it as such. */
export interface PaymentEvidence {
  health: LatestReading<Health>;
  /** When Meta last refused something for payment, or reported by webhook that payment stopped it; `source` names the origin. */
  troubledAt: number | null;
  source: string | null;
  /** When Meta last took on a call of ours: without payment it refuses them. */
  acceptedAt: number | null;
  balance: LatestReading<ReportedBalance>;
}

export const NO_PAYMENT_EVIDENCE = {
  troubledAt: null,
  source: null,
  acceptedAt: null,
  balance: toLatestReading<ReportedBalance>(null),
} as const;

const CODE = 'payment_required';
/** A refusal is news for a day; after that it warns for a week, unless a call was taken on since. */
const NEWS_MS = DAY;
const REMEMBERED_MS = 7 * DAY;
/** A health or a balance that is older proves nothing. */
const HEALTH_TRUSTED_MS = HOUR;
const BALANCE_TRUSTED_MS = 2 * DAY;

/**
 * 131042 and 131044 are those of refusals; 141006 comes from health (observed, not on Meta's pages).
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/support/health-status (2025-10-22)
 */
const HEALTH_CODES = new Set(['131042', '131044', '141006']);

/**
 * Is payment in order? Meta's last action decides: it refuses calls without a payment method. Health reports trouble only,
 * and silence there proves nothing. A balance above zero passes where nothing else is known; one that is used up only warns,
 * for who pays by invoice needs none.
 */
export function paymentInOrder({ health, troubledAt, source, acceptedAt, balance }: PaymentEvidence, now: number): GateFinding {
  const ill = healthTrouble(health, now);
  if (ill) return ill;
  const troubled = troubledAt !== null && troubledAt > now - REMEMBERED_MS && troubledAt >= (acceptedAt ?? 0);
  if (troubled)
    return { verdict: troubledAt > now - NEWS_MS ? 'fail' : 'warning', value: 'refused', source, observedAt: troubledAt, code: CODE };
  if (acceptedAt !== null && acceptedAt > now - REMEMBERED_MS)
    return { verdict: 'pass', value: 'call_accepted', source: 'calls', observedAt: acceptedAt };
  return funds(balance, now);
}

/** What health says of payment in so many words. */
function healthTrouble({ value, source, observedAt, reason }: LatestReading<Health>, now: number): GateFinding | null {
  if (value === null || observedAt === null || (reason !== null && observedAt <= now - HEALTH_TRUSTED_MS)) return null;
  const told = value.entities.flatMap(({ errors }) => errors);
  const error = told.find(({ code, description }) => HEALTH_CODES.has(code ?? '') || /payment method|credit line/i.test(description ?? ''));
  return error ? { verdict: 'fail', value: error.code ?? 'payment', source, observedAt, code: CODE } : null;
}

function funds({ value, source, observedAt }: LatestReading<ReportedBalance>, now: number): GateFinding {
  if (value === null || observedAt === null || observedAt <= now - BALANCE_TRUSTED_MS) return { verdict: 'unknown' };
  const seen = { value: [value.amount, value.currency].filter((part) => part !== null).join(' '), required: '> 0', source, observedAt };
  return value.amount > 0 ? { ...seen, verdict: 'pass' } : { ...seen, verdict: 'warning', code: CODE };
}
