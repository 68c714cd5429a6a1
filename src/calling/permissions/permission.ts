import type { ActionReading, PermissionReading } from '#dialog360/permission-reading.js';
import { DAY, SECOND } from '#kernel/clock.js';
import type { ProblemCode } from '#kernel/problem.js';
import { type LedgerFact, type RefusalFact, type ReplyFact, saidAt } from './ledger.js';
import { type LimitEvidence, ownLimitEnd } from './limits.js';
import { POLICY, type Policy } from './policy.js';

type PermissionState = 'no_permission' | 'temporary' | 'permanent' | 'unknown';

/** Whether an action is allowed, and if not, the error code and until when. Unknown blocks no dial. */
export type PermissionVerdict = { verdict: 'pass' | 'unknown' } | { verdict: 'fail'; code: ProblemCode; until: number | null };

/** A permission to call one user from one number. */
export interface Permission {
  status: PermissionState;
  /** When a temporary permission ends, in ms since 1970. */
  expiresAt: number | null;
  /** The source: the user's reply, a reading of 360dialog, or its refusal of a dial or a request. */
  source: 'reply' | 'reading' | 'refusal' | null;
  observedAt: number | null;
}

/** A reading of 360dialog and when it was requested, in ms since 1970. */
export interface ObservedReading {
  reading: PermissionReading;
  observedAt: number;
}

/** The evidence of a verdict. */
export interface Knowledge {
  permission: Permission;
  /** The present reading of 360dialog; null when it could not be read. */
  reading: PermissionReading | null;
  facts: readonly LedgerFact[];
  now: number;
  policy?: Policy;
}

interface Statement extends Permission {
  saidAt: number;
}

/** The permission at `now`: the newest statement counts, of any source; a permission expires by time alone. */
export function derivePermission(
  facts: readonly LedgerFact[],
  observed: ObservedReading | null,
  now: number,
  policy: Policy = POLICY,
): Permission {
  const statements = facts.flatMap((fact) => {
    if (fact.kind === 'replied') return fromReply(fact, policy);
    return fact.kind === 'refused' ? fromRefusal(fact) : [];
  });
  if (observed) statements.push(fromReading(observed));
  const [last] = statements.sort(byAuthority);
  if (!last) return { status: 'unknown', expiresAt: null, source: null, observedAt: null };
  const { saidAt: _, ...said } = last;
  return said.expiresAt !== null && said.expiresAt <= now ? { ...said, status: 'no_permission', expiresAt: null } : said;
}

const LEAST_FIRST = ['no_permission', 'temporary', 'permanent', 'unknown'];

/** The newest first; of two within one second the one that allows less stands: no user is called on a doubt. */
const byAuthority = (a: Statement, b: Statement): number =>
  b.saidAt - a.saidAt ||
  LEAST_FIRST.indexOf(a.status) - LEAST_FIRST.indexOf(b.status) ||
  (a.expiresAt ?? 0) - (b.expiresAt ?? 0) ||
  (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** The status that a reply gives. */
function statusOf({ response, permanent }: Pick<ReplyFact, 'response' | 'permanent'>): 'no_permission' | 'permanent' | 'temporary' {
  if (response === 'reject') return 'no_permission';
  return permanent ? 'permanent' : 'temporary';
}

const fromReply = (reply: ReplyFact, policy: Policy): Statement => ({
  status: statusOf(reply),
  expiresAt: reply.response === 'accept' && !reply.permanent ? (reply.expiresAt ?? reply.at + policy.temporaryMs) : null,
  source: 'reply',
  observedAt: reply.at,
  saidAt: saidAt(reply),
});

/** The refusals that state the permission itself. */
const STATUS_OF_REFUSAL: Readonly<Record<string, PermissionState>> = {
  permission_required: 'no_permission',
  permission_already_permanent: 'permanent',
};

function fromRefusal({ code, at }: RefusalFact): Statement[] {
  const status = Object.hasOwn(STATUS_OF_REFUSAL, code) ? STATUS_OF_REFUSAL[code] : undefined;
  return status ? [{ status, expiresAt: null, source: 'refusal', observedAt: at, saidAt: at }] : [];
}

const fromReading = ({ reading, observedAt }: ObservedReading): Statement => ({
  status: reading.status,
  expiresAt: reading.status === 'temporary' ? reading.expiresAt : null,
  source: 'reading',
  observedAt,
  saidAt: observedAt,
});

/** May this person be dialled now? */
export function mayCall({ permission, reading, facts, now, policy = POLICY }: Knowledge): PermissionVerdict {
  if (permission.status === 'no_permission') return { verdict: 'fail', code: 'permission_required', until: null };
  const action = reading?.call ?? null;
  if (permission.source === 'reading' && action?.canPerform === false) return refusedFor(action, 'call_limit_reached');
  const own = reading ? null : remembered('call', 'call_limit_reached', { facts, now, policy });
  if (own !== null) return { verdict: 'fail', code: 'call_limit_reached', until: own };
  return { verdict: permission.status === 'unknown' ? 'unknown' : 'pass' };
}

/** May this person be asked for permission now? Known only from 360dialog: no user is asked on a guess. */
export function mayAsk({ permission, reading, facts, now, policy = POLICY }: Knowledge): PermissionVerdict {
  if (permission.status === 'permanent') return { verdict: 'fail', code: 'permission_already_permanent', until: null };
  const action = reading?.ask ?? null;
  if (action?.canPerform === false) return refusedFor(action, 'permission_request_limit_reached');
  // Meta applies all limits itself; our own count serves only where Meta reports nothing.
  const silent = action === null || (action.canPerform === null && !action.limits.length);
  const own = silent ? remembered('ask', 'permission_request_limit_reached', { facts, now, policy }) : null;
  if (own !== null) return { verdict: 'fail', code: 'permission_request_limit_reached', until: own };
  return { verdict: reading ? 'pass' : 'unknown' };
}

/** When the ledger allows an action again: by our own count, or by the end that a refusal named; null when it does now. */
function remembered(
  action: 'ask' | 'call',
  code: ProblemCode,
  known: { facts: readonly LedgerFact[]; now: number; policy: Policy },
): number | null {
  const named = known.facts.flatMap((fact) => (fact.kind === 'refused' && fact.code === code ? (fact.until ?? []) : []));
  const ends = [...named.filter((end) => end > known.now), ownLimitEnd(action, known) ?? []].flat();
  return ends.length ? Math.max(...ends) : null;
}

/** Meta refuses: for a limit when it reports one as reached, else for an unknown reason . */
function refusedFor(action: ActionReading, limitCode: ProblemCode): PermissionVerdict {
  const reached = action.limits.some(
    ({ expiresAt, used, maxAllowed }) => expiresAt !== null || (used !== null && maxAllowed !== null && used >= maxAllowed),
  );
  return { verdict: 'fail', code: reached || !action.limits.length ? limitCode : 'not_allowed_now', until: limitEnd(action) };
}

/** When every exhausted limit has passed; null when Meta reports none. */
function limitEnd(action: ActionReading): number | null {
  const ends = action.limits.flatMap((limit) => limit.expiresAt ?? []);
  return ends.length ? Math.max(...ends) : null;
}

export type Window = 'open' | 'closed' | 'unknown';

/** The evidence of the customer-service window, within which a free-form request is allowed. */
export interface WindowKnowledge extends Pick<LimitEvidence, 'facts' | 'keptSince' | 'now'> {
  lastInboundAt: number | null;
}

/** Silence proves that the window is closed only when deliveries have been kept for a whole day; a refusal proves it at once. */
export function windowAt({ lastInboundAt, facts, keptSince, now }: WindowKnowledge): Window {
  const heardAt = lastInboundAt === null ? Number.NEGATIVE_INFINITY : lastInboundAt + SECOND;
  if (facts.some((fact) => fact.kind === 'refused' && fact.code === 'window_closed' && fact.at > heardAt)) return 'closed';
  if (lastInboundAt !== null && lastInboundAt > now - DAY) return 'open';
  return keptSince <= now - DAY ? 'closed' : 'unknown';
}

/** When an open window closes unless the user writes or calls again; null when it is not open. */
export const windowClosesAt = (known: WindowKnowledge): number | null =>
  known.lastInboundAt !== null && windowAt(known) === 'open' ? known.lastInboundAt + DAY : null;
