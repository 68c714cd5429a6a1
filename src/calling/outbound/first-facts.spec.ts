import type { Permission } from '#calling/permissions/permission.js';
import { nextStep, type Situation } from '#calling/preflight/next-step.js';
import { HOUR } from '#kernel/clock.js';
import { firstFacts } from './first-facts.js';

const NOON = Date.UTC(2026, 10, 22, 12);
const unknown: Permission = { status: 'unknown', expiresAt: null, source: null, observedAt: null };
const held: Permission = { status: 'temporary', expiresAt: NOON + HOUR, source: 'reply', observedAt: NOON };

const facts = (permission: Permission, hasOffer: boolean) => {
  const verdict = permission === unknown ? 'unknown' : 'pass';
  const situation: Situation = {
    permission,
    call: { verdict },
    ask: { verdict: 'unknown' },
    window: 'unknown',
    hasOffer,
    mayAskUser: true,
    hasTemplate: false,
  };
  return firstFacts(nextStep(situation), NOON);
};

describe('the facts that a call begins with', () => {
  test('assert no permission when it is unknown and the call is dialled at once', () => {
    expect(facts(unknown, true)).toEqual([{ kind: 'dialing', at: NOON }]);
  });

  test('carry the basis of a permission that is held', () => {
    const granted = { kind: 'granted', at: NOON, expiresAt: NOON + HOUR, basis: 'reply' };
    expect(facts(held, true)).toEqual([granted, { kind: 'dialing', at: NOON }]);
    expect(facts(held, false)).toEqual([granted]);
  });

  test('let a call without an offer wait on an unknown permission, with a null basis', () => {
    expect(facts(unknown, false)).toEqual([{ kind: 'granted', at: NOON, expiresAt: null, basis: null }]);
  });
});
