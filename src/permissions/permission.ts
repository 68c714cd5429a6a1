import type { ActionReading, PermissionReading } from '#dialog360/permission-reading.js';

/** What the ledger holds about one user and number; only ever added to, so the order of arrival decides nothing. */
export type LedgerFact =
  /** A request that 360dialog took: `ref` is its message id. */
  | { kind: 'asked'; at: number; ref: string }
  | { kind: 'request_failed'; at: number; ref: string }
  /** The user's word, or Meta's own (`automatic`): a reply, a grant in the profile, a callback permission, a revocation. */
  | {
      kind: 'replied';
      at: number;
      ref: string | null;
      response: 'accept' | 'reject';
      permanent: boolean;
      expiresAt: number | null;
      responseSource: string | null;
      contextId: string | null;
    }
  /** 360dialog refused to ask or to dial for a reason of this person; `until` is when that may change. */
  | { kind: 'refused'; at: number; ref: null; code: string; until: number | null };

export type PermissionStatus = 'no_permission' | 'temporary' | 'permanent' | 'unknown';

/** Whether something may be done, and if not, why and until when. Unknown blocks no dial. */
export type Verdict = { verdict: 'pass' | 'unknown' } | { verdict: 'fail'; code: string; until: number | null };

export interface Permission {
  status: PermissionStatus;
  /** When a temporary permission ends, in ms since 1970. */
  expiresAt: number | null;
  /** Who said so: the user's reply, or 360dialog when asked. */
  source: 'reply' | 'reading' | null;
  observedAt: number | null;
}

export interface ObservedReading {
  reading: PermissionReading;
  observedAt: number;
}

/** What Meta documents; where the live limits say otherwise, these are not used. Dated 2026-06-26. */
const TEMPORARY_MS = 7 * 24 * 3_600_000;
/** Webhooks carry whole seconds: a reply may have happened anywhere within the second it names. */
const SECOND_END = 999;

/** The permission as it stands at `now`: the youngest word counts, be it a reply or a reading; expiry is told by time alone. */
export function concludePermission(facts: readonly LedgerFact[], observed: ObservedReading | null, now: number): Permission {
  const replies = facts.filter((fact) => fact.kind === 'replied');
  const reply = replies.reduce<(typeof replies)[number] | null>((latest, one) => (latest && !later(one, latest) ? latest : one), null);
  const said =
    reply && (!observed || reply.at + SECOND_END >= observed.observedAt) ? fromReply(reply) : observed ? fromReading(observed) : null;
  if (!said) return { status: 'unknown', expiresAt: null, source: null, observedAt: null };
  return said.expiresAt !== null && said.expiresAt <= now ? { ...said, status: 'no_permission', expiresAt: null } : said;
}

type Reply = Extract<LedgerFact, { kind: 'replied' }>;
/** Of two replies within one second a refusal stands: nobody is rung on a doubt. */
const later = (a: Reply, b: Reply): boolean => a.at > b.at || (a.at === b.at && a.response === 'reject');

const fromReply = (reply: Reply): Permission => ({
  status: reply.response === 'reject' ? 'no_permission' : reply.permanent ? 'permanent' : 'temporary',
  expiresAt: reply.response === 'accept' && !reply.permanent ? (reply.expiresAt ?? reply.at + TEMPORARY_MS) : null,
  source: 'reply',
  observedAt: reply.at,
});

const fromReading = ({ reading, observedAt }: ObservedReading): Permission => ({
  status: reading.status,
  expiresAt: reading.status === 'temporary' ? reading.expiresAt : null,
  source: 'reading',
  observedAt,
});

/** May this person be dialled now? */
export function mayCall(permission: Permission, reading: PermissionReading | null): Verdict {
  if (permission.status === 'unknown') return { verdict: 'unknown' };
  if (permission.status === 'no_permission') return { verdict: 'fail', code: 'permission_required', until: null };
  const action = reading?.call ?? null;
  if (permission.source === 'reading' && action?.canPerform === false) return refusedFor(action, 'call_limit_reached');
  return { verdict: 'pass' };
}

/** May this person be asked for permission now? Known only from 360dialog itself: nobody is asked on a guess. */
export function mayAsk(permission: Permission, reading: PermissionReading | null, facts: readonly LedgerFact[], now: number): Verdict {
  if (permission.status === 'permanent') return { verdict: 'fail', code: 'permission_already_permanent', until: null };
  if (!reading) return { verdict: 'unknown' };
  const own = askedTooOften(facts, reading.ask, now);
  if (reading.ask?.canPerform === false) return refusedFor(reading.ask, 'permission_request_limit_reached');
  return reading.ask?.canPerform === null && own !== null
    ? { verdict: 'fail', code: 'permission_request_limit_reached', until: own }
    : { verdict: 'pass' };
}

/** Meta says no: for a limit when it names one as reached, else for a reason of the number. */
function refusedFor(action: ActionReading, limitCode: string): Verdict {
  const reached = action.limits.some(
    ({ expiresAt, used, maxAllowed }) => expiresAt !== null || (used !== null && maxAllowed !== null && used >= maxAllowed),
  );
  return { verdict: 'fail', code: reached || !action.limits.length ? limitCode : 'calling_restricted', until: limitEnd(action) };
}

/** When every exhausted limit has passed; null when Meta did not say. */
function limitEnd(action: ActionReading): number | null {
  const ends = action.limits.flatMap((limit) => limit.expiresAt ?? []);
  return ends.length ? Math.max(...ends) : null;
}

const DAY_MS = 24 * 3_600_000;
/** Our own count against 1 in 24 h and 2 in 7 days, for a reading without limits: when the next request is allowed, or null. */
function askedTooOften(facts: readonly LedgerFact[], action: ActionReading | null, now: number): number | null {
  if (action?.limits.length) return null;
  const asked = facts.filter((fact) => fact.kind === 'asked').map(({ at }) => at);
  const since = (span: number) => asked.filter((at) => at > now - span).sort((a, b) => a - b);
  const [day, week] = [since(DAY_MS), since(7 * DAY_MS)];
  const ends = [
    ...(day[0] === undefined ? [] : [day[0] + DAY_MS]),
    ...(week.length >= 2 && week[0] !== undefined ? [week[0] + 7 * DAY_MS] : []),
  ];
  return ends.length ? Math.max(...ends) : null;
}

export type Window = 'open' | 'closed' | 'unknown';
const WINDOW_MS = 24 * 3_600_000;

/**
 * The customer-service window, within which a free-form request is allowed. Silence proves that it is closed only when
 * deliveries have been kept for a whole day.
 */
export function windowAt(lastInboundAt: number | null, keptSince: number, now: number): Window {
  if (lastInboundAt !== null && lastInboundAt > now - WINDOW_MS) return 'open';
  return keptSince <= now - WINDOW_MS ? 'closed' : 'unknown';
}
