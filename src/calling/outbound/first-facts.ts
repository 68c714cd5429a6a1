import type { Fact } from '#calling/call/call.js';
import type { NextStep } from '#calling/preflight/next-step.js';

/**
 * The facts that a call begins with. A dial on an unknown permission asserts no permission; a call that waits on one says so
 * by a null basis.
 */
export function firstFacts(step: NextStep, at: number): Fact[] {
  if (step.do === 'ask' || step.do === 'refuse') return [];
  const { status, source, expiresAt } = step.permission;
  const basis = status === 'unknown' ? null : source;
  const granted: Fact = { kind: 'granted', at, expiresAt, basis };
  if (step.do === 'wait') return [granted];
  return [...(basis === null ? [] : [granted]), { kind: 'dialing', at }];
}
