import { describe, expect, it } from '@jest/globals';
import { apply, type Call, closedCall, EMPTY_CONTROL, type Fact, type Facts, withControl } from './call.js';
import { derive } from './derive.js';
import { after, call, connected, DEADLINES, dialled, playHistories, result, SCENARIOS, T, talked } from './histories.fixture.js';

const orders = <T>(items: T[]): T[][] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, i) => orders([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]));

/** The wrong rule: the last fact stands. Every property below must go red with it. */
const lastWins = (made: Call, fact: Fact): Call => ({ ...made, facts: { ...made.facts, state: fact } as Facts });
const lastState = (facts: readonly Fact[]): string => Object.values(facts.reduce(lastWins, call('outbound')).facts)[0]?.kind ?? '';

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
