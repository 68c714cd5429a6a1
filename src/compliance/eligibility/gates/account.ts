import type { LatestReading } from '#compliance/eligibility/reading.js';
import type { AccountChange } from '#dialog360/fact.js';
import type { Health } from '#dialog360/number-reading.js';
import { DAY } from '#kernel/clock.js';
import type { ProblemCode } from '#kernel/problem.js';
import type { GateFinding, GateResult } from './gate.js';

/** When each kind of change was last reported, in ms since 1970, so that the order of webhooks does not matter. */
export type ReportedAccount = Partial<Record<AccountChange, { at: number; date: string | null }>>;

/** An error about the account that a webhook or a refusal named. */
export interface AccountError {
  code: ProblemCode;
  at: number;
  source: string;
}

/** The evidence on the account of the number. */
export interface AccountEvidence {
  reported: ReportedAccount;
  error: AccountError | null;
  /** When Meta last took on a call of ours, in ms since 1970: then the account is in use. */
  acceptedAt: number | null;
  health: LatestReading<Health>;
}

export const NO_ACCOUNT_EVIDENCE = { reported: {}, error: null, acceptedAt: null } as const;

/** The codes of refusals and of webhooks that speak of the account or of the registration of the number. */
export const ACCOUNT_CODES = [
  'account_locked',
  'account_restricted',
  'number_deleted',
  'number_not_registered',
  'display_name_not_approved',
] as const satisfies readonly ProblemCode[];

/** An error is news for a week. */
const REMEMBERED_MS = 7 * DAY;

interface Rule {
  verdict: GateResult['verdict'];
  code: ProblemCode;
  /** The changes that end it when they are newer. */
  liftedBy: readonly AccountChange[];
}

/** What a reported change means, the worst first. */
const RULES: readonly (Rule & { change: AccountChange })[] = [
  { change: 'deleted', verdict: 'fail', code: 'account_deleted', liftedBy: ['reinstated', 'connected'] },
  { change: 'disabled', verdict: 'fail', code: 'account_disabled', liftedBy: ['reinstated'] },
  { change: 'unclear', verdict: 'unknown', code: 'account_disabled', liftedBy: ['reinstated'] },
  { change: 'disconnected', verdict: 'unknown', code: 'account_disconnected', liftedBy: ['connected'] },
  { change: 'disable_scheduled', verdict: 'warning', code: 'account_disable_scheduled', liftedBy: ['reinstated'] },
];

/**
 * Is the account of the number in use? A change that a webhook reported holds until another one ends it, or until Meta has taken on
 * a call since. Health that was read since and finds the account available contradicts it: then it is unknown. An error about the
 * account is unknown as well, since it may be mended.
 */
export function accountInUse(evidence: AccountEvidence, now: number): GateFinding {
  const { reported, error, acceptedAt } = evidence;
  const since = (change: AccountChange) => reported[change]?.at ?? Number.NEGATIVE_INFINITY;
  const rule = RULES.find(
    ({ change, liftedBy }) =>
      reported[change] !== undefined && since(change) > (acceptedAt ?? 0) && liftedBy.every((other) => since(other) <= since(change)),
  );
  if (rule) {
    const observedAt = since(rule.change);
    const contradicted = rule.verdict === 'fail' && isAvailableSince(evidence.health, observedAt);
    const verdict = contradicted ? 'unknown' : rule.verdict;
    return { verdict, value: reported[rule.change]?.date ?? rule.change, source: 'webhook', observedAt, code: rule.code };
  }
  if (error && error.at > now - REMEMBERED_MS && error.at > (acceptedAt ?? 0))
    return { verdict: 'unknown', value: 'refused', source: error.source, observedAt: error.at, code: error.code };
  return ofHealth(evidence.health);
}

/** The entity of the account; health without one speaks of the number as a whole. */
const accountIn = ({ value }: LatestReading<Health>): string | null =>
  value === null ? null : (value.entities.find(({ type }) => type === 'WABA')?.canSendMessage ?? value.canSendMessage);

const IN_USE: ReadonlySet<string | null> = new Set(['AVAILABLE', 'LIMITED']);

const isAvailableSince = (health: LatestReading<Health>, at: number): boolean =>
  health.reason === null && (health.observedAt ?? 0) > at && IN_USE.has(accountIn(health));

function ofHealth(health: LatestReading<Health>): GateFinding {
  const value = accountIn(health);
  const verdict = health.reason === null && IN_USE.has(value) ? 'pass' : 'unknown';
  return { verdict, value, source: health.source, observedAt: health.observedAt };
}
