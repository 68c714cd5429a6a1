import type { LimitUsage } from '#compliance/conversations/usage/limit-usage.js';
import { rfc3339 } from '#kernel/clock.js';
import type { ProblemCode } from '#kernel/problem.js';
export type Direction = 'inbound' | 'outbound';

/** What a gate found. */
export interface GateResult {
  /** Only `fail` blocks. */
  verdict: 'pass' | 'fail' | 'unknown' | 'warning';
  value: string | number | null;
  required: string | number | null;
  source: string | null;
  observedAt: number | null;
  /** The error code that explains the verdict; null when it passes, or nothing more is known. */
  code: ProblemCode | null;
  /** When the verdict changes by itself, if that is known. */
  retryAt: number | null;
  /** How much of a limit is used; only the gate of a limit has it. */
  usage?: LimitUsage | null;
}

/** Nothing is known. */
export const UNKNOWN: GateFinding = { verdict: 'unknown' };

export type GateFinding = Partial<GateResult> & Pick<GateResult, 'verdict'>;

/** A gate's fields as every answer shows them: the number's status, reports and the preflight. */
export const gateFields = ({ name, verdict, value, required, source, observedAt, code }: GateResult & { name: string }) => ({
  name,
  verdict,
  value,
  required,
  source,
  observed_at: rfc3339(observedAt),
  code,
});
