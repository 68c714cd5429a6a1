import { EXIT } from '#cli/terminal/exit.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { type AssumptionId, sayClaim } from './claims.ts';
import type { AssumptionFinding, AssumptionVerdict } from './finding.ts';
import { QUIET, sayReason } from './texts.ts';

/** What `--json` prints and `--out` keeps. It holds no key, number or token. */
export interface WireReport {
  gateway: string;
  mode: string | null;
  checked_at: string;
  /** Whether a user could be asked and called. */
  with_person: boolean;
  summary: Record<AssumptionVerdict, number>;
  assumptions: { id: AssumptionId; claim: string; verdict: AssumptionVerdict; reason: string | null; evidence: string[] }[];
}

/** The report of a run. Codes stay as they are; claims and reasons are in the language. */
export function reportOf(
  findings: readonly AssumptionFinding[],
  about: Pick<WireReport, 'gateway' | 'mode' | 'checked_at' | 'with_person'>,
  language: Language,
): WireReport {
  const count = (verdict: AssumptionVerdict) => findings.filter((one) => one.verdict === verdict).length;
  return {
    ...about,
    summary: { holds: count('holds'), does_not_hold: count('does_not_hold'), could_not_tell: count('could_not_tell') },
    assumptions: findings.map(({ id, verdict, reason, evidence }) => ({
      id,
      claim: sayClaim(id, language),
      verdict,
      reason: reason && sayReason(reason, language),
      evidence,
    })),
  };
}

/** 1 when something does not hold, 2 when something that was asked gave no answer. */
export function exitOf(findings: readonly AssumptionFinding[]): number {
  if (findings.some(({ verdict }) => verdict === 'does_not_hold')) return EXIT.refused;
  const open = findings.some(({ reason }) => reason !== null && !QUIET.has(reason));
  return open || findings.every(({ verdict }) => verdict === 'could_not_tell') ? EXIT.unknown : EXIT.ok;
}
