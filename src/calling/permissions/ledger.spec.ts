import { DAY, HOUR, SECOND } from '#kernel/clock.js';
import { asked, called, NOON, replied } from './ledger.fixture.js';
import { callsOf, lastRequest, newestFirst, requestTimes, unansweredInARow } from './ledger.js';
import { limitsOf } from './limits.js';
import { durationMs, nextEffect, POLICY } from './policy.js';

describe('calls in the ledger', () => {
  test('count once, as the last correction has them', () => {
    const corrected = [called('unanswered', NOON, 'wacid.1', 3), called('connected', NOON - SECOND, 'wacid.1', 5)];
    for (const facts of [corrected, corrected.toReversed()]) {
      expect(callsOf(facts)).toEqual([corrected[1]]);
      expect(unansweredInARow(facts)).toBe(0);
    }
    expect(unansweredInARow([called('unanswered', NOON, 'wacid.1', 3), called('uncounted', NOON, 'wacid.1', 4)])).toBe(0);
  });

  test('in a row are forgiven by a connected call in either direction, and by any decision about the permission', () => {
    const row = [1, 2, 3].map((hour) => called('unanswered', NOON + hour * HOUR));
    expect(unansweredInARow(row)).toBe(3);
    expect(unansweredInARow([...row, { ...called('connected', NOON + 2 * HOUR + 1), direction: 'inbound' }])).toBe(1);
    expect(unansweredInARow([...row, replied(NOON + 3 * HOUR, { response: 'reject', responseSource: 'automatic' })])).toBe(0);
  });

  test('that go unanswered cost a reminder at the second and the permission at the fourth', () => {
    expect([0, 1, 2, 3, 4].map((inARow) => nextEffect(inARow, POLICY))).toEqual(['none', 'nudge', 'none', 'revoke', 'revoke']);
  });
});

describe('requests in the ledger', () => {
  test('count unless they failed, and only since the last connected call', () => {
    const facts = [asked(NOON, 'a'), asked(NOON + HOUR, 'b'), asked(NOON + 2 * HOUR, 'c')];
    expect(requestTimes([...facts, { kind: 'request_failed', at: NOON, ref: 'c' }, called('connected', NOON)])).toEqual([NOON + HOUR]);
  });

  test('show what came of the last one', () => {
    const request = asked(NOON, 'wamid.1');
    const fates = [
      [],
      [{ kind: 'request_failed' as const, at: NOON + SECOND, ref: 'wamid.1' }],
      [replied(NOON + SECOND, { contextId: 'wamid.1' })],
      [replied(NOON + SECOND, { contextId: 'wamid.1' }), replied(NOON + HOUR, { contextId: 'wamid.1', response: 'reject' })],
    ];
    expect(fates.map((more) => lastRequest([request, ...more])?.status)).toEqual(['sent', 'failed', 'accepted', 'declined']);
    expect(lastRequest([replied(NOON)])).toBeNull();
  });
});

test('the history shows the latest facts first and no more than wanted', () => {
  expect(newestFirst([asked(NOON), asked(NOON + 2), asked(NOON + 1)], 2).map(({ at }) => at)).toEqual([NOON + 2, NOON + 1]);
});

describe('limits', () => {
  const counting = { facts: [asked(NOON - HOUR)], keptSince: NOON - 2 * DAY, now: NOON, policy: POLICY };

  test('are counted against the policy when Meta reports none, and unknown is not zero', () => {
    expect(limitsOf('ask', null, counting)).toEqual([
      {
        action: 'ask',
        period: 'PT24H',
        maxAllowed: 1,
        used: 1,
        freesAt: NOON + 23 * HOUR,
        source: 'policy',
        policyMax: 1,
        differs: false,
      },
      { action: 'ask', period: 'P7D', maxAllowed: 2, used: 1, freesAt: null, source: 'policy', policyMax: 2, differs: false },
    ]);
    expect(limitsOf('ask', null, { ...counting, facts: [] }).map(({ used }) => used)).toEqual([0, null]);
  });

  test('of Meta that differ from the policy are shown, with both numbers', () => {
    const limits = [
      { period: 'P1D', maxAllowed: 25, used: 3, expiresAt: null },
      { period: 'PT168H', maxAllowed: 2, used: 1, expiresAt: null },
      { period: null, maxAllowed: 9, used: null, expiresAt: null },
    ];
    expect(
      limitsOf('ask', { canPerform: true, limits }, counting).map(({ source, maxAllowed, policyMax, differs }) => [
        source,
        maxAllowed,
        policyMax,
        differs,
      ]),
    ).toEqual([
      ['live', 25, 1, true],
      ['live', 2, 2, false],
      ['live', 9, null, true],
    ]);
  });

  test('name their periods in ISO 8601, and nothing else is a period', () => {
    expect(['PT24H', 'p7d', 'P1DT12H', 'PT30M', 'P', 'PT', '24h', null].map(durationMs)).toEqual([
      DAY,
      7 * DAY,
      1.5 * DAY,
      HOUR / 2,
      null,
      null,
      null,
      null,
    ]);
  });
});
