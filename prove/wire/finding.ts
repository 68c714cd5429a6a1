import { ALL_IDS, type AssumptionId } from './claims.ts';
import { redactEvidence } from './redact.ts';
import type { Reason } from './texts.ts';

export type AssumptionVerdict = 'holds' | 'does_not_hold' | 'could_not_tell';

/** The result for one assumption. */
export interface AssumptionFinding {
  id: AssumptionId;
  verdict: AssumptionVerdict;
  /** What was seen, redacted, in the words of the payloads. */
  evidence: string[];
  /** Why the verdict is `could_not_tell`; null with any other verdict. */
  reason: Reason | null;
}

const made = (id: AssumptionId, verdict: AssumptionVerdict, reason: Reason | null, evidence: readonly string[]): AssumptionFinding => ({
  id,
  verdict,
  reason,
  evidence: evidence.filter(Boolean).map(redactEvidence),
});

/** A finding from what was seen: it holds or it does not. */
export const judged = (id: AssumptionId, truth: boolean, ...evidence: string[]): AssumptionFinding =>
  made(id, truth ? 'holds' : 'does_not_hold', null, evidence);

/** A finding without a verdict, with its reason. */
export const undecided = (id: AssumptionId, reason: Reason, ...evidence: string[]): AssumptionFinding =>
  made(id, 'could_not_tell', reason, evidence);

export const allUndecided = (ids: readonly AssumptionId[], reason: Reason, ...evidence: string[]): AssumptionFinding[] =>
  ids.map((id) => undecided(id, reason, ...evidence));

const WEIGHT: Readonly<Record<AssumptionVerdict, number>> = { does_not_hold: 2, holds: 1, could_not_tell: 0 };

/** One finding per assumption, in their order. `does_not_hold` outweighs `holds`, which outweighs `could_not_tell`. */
export function onePerAssumption(findings: readonly AssumptionFinding[]): AssumptionFinding[] {
  return ALL_IDS.map((id) => {
    const about = findings.filter((one) => one.id === id);
    const [best] = [...about].sort((a, b) => WEIGHT[b.verdict] - WEIGHT[a.verdict]);
    if (!best) return undecided(id, 'needs_person');
    return { ...best, evidence: [...new Set(about.filter(({ verdict }) => verdict === best.verdict).flatMap(({ evidence }) => evidence))] };
  });
}
