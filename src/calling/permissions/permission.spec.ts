import fc from 'fast-check';
import { DAY, HOUR, SECOND } from '#kernel/clock.js';
import { asked, called, moment, NOON, reading, refused, reordered, replied } from './ledger.fixture.js';
import { lastRequest, unansweredInARow } from './ledger.js';
import { limitsOf } from './limits.js';
import { derivePermission, mayAsk, mayCall, type ObservedReading, windowAt, windowClosesAt } from './permission.js';
import { POLICY } from './policy.js';

const observed = (at: number, facts: Parameters<typeof reading>[0]): ObservedReading => ({ reading: reading(facts), observedAt: at });

describe('a permission', () => {
  const anyReading = fc.option(
    fc
      .tuple(moment, fc.constantFrom('no_permission', 'temporary', 'permanent', 'unknown'), fc.option(moment))
      .map(([at, status, expiresAt]) => observed(at, { status, expiresAt, ask: null, call: null })),
  );

  test('is the same for any order of the ledger, with repeated facts', () => {
    fc.assert(
      fc.property(reordered, anyReading, moment, ({ facts, again }, seen, now) => {
        const all = (history: typeof facts) => {
          const permission = derivePermission(history, seen, now);
          const known = { permission, reading: seen?.reading ?? null, facts: history, now };
          const counting = { facts: history, keptSince: NOON, now, policy: POLICY };
          return {
            permission,
            call: mayCall(known),
            ask: mayAsk(known),
            limits: [limitsOf('ask', null, counting), limitsOf('call', null, counting)],
            row: unansweredInARow(history),
            request: lastRequest(history),
          };
        };
        expect(all(again)).toEqual(all(facts));
      }),
      { numRuns: 500 },
    );
  });

  test('is unknown without any statement', () => {
    expect(derivePermission([asked(NOON)], null, NOON)).toEqual({ status: 'unknown', expiresAt: null, source: null, observedAt: null });
  });

  test('lasts 168 hours when a yes names no end, and ends by itself', () => {
    const yes = [replied(NOON)];
    expect(derivePermission(yes, null, NOON + 7 * DAY - 1)).toMatchObject({ status: 'temporary', expiresAt: NOON + 7 * DAY });
    expect(derivePermission(yes, null, NOON + 7 * DAY)).toMatchObject({ status: 'no_permission', expiresAt: null });
  });

  test('is what was said last: a reading before a reply gives way, one after it stands', () => {
    const no = replied(NOON, { response: 'reject' });
    expect(derivePermission([no], observed(NOON - SECOND, { status: 'permanent' }), NOON + HOUR)).toMatchObject({
      status: 'no_permission',
      source: 'reply',
    });
    expect(derivePermission([no], observed(NOON + SECOND, { status: 'permanent' }), NOON + HOUR)).toMatchObject({
      status: 'permanent',
      source: 'reading',
    });
  });

  test('of a yes and a no within one second is none', () => {
    const both = [replied(NOON, { response: 'reject' }), replied(NOON, { permanent: true })];
    expect(derivePermission(both, null, NOON).status).toBe('no_permission');
  });

  test('is none once a dial was refused for want of it', () => {
    const facts = [replied(NOON - HOUR, { permanent: true }), refused(NOON, 'permission_required')];
    expect(derivePermission(facts, null, NOON)).toMatchObject({ status: 'no_permission', source: 'refusal' });
  });
});

describe('whether a person may be called', () => {
  const held = { permission: derivePermission([replied(NOON)], null, NOON), facts: [], now: NOON };

  test('comes from Meta when it could be read', () => {
    const limits = [{ period: 'PT24H', maxAllowed: 100, used: 100, expiresAt: NOON + HOUR }];
    const seen = observed(NOON, { status: 'permanent', call: { canPerform: false, limits } });
    expect(mayCall({ permission: derivePermission([], seen, NOON), reading: seen.reading, facts: [], now: NOON })).toEqual({
      verdict: 'fail',
      code: 'call_limit_reached',
      until: NOON + HOUR,
    });
  });

  test('is counted by ourselves when Meta cannot be read', () => {
    const facts = Array.from({ length: 100 }, (_, i) => called('connected', NOON - HOUR + i * SECOND));
    expect(mayCall({ ...held, reading: null, facts })).toEqual({ verdict: 'fail', code: 'call_limit_reached', until: NOON + 23 * HOUR });
    expect(mayCall({ ...held, reading: null, facts: facts.slice(1) })).toEqual({ verdict: 'pass' });
  });

  test('is no while a refusal names a later moment, and unknown when nothing is known', () => {
    const facts = [refused(NOON - HOUR, 'call_limit_reached', NOON + HOUR)];
    expect(mayCall({ ...held, reading: null, facts })).toMatchObject({ code: 'call_limit_reached', until: NOON + HOUR });
    expect(mayCall({ permission: derivePermission([], null, NOON), reading: null, facts: [], now: NOON })).toEqual({
      verdict: 'unknown',
    });
  });
});

describe('whether a person may be asked', () => {
  const none = { permission: derivePermission([replied(NOON, { response: 'reject' })], null, NOON), now: NOON };

  test('is unknown without a reading: no user is asked on a guess', () => {
    expect(mayAsk({ ...none, reading: null, facts: [] })).toEqual({ verdict: 'unknown' });
  });

  test('is decided by Meta, not by our own count', () => {
    expect(mayAsk({ ...none, reading: reading(), facts: [asked(NOON - HOUR)] })).toEqual({ verdict: 'pass' });
  });

  test('is no by our own count when Meta names no limits', () => {
    const silent = reading({ ask: { canPerform: null, limits: [] } });
    const code = 'permission_request_limit_reached';
    expect(mayAsk({ ...none, reading: silent, facts: [asked(NOON - HOUR)] })).toEqual({ verdict: 'fail', code, until: NOON + 23 * HOUR });
    const twice = [asked(NOON - 5 * DAY), asked(NOON - 2 * DAY)];
    expect(mayAsk({ ...none, reading: silent, facts: twice })).toEqual({ verdict: 'fail', code, until: NOON + 2 * DAY });
    expect(mayAsk({ ...none, reading: silent, facts: [...twice, called('connected', NOON - DAY)] })).toEqual({ verdict: 'pass' });
  });

  test('is needless with a permanent permission', () => {
    const permission = derivePermission([replied(NOON, { permanent: true })], null, NOON);
    expect(mayAsk({ permission, reading: reading(), facts: [], now: NOON })).toMatchObject({ code: 'permission_already_permanent' });
  });
});

describe('the customer-service window', () => {
  const known = { lastInboundAt: NOON - HOUR, facts: [], keptSince: NOON, now: NOON };

  test('is open for a day after the user was heard', () => {
    expect([windowAt(known), windowClosesAt(known)]).toEqual(['open', NOON + 23 * HOUR]);
    expect(windowClosesAt({ ...known, lastInboundAt: NOON - DAY })).toBeNull();
  });

  test('is known to be closed after a day of keeping, or once WhatsApp has refused for it', () => {
    const silent = { ...known, lastInboundAt: null };
    expect([windowAt(silent), windowAt({ ...silent, keptSince: NOON - DAY })]).toEqual(['unknown', 'closed']);
    const refusal = [refused(NOON - 2 * HOUR, 'window_closed')];
    expect([windowAt({ ...silent, facts: refusal }), windowAt({ ...known, facts: refusal })]).toEqual(['closed', 'open']);
  });
});
