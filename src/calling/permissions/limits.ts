import type { ActionReading } from '#dialog360/permission-reading.js';
import { type LedgerFact, pickedUpTimes, requestTimes } from './ledger.js';
import { durationMs, type LimitedAction, type Policy, type PolicyLimit } from './policy.js';

/** One limit and how much of it is used. */
export interface Limit {
  action: LimitedAction;
  /** ISO 8601, such as `PT24H`. */
  period: string | null;
  maxAllowed: number | null;
  used: number | null;
  /** When it frees again; null while it is not reached or the end is unknown. */
  freesAt: number | null;
  /** `live`: reported by Meta now; `policy`: the policy table with our own count. */
  source: 'live' | 'policy';
  /** The limit of the policy table for this period; null when it has none. */
  policyMax: number | null;
  /** Whether Meta's number differs from the table's. */
  differs: boolean;
}

/** The evidence of limits: the ledger, and since when it can be complete. */
export interface LimitEvidence {
  facts: readonly LedgerFact[];
  keptSince: number;
  now: number;
  policy: Policy;
}

/** The limits on one action: Meta's own when it reports any, else the policy's. */
export function limitsOf(action: LimitedAction, reading: ActionReading | null, counting: LimitEvidence): Limit[] {
  const table = counting.policy.limits.filter((limit) => limit.action === action);
  if (!reading?.limits.length) return table.map((limit) => counted(limit, counting));
  return reading.limits.map(({ period, maxAllowed, used, expiresAt }) => {
    const policyMax = table.find(({ periodMs }) => periodMs === durationMs(period))?.maxAllowed ?? null;
    const differs = maxAllowed !== null && maxAllowed !== policyMax;
    return { action, period, maxAllowed, used, freesAt: expiresAt, source: 'live', policyMax, differs };
  });
}

/** A limit of the table with our own count. Nothing counted proves nothing before a whole period has been kept. */
function counted(limit: PolicyLimit, counting: LimitEvidence): Limit {
  const { action, period, periodMs, maxAllowed } = limit;
  const count = timesWithin(limit, counting).length;
  const used = count > 0 || counting.keptSince <= counting.now - periodMs ? count : null;
  return { action, period, maxAllowed, used, freesAt: freeAt(limit, counting), source: 'policy', policyMax: maxAllowed, differs: false };
}

function timesWithin({ action, periodMs }: PolicyLimit, { facts, now }: Pick<LimitEvidence, 'facts' | 'now'>): number[] {
  const times = action === 'ask' ? requestTimes(facts) : pickedUpTimes(facts);
  return times.filter((at) => at > now - periodMs);
}

/** When a limit that is used up by our own count frees again; null when it is not used up. */
function freeAt(limit: PolicyLimit, counting: Pick<LimitEvidence, 'facts' | 'now'>): number | null {
  const times = timesWithin(limit, counting);
  const decisive = times[times.length - limit.maxAllowed];
  return decisive === undefined ? null : decisive + limit.periodMs;
}

/** By our own count: when every used-up limit on an action has freed; null when none is used up. */
export function ownLimitEnd(
  action: LimitedAction,
  { policy, ...counting }: Pick<LimitEvidence, 'facts' | 'now' | 'policy'>,
): number | null {
  const ends = policy.limits.filter((limit) => limit.action === action).flatMap((limit) => freeAt(limit, counting) ?? []);
  return ends.length ? Math.max(...ends) : null;
}
