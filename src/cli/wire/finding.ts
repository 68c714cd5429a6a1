import { ALL_IDS, type AssumptionId } from './claims.js';
import { redact } from './redact.js';
import type { Reason } from './texts.js';

export type Verdict = 'holds' | 'does_not_hold' | 'could_not_tell';

/** What became of one assumption. */
export interface Finding {
  id: AssumptionId;
  verdict: Verdict;
  /** What was seen, redacted, in the words of the wire. */
  evidence: string[];
  /** Why nobody could tell; null with any other verdict. */
  reason: Reason | null;
}

const made = (id: AssumptionId, verdict: Verdict, reason: Reason | null, evidence: readonly string[]): Finding => ({
  id,
  verdict,
  reason,
  evidence: evidence.filter(Boolean).map(redact),
});

export const judged = (id: AssumptionId, truth: boolean, ...evidence: string[]): Finding =>
  made(id, truth ? 'holds' : 'does_not_hold', null, evidence);

export const untold = (id: AssumptionId, reason: Reason, ...evidence: string[]): Finding => made(id, 'could_not_tell', reason, evidence);

export const allUntold = (ids: readonly AssumptionId[], reason: Reason, ...evidence: string[]): Finding[] =>
  ids.map((id) => untold(id, reason, ...evidence));

const WEIGHT: Readonly<Record<Verdict, number>> = { does_not_hold: 2, holds: 1, could_not_tell: 0 };

/** One finding per assumption, in their order: whoever saw it fail is believed first, then whoever saw it hold. */
export function merged(findings: readonly Finding[]): Finding[] {
  return ALL_IDS.map((id) => {
    const about = findings.filter((one) => one.id === id);
    const [best] = [...about].sort((a, b) => WEIGHT[b.verdict] - WEIGHT[a.verdict]);
    if (!best) return untold(id, 'needs_person');
    return { ...best, evidence: [...new Set(about.filter(({ verdict }) => verdict === best.verdict).flatMap(({ evidence }) => evidence))] };
  });
}
