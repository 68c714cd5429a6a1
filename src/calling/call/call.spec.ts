import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { apply, begunAt, type Call, closedCall, EMPTY_CONTROL, type Fact, type Facts, fact, newCall, withControl } from './call.js';
import { derive } from './derive.js';
import {
  after,
  call,
  connected,
  DEADLINES,
  dialled,
  playHistories,
  REPORTED,
  result,
  SCENARIOS,
  T,
  talked,
  terminated,
} from './histories.fixture.js';

const orders = <T>(items: T[]): T[][] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, i) => orders([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]));

/** The wrong rule: the last fact stands. Every property below must go red with it. */
const lastWins = (made: Call, fact: Fact): Call => ({ ...made, facts: { ...made.facts, state: fact } as Facts });
const lastState = (facts: readonly Fact[]): string => Object.values(facts.reduce(lastWins, call('outbound')).facts)[0]?.kind ?? '';

const stored = (made: Call): Call => ({ ...made, createdAt: derive(made, DEADLINES).createdAt });

function expectInOrder(made: Call): void {
  const { createdAt, ringingAt, answeredAt, endedAt } = derive(made, DEADLINES);
  const times = [createdAt, ringingAt, answeredAt, endedAt].filter((time) => time !== null);
  expect(times).toEqual([...times].sort((a, b) => a - b));
}

describe('a call', () => {
  it.each(SCENARIOS)('%s ends alike in every order, each fact once or twice', (_name, direction, facts, outcome) => {
    const expected = result(after(call(direction), facts));
    expect(expected.derived).toMatchObject({ state: 'ended', outcome, deadlineAt: null });
    for (const order of orders(facts)) {
      expect(result(after(call(direction), order))).toEqual(expected);
      expect(result(after(call(direction), [...order, ...order.slice(0, 2)]))).toEqual(expected);
    }
  });

  it('is one whatever 100,000 random histories do, and never reopens once ended', () => playHistories(100_000), 120_000);

  it.each(REPORTED)('that %s is one with one begin and one direction, whichever webhook comes first', (_name, direction, facts) => {
    const results = orders(facts).map((order) => {
      const [first, ...rest] = order as [Fact, ...Fact[]];
      // The store keeps what is derived after each webhook.
      const begun = stored(
        newCall({ ...call('inbound'), createdAt: begunAt({ first, [first.kind]: first }) ?? T + 999e3 }, [first], 'wacid.1'),
      );
      return rest.reduce((made, one) => stored(apply(made, one)), begun);
    });
    for (const made of results) expect(made).toEqual({ ...results[0], direction });
    expect(derive(results[0] as Call, DEADLINES).createdAt).toBe(begunAt(results[0]?.facts ?? {}));
    expectInOrder(results[0] as Call);
  });

  it('has its times in the order of its life, whatever the clocks of Meta and of the gateway say', () => {
    const at = fc.integer({ min: T - 5_000, max: T + 5_000 });
    const facts = fc.record(
      {
        dialing: at,
        ringing: at,
        connected: at,
        accepted: at,
        rejected: at,
        'accept.confirmed': at,
        'hang_up.confirmed': at,
        terminated: at,
      },
      { requiredKeys: [] },
    );
    const direction = fc.constantFrom('inbound' as const, 'outbound' as const);
    fc.assert(
      fc.property(facts, direction, fc.option(at), (times, side, endTime) => {
        const made = Object.entries(times).map(([kind, time]): Fact => {
          if (kind === 'connected') return connected(time);
          return kind === 'terminated' ? terminated(time, { endTime, startTime: endTime }) : ({ kind, at: time } as Fact);
        });
        expectInOrder(after(call(side), made));
      }),
      { numRuns: 5_000 },
    );
  });

  it('of ours is not ended by REJECTED once ACCEPTED has come, in either order, and ends rejected when nothing else comes', () => {
    const [accepted, rejected]: Fact[] = [
      { kind: 'accepted', at: T + 9e3 },
      { kind: 'rejected', at: T + 9e3 },
    ];
    for (const order of orders([accepted, rejected] as Fact[])) {
      const live = after(call('outbound'), [...dialled, ...order]);
      expect(derive(live, DEADLINES)).toMatchObject({ state: 'in_progress', answeredAt: T + 9e3, outcome: null });
    }
    const declined = after(call('outbound'), [...dialled, { kind: 'ringing', at: T + 2e3 }, rejected as Fact]);
    const { state, deadlineAt } = derive(declined, DEADLINES);
    expect([state, deadlineAt]).toEqual(['ringing', T + 14e3]);
    const lapsed = apply(declined, { kind: 'lapsed', at: T + 14e3, state: 'ringing' });
    expect(derive(lapsed, DEADLINES)).toMatchObject({ state: 'ended', outcome: 'rejected', outcomeSource: 'wire', endedAt: T + 9e3 });
    expect(derive(apply(lapsed, accepted as Fact), DEADLINES)).toMatchObject({ state: 'ended', outcome: 'answered' });
  });

  it.each(orders([connected(), { ...connected(), session: null } as Fact]))(
    'keeps the SDP that only one of two connects had',
    (...both) => {
      expect(fact(after(call('inbound'), both).facts, 'connected')?.session).not.toBeNull();
    },
  );

  it('would differ by order if the last fact stood', () => {
    const facts = SCENARIOS.find(([name]) => name.startsWith('9.4'))?.[2] ?? [];
    expect(new Set(orders(facts).map(lastState)).size).toBeGreaterThan(1);
  });

  it('is not answered by connect, only by ACCEPTED', () => {
    const ringing = after(call('outbound'), [...dialled, connected(), { kind: 'ringing', at: T + 2e3 }]);
    expect(derive(ringing, DEADLINES)).toMatchObject({ state: 'ringing', answeredAt: null });
    expect(derive(apply(ringing, { kind: 'accepted', at: T + 9e3 }), DEADLINES)).toMatchObject({
      state: 'in_progress',
      answeredAt: T + 9e3,
    });
  });

  it('has a deadline in every unfinished state', () => {
    const unfinished = [
      after(call('outbound'), [{ kind: 'asked', at: T, messageId: 'wamid.1' }]),
      after(call('outbound'), [{ kind: 'granted', at: T, expiresAt: T + 5e3, basis: 'reply' }]),
      after(call('outbound'), [{ kind: 'dialing', at: T }]),
      after(call('outbound'), [...dialled, { kind: 'ringing', at: T }]),
      after(call('outbound'), [...dialled, { kind: 'accepted', at: T }]),
      after(call('inbound'), [connected()]),
      { ...after(call('inbound'), [connected()]), control: { ...EMPTY_CONTROL, accepting: { at: T, sdp: 'v=0', lost: true } } },
      after(call('inbound'), [connected(), { kind: 'accept.confirmed', at: T }]),
    ];
    for (const one of unfinished) {
      const { state, deadlineAt } = derive(one, DEADLINES);
      expect(deadlineAt).toBeGreaterThan(T);
      expect(derive(apply(one, { kind: 'lapsed', at: deadlineAt ?? 0, state: state as never }), DEADLINES).state).toBe('ended');
    }
  });

  it('keeps who took it once it has ended, and drops its SDP and its lease', () => {
    const claim = { by: 'key_1', name: 'Ana', until: T + 3e4 };
    const lease = { holder: 'window', fence: 1, by: 'key_1', keyId: 'key_1', name: 'Ana', until: T + 3e4 };
    const held = withControl(after(call('inbound'), [connected(), talked(T + 90e3)]), { claim, lease, preAcceptSdp: 'v=0' });
    expect(closedCall(held).control).toEqual({ ...EMPTY_CONTROL, claim });
    expect(JSON.stringify(closedCall(held))).not.toContain('v=0');
  });

  it('takes a known permission for better than an unknown one, in any order', () => {
    const [unknown, reply]: Fact[] = [
      { kind: 'granted', at: T, expiresAt: null, basis: null },
      { kind: 'granted', at: T + 5e3, expiresAt: T + 6e8, basis: 'reply' },
    ];
    for (const facts of orders([unknown, reply] as Fact[])) expect(after(call('outbound'), facts).facts.granted).toEqual(reply);
  });

  it('shows a dial without a response as unknown, and corrects it when a webhook reports it', () => {
    const lost = after(call('outbound'), [
      { kind: 'dialing', at: T },
      { kind: 'dial.lost', at: T + 8e3 },
    ]);
    expect(derive(lost, DEADLINES)).toMatchObject({ state: 'dialing', outcomeKnown: false });
    const given = apply(lost, { kind: 'lapsed', at: T + 1e5, state: 'dialing' });
    expect(derive(given, DEADLINES)).toMatchObject({ state: 'ended', outcome: 'unknown', outcomeSource: 'inferred' });
    expect(derive(apply(given, talked(T + 9e5)), DEADLINES)).toMatchObject({
      state: 'ended',
      outcome: 'answered',
      durationSeconds: 80,
      outcomeSource: 'wire',
    });
  });
});
