import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Call, EMPTY_HOLD, type Fact, type Facts, learn, type Outcome } from './call.js';
import { conclude, type Deadlines } from './conclude.js';

const SECOND = 1_000;
const DEADLINES: Deadlines = { permissionMs: 7e8, readyMs: 8e7, dialMs: 1e5, ringMs: 1e5, answerMs: 6e4, acceptMs: 6e4, talkMs: 1e7 };
const T = 1_797_400_000_000;
const sdp = { sdp_type: 'answer' as const, sdp: 'v=0\r\n' };

const call = (direction: 'inbound' | 'outbound'): Call => ({
  id: 'call_1',
  phoneNumberId: '300000000000001',
  personId: 'usr_1',
  direction,
  input: null,
  reference: null,
  createdAt: T,
  giveUpAfterMs: null,
  wacid: null,
  facts: {},
  hold: EMPTY_HOLD,
  sequence: 0,
});
const connected = (at = T + SECOND): Fact => ({ kind: 'connected', at, session: sdp, ctaPayload: null, deeplinkPayload: null });
const terminated = (at: number, talk: Partial<Extract<Fact, { kind: 'terminated' }>> = {}): Fact => ({
  kind: 'terminated',
  at,
  startTime: null,
  endTime: null,
  durationSeconds: null,
  failed: false,
  error: null,
  ...talk,
});
const talked = (at: number) => terminated(at, { startTime: at - 80 * SECOND, endTime: at, durationSeconds: 80 });
const failure = { code: 'no_media_received', upstream: null };
const dialled: Fact[] = [
  { kind: 'dialing', at: T },
  { kind: 'dial.accepted', at: T + 500, wacid: 'wacid.OUT' },
];

/** Section 9 of the wire reference: every sequence that Meta documents or integrators have seen. */
const SCENARIOS: Array<[string, 'inbound' | 'outbound', Fact[], Outcome]> = [
  [
    '9.1 inbound, answered',
    'inbound',
    [connected(), { kind: 'pre_accept.confirmed', at: T + 2e3 }, { kind: 'accept.confirmed', at: T + 4e3 }, talked(T + 90e3)],
    'answered',
  ],
  [
    '9.1 inbound, answered, hung up by us',
    'inbound',
    [
      connected(),
      { kind: 'accept.confirmed', at: T + 4e3 },
      { kind: 'hang_up.asked', at: T + 80e3 },
      { kind: 'hang_up.confirmed', at: T + 81e3 },
      talked(T + 90e3),
    ],
    'answered',
  ],
  ['9.2 inbound, missed', 'inbound', [connected(), terminated(T + 30e3)], 'missed'],
  [
    '9.2 inbound, missed after a pre-accept',
    'inbound',
    [connected(), { kind: 'pre_accept.confirmed', at: T + 2e3 }, terminated(T + 30e3)],
    'missed',
  ],
  ['9.2 inbound, failed', 'inbound', [connected(), terminated(T + 30e3, { failed: true, error: failure })], 'failed'],
  [
    '9.3 inbound, rejected',
    'inbound',
    [connected(), { kind: 'reject.confirmed', at: T + 3e3 }, terminated(T + 4e3, { failed: true })],
    'rejected',
  ],
  [
    '9.4 outbound, answered',
    'outbound',
    [...dialled, connected(), { kind: 'ringing', at: T + 2e3 }, { kind: 'accepted', at: T + 9e3 }, talked(T + 90e3)],
    'answered',
  ],
  [
    '9.5 outbound, rejected',
    'outbound',
    [...dialled, connected(), { kind: 'ringing', at: T + 2e3 }, { kind: 'rejected', at: T + 9e3 }, terminated(T + 9e3)],
    'rejected',
  ],
  ['9.6 outbound, no answer', 'outbound', [...dialled, connected(), { kind: 'ringing', at: T + 2e3 }, terminated(T + 62e3)], 'no_answer'],
  ['9.6 outbound, unreachable', 'outbound', [...dialled, connected(), terminated(T + 62e3)], 'no_answer'],
  [
    '9.7 outbound, cancelled by us',
    'outbound',
    [
      ...dialled,
      { kind: 'ringing', at: T + 2e3 },
      { kind: 'hang_up.asked', at: T + 5e3 },
      { kind: 'hang_up.confirmed', at: T + 6e3 },
      terminated(T + 6e3),
    ],
    'canceled',
  ],
  [
    '9.8 outbound, refused',
    'outbound',
    [
      { kind: 'dialing', at: T },
      { kind: 'dial.refused', at: T + 300, error: { code: 'permission_required', upstream: null } },
    ],
    'failed',
  ],
  ['9.9 set-up failure', 'outbound', [...dialled, connected(), terminated(T + 30e3, { failed: true, error: failure })], 'failed'],
  [
    '9.10 permission granted, then a call',
    'outbound',
    [
      { kind: 'asked', at: T - 9e3, messageId: 'wamid.1' },
      { kind: 'request.delivered', at: T - 8e3, messageId: 'wamid.1' },
      { kind: 'granted', at: T - 5e3, expiresAt: T + 6e8 },
      ...dialled,
      talked(T + 90e3),
    ],
    'answered',
  ],
  [
    '9.10 permission refused',
    'outbound',
    [
      { kind: 'asked', at: T, messageId: 'wamid.1' },
      { kind: 'request.delivered', at: T + 1e3, messageId: 'wamid.1' },
      { kind: 'request.read', at: T + 2e3, messageId: 'wamid.1' },
      { kind: 'denied', at: T + 5e3 },
    ],
    'permission_denied',
  ],
  [
    'a lost dial that the wire tells of',
    'outbound',
    [{ kind: 'dialing', at: T }, { kind: 'dial.lost', at: T + 8e3 }, connected(), { kind: 'accepted', at: T + 9e3 }, talked(T + 90e3)],
    'answered',
  ],
];

const after = (start: Call, facts: readonly Fact[]): Call => facts.reduce(learn, start);
const result = (made: Call) => ({ facts: made.facts, wacid: made.wacid, concluded: conclude(made, DEADLINES) });
const orders = <T>(items: T[]): T[][] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, i) => orders([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]));

/** The sabotage: whatever came last stands. Every property below must go red with it. */
const lastWins = (made: Call, fact: Fact): Call => ({ ...made, facts: { ...made.facts, state: fact } as Facts });
const lastState = (facts: readonly Fact[]): string => Object.values(facts.reduce(lastWins, call('outbound')).facts)[0]?.kind ?? '';

describe('a call', () => {
  it.each(SCENARIOS)('%s ends alike in every order, each fact once or twice', (_name, direction, facts, outcome) => {
    const expected = result(after(call(direction), facts));
    expect(expected.concluded).toMatchObject({ state: 'ended', outcome, deadlineAt: null });
    for (const order of orders(facts)) {
      expect(result(after(call(direction), order))).toEqual(expected);
      expect(result(after(call(direction), [...order, ...order.slice(0, 2)]))).toEqual(expected);
    }
  });

  it('is one whatever 100,000 random histories do, and never reopens once ended', () => {
    const scenario = fc.constantFrom(...SCENARIOS);
    const history = scenario.chain(([, direction, facts]) =>
      fc.record({
        direction: fc.constant(direction),
        facts: fc.constant(facts),
        played: fc.array(fc.constantFrom(...facts), { maxLength: 14 }),
      }),
    );
    fc.assert(
      fc.property(history, ({ direction, facts, played }) => {
        let [made, ended] = [call(direction), false];
        // Our own intent always comes first: a call that was cancelled before its dial is never dialled.
        const intent = facts.filter(({ kind }) => kind === 'dialing');
        for (const fact of [...intent, ...played, ...facts]) {
          made = learn(made, fact);
          const now = conclude(made, DEADLINES).state === 'ended';
          if (ended && !now) throw new Error('reopened');
          ended = now;
        }
        expect(result(made)).toEqual(result(after(call(direction), facts)));
      }),
      { numRuns: 100_000 },
    );
  }, 120_000);

  it('would differ by order if the last word stood', () => {
    const facts = SCENARIOS.find(([name]) => name.startsWith('9.4'))?.[2] ?? [];
    expect(new Set(orders(facts).map(lastState)).size).toBeGreaterThan(1);
  });

  it('is not answered by connect, only by ACCEPTED', () => {
    const ringing = after(call('outbound'), [...dialled, connected(), { kind: 'ringing', at: T + 2e3 }]);
    expect(conclude(ringing, DEADLINES)).toMatchObject({ state: 'ringing', answeredAt: null });
    expect(conclude(learn(ringing, { kind: 'accepted', at: T + 9e3 }), DEADLINES)).toMatchObject({
      state: 'in_progress',
      answeredAt: T + 9e3,
    });
  });

  it('has a deadline in every unfinished state', () => {
    const unfinished = [
      after(call('outbound'), [{ kind: 'asked', at: T, messageId: 'wamid.1' }]),
      after(call('outbound'), [{ kind: 'granted', at: T, expiresAt: T + 5e3 }]),
      after(call('outbound'), [{ kind: 'dialing', at: T }]),
      after(call('outbound'), [...dialled, { kind: 'ringing', at: T }]),
      after(call('outbound'), [...dialled, { kind: 'accepted', at: T }]),
      after(call('inbound'), [connected()]),
      { ...after(call('inbound'), [connected()]), hold: { ...EMPTY_HOLD, accepting: { at: T, sdp: 'v=0', lost: true } } },
      after(call('inbound'), [connected(), { kind: 'accept.confirmed', at: T }]),
    ];
    for (const one of unfinished) {
      const { state, deadlineAt } = conclude(one, DEADLINES);
      expect(deadlineAt).toBeGreaterThan(T);
      expect(conclude(learn(one, { kind: 'lapsed', at: deadlineAt ?? 0, state: state as never }), DEADLINES).state).toBe('ended');
    }
  });

  it('tells a lost dial as unknown, and corrects it when the wire speaks', () => {
    const lost = after(call('outbound'), [
      { kind: 'dialing', at: T },
      { kind: 'dial.lost', at: T + 8e3 },
    ]);
    expect(conclude(lost, DEADLINES)).toMatchObject({ state: 'dialing', outcomeKnown: false });
    const given = learn(lost, { kind: 'lapsed', at: T + 1e5, state: 'dialing' });
    expect(conclude(given, DEADLINES)).toMatchObject({ state: 'ended', outcome: 'unknown', outcomeSource: 'inferred' });
    expect(conclude(learn(given, talked(T + 9e5)), DEADLINES)).toMatchObject({
      state: 'ended',
      outcome: 'answered',
      durationSeconds: 80,
      outcomeSource: 'wire',
    });
  });
});
