import type { Fact } from '#calling/call/call.js';
import type { NextStep } from '#calling/preflight/next-step.js';
import type { Session } from '#dialog360/fact.js';
import { roleIn } from '#dialog360/sdp.js';

/** The intent to dial with this offer. */
export function dialWith(offer: Session | null, at: number): Fact {
  const setup = offer && roleIn(offer);
  return { kind: 'dialing', at, ...(setup && { setup }) };
}

/**
 * The facts that a call begins with. A dial on an unknown permission asserts no permission; a call that waits on one says so
 * by a null basis.
 */
export function firstFacts(step: NextStep, at: number, offer: Session | null = null): Fact[] {
  if (step.do === 'ask' || step.do === 'refuse') return [];
  const { status, source, expiresAt } = step.permission;
  const basis = status === 'unknown' ? null : source;
  const granted: Fact = { kind: 'granted', at, expiresAt, basis };
  if (step.do === 'wait') return [granted];
  return [...(basis === null ? [] : [granted]), dialWith(offer, at)];
}
