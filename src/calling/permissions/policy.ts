import { UPSTREAM_RULES as RULES } from '#error-catalogue/upstream-rules.js';
import { DAY, HOUR } from '#kernel/clock.js';

export type LimitedAction = 'ask' | 'call';

/** At most `maxAllowed` within any `periodMs`. */
export interface PolicyLimit {
  action: LimitedAction;
  /** ISO 8601, spelled as Meta spells it. */
  period: string;
  periodMs: number;
  maxAllowed: number;
}

/** Meta's rules on calling one user from one number. They change by announcement; live limits go before them. */
export interface Policy {
  /** The date of the page that states the rules. */
  date: string;
  source: string;
  limits: readonly PolicyLimit[];
  /** How many unanswered calls in a row make WhatsApp ask the user whether to keep the permission. */
  nudgeAfter: number;
  /** How many end it. */
  revokeAfter: number;
  temporaryMs: number;
}

const limits = (requestsPerDay: number, requestsPerWeek: number): PolicyLimit[] => [
  { action: 'ask', period: 'PT24H', periodMs: DAY, maxAllowed: requestsPerDay },
  { action: 'ask', period: 'P7D', periodMs: 7 * DAY, maxAllowed: requestsPerWeek },
  { action: 'call', period: 'PT24H', periodMs: DAY, maxAllowed: RULES.calls_per_user_per_day.value },
];

/**
 * The rules for numbers in production. Those of Meta's sandbox are laxer, and its answers say so.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/user-call-permissions (2026-06-26)
 */
export const POLICY: Policy = {
  date: RULES.temporary_permission.pageDate ?? RULES.temporary_permission.checkedOn,
  source: RULES.temporary_permission.source,
  limits: limits(RULES.permission_requests_per_day.value, RULES.permission_requests_per_week.value),
  nudgeAfter: RULES.unanswered_calls_until_nudge.value,
  revokeAfter: RULES.unanswered_calls_until_revocation.value,
  temporaryMs: RULES.temporary_permission.value * HOUR,
};

/** For Meta's public test numbers and sandbox accounts: more requests and more unanswered calls are allowed. */
const SANDBOX: Policy = {
  ...POLICY,
  limits: limits(25, 100),
  nudgeAfter: 5,
  revokeAfter: 10,
};

/** The policy by the name that `PERMISSION_POLICY` gives it. */
export const POLICIES: Readonly<Record<'production' | 'sandbox', Policy>> = { production: POLICY, sandbox: SANDBOX };

/** The effect of one more unanswered call after `inARow` of them. */
export function nextEffect(inARow: number, policy: Policy): 'none' | 'nudge' | 'revoke' {
  if (inARow + 1 >= policy.revokeAfter) return 'revoke';
  return inARow + 1 === policy.nudgeAfter ? 'nudge' : 'none';
}

/** An ISO 8601 duration of days, hours, minutes and seconds in ms; null for anything else. */
export function durationMs(iso: string | null): number | null {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso?.toUpperCase() ?? '');
  const [days, hours, minutes, seconds] = (parts ?? []).slice(1).map((part) => Number(part ?? 0));
  const ms = (days ?? 0) * DAY + (hours ?? 0) * HOUR + ((minutes ?? 0) * 60 + (seconds ?? 0)) * 1_000;
  return ms > 0 ? ms : null;
}
