/** A fact of the ledger about one user and number. Facts are only added, so their order of arrival decides nothing. */
export type LedgerFact =
  /** A request that 360dialog took: `ref` is its message id. */
  | { kind: 'asked'; at: number; ref: string }
  | { kind: 'request_failed'; at: number; ref: string }
  /** A reply of the user, or of Meta itself (`automatic`): a grant in the profile, a callback permission, a revocation. */
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
  | { kind: 'refused'; at: number; ref: null; code: string; until: number | null }
  | CallOutcomeFact;

/**
 * The outcome of a call as Meta counts it. `ref` is its wacid; the highest `revision` of a call stands, so that a late
 * correction replaces the former outcome. `unanswered`: our call that the user did not take; `uncounted` takes back.
 */
export interface CallOutcomeFact {
  kind: 'connected' | 'unanswered' | 'uncounted';
  at: number;
  ref: string;
  direction: 'inbound' | 'outbound';
  outcome: string;
  revision: number;
}

export type ReplyFact = Extract<LedgerFact, { kind: 'replied' }>;
export type RefusalFact = Extract<LedgerFact, { kind: 'refused' }>;

/** Webhooks carry whole seconds: a reply may have happened anywhere within the second it names. */
const SECOND_END = 999;

/** When a fact counts as stated, for comparison with our own clock. */
export const saidAt = (fact: LedgerFact): number => (fact.kind === 'replied' ? fact.at + SECOND_END : fact.at);

const isCall = (fact: LedgerFact): fact is CallOutcomeFact =>
  fact.kind === 'connected' || fact.kind === 'unanswered' || fact.kind === 'uncounted';

/** Each call once, by its last correction. */
export function callsOf(facts: readonly LedgerFact[]): CallOutcomeFact[] {
  const latestOf = new Map<string, CallOutcomeFact>();
  for (const fact of facts.filter(isCall)) {
    const former = latestOf.get(fact.ref);
    if (!former || supersedes(fact, former)) latestOf.set(fact.ref, fact);
  }
  return [...latestOf.values()];
}

const RANK = { uncounted: 0, unanswered: 1, connected: 2 };
const supersedes = (a: CallOutcomeFact, b: CallOutcomeFact): boolean =>
  (a.revision - b.revision || RANK[a.kind] - RANK[b.kind] || a.at - b.at || (JSON.stringify(a) > JSON.stringify(b) ? 1 : -1)) > 0;

/** When requests went out that count: delivered or not yet known to have failed, and since the last call that was connected. */
export function requestTimes(facts: readonly LedgerFact[]): number[] {
  const failed = new Set(facts.filter(({ kind }) => kind === 'request_failed').map(({ ref }) => ref));
  const connected = latest(callsOf(facts).filter(({ kind }) => kind === 'connected'));
  const asked = facts.filter(({ kind, ref, at }) => kind === 'asked' && !failed.has(ref) && at > connected);
  const once = new Map(asked.sort((a, b) => a.at - b.at).map(({ ref, at }) => [ref, at]));
  return [...once.values()].sort((a, b) => a - b);
}

/** When our own calls were picked up. */
export const pickedUpTimes = (facts: readonly LedgerFact[]): number[] =>
  callsOf(facts)
    .filter(({ kind, direction }) => kind === 'connected' && direction === 'outbound')
    .map(({ at }) => at)
    .sort((a, b) => a - b);

/** Our unanswered calls in a row: since a call was connected, or since the last reply of the user or Meta. */
export function unansweredInARow(facts: readonly LedgerFact[]): number {
  const calls = callsOf(facts);
  const forgiven = Math.max(
    latest(calls.filter(({ kind }) => kind === 'connected')),
    ...facts.filter(({ kind }) => kind === 'replied').map(saidAt),
  );
  return calls.filter(({ kind, at }) => kind === 'unanswered' && at > forgiven).length;
}

const latest = (facts: readonly LedgerFact[]): number => facts.reduce((last, { at }) => Math.max(last, at), Number.NEGATIVE_INFINITY);

/** The last permission request and its status. */
export interface LastRequest {
  messageId: string;
  at: number;
  status: 'sent' | 'failed' | 'accepted' | 'declined';
}

/** The last permission request; null when none is recorded. */
export function lastRequest(facts: readonly LedgerFact[]): LastRequest | null {
  const asked = facts.filter((fact) => fact.kind === 'asked').sort((a, b) => b.at - a.at || (a.ref < b.ref ? 1 : -1))[0];
  if (!asked) return null;
  const answers = facts.filter((fact) => fact.kind === 'replied' && fact.contextId === asked.ref) as ReplyFact[];
  const answer = answers.sort((a, b) => b.at - a.at || (a.response === 'reject' ? -1 : 1))[0];
  const failed = facts.some(({ kind, ref }) => kind === 'request_failed' && ref === asked.ref);
  const unanswered = failed ? 'failed' : 'sent';
  const replied = answer?.response === 'accept' ? 'accepted' : 'declined';
  return { messageId: asked.ref, at: asked.at, status: answer ? replied : unanswered };
}

/** The latest facts first. */
export const newestFirst = (facts: readonly LedgerFact[], limit: number): LedgerFact[] =>
  [...facts].sort((a, b) => b.at - a.at || (JSON.stringify(a) < JSON.stringify(b) ? 1 : -1)).slice(0, limit);
