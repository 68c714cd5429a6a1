import { rfc3339 } from '#kernel/clock.js';
import type { GateResult } from './gate.js';

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
