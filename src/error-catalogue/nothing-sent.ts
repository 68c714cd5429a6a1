import type { ProblemCode } from '#kernel/problem.js';

/** The refusals because the way to 360dialog is shut, which received nothing: no connection, an open circuit, no slot in time. */
export const NOTHING_SENT = ['upstream_unavailable', 'upstream_circuit_open', 'upstream_busy'] as const;

const CODES: ReadonlySet<ProblemCode> = new Set(NOTHING_SENT);

/** Whether a refusal with this code was made before anything was sent. */
export const isNothingSent = (code: ProblemCode): boolean => CODES.has(code);
