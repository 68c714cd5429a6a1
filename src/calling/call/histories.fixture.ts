import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { apply, type Call, type CallOutcome, EMPTY_CONTROL, type Fact } from './call.js';
import { type Deadlines, derive } from './derive.js';

const SECOND = 1_000;
export const DEADLINES: Deadlines = {
  permissionMs: 7e8,
  readyMs: 8e7,
  dialMs: 1e5,
  ringMs: 1e5,
  answerMs: 6e4,
  acceptMs: 6e4,
  talkMs: 1e7,
};
export const T = 1_797_400_000_000;
const sdp = { sdp_type: 'answer' as const, sdp: 'v=0\r\n' };

export const call = (direction: 'inbound' | 'outbound'): Call => ({
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
  control: EMPTY_CONTROL,
  callbackData: null,
  connectedBy: null,
  sequence: 0,
});
export const connected = (at = T + SECOND): Fact => ({ kind: 'connected', at, session: sdp });
export const terminated = (at: number, talk: Partial<Extract<Fact, { kind: 'terminated' }>> = {}): Fact => ({
  kind: 'terminated',
  at,
  startTime: null,
  endTime: null,
  durationSeconds: null,
  failed: false,
  error: null,
  ...talk,
});
export const talked = (at: number) => terminated(at, { startTime: at - 80 * SECOND, endTime: at, durationSeconds: 80 });
const failure = { code: 'no_media_received', upstream: null };
export const dialled: Fact[] = [
  { kind: 'dialing', at: T },
  { kind: 'dial.accepted', at: T + 500, wacid: 'wacid.OUT' },
];

/** What webhooks alone report of calls that no client of ours made. */
export const REPORTED: Array<[string, Call['direction'], Fact[]]> = [
  [
    'a user made, answered, its button told by terminate',
    'inbound',
    [
      connected(T + 2e3),
      { kind: 'direction', at: T + 2e3, direction: 'inbound', rank: 3 },
      talked(T + 90e3),
      { kind: 'direction', at: T + 1e3, direction: 'outbound', rank: 1 },
      { kind: 'cta', at: T + 90e3, payload: 'menu-4' },
    ],
  ],
  [
    'another app made, answered',
    'outbound',
    [
      { kind: 'ringing', at: T + 1e3 },
      { kind: 'direction', at: T + 1e3, direction: 'outbound', rank: 2 },
      { kind: 'accepted', at: T + 9e3 },
      connected(T),
      talked(T + 91e3),
    ],
  ],
  [
    'another app made, known by its status',
    'outbound',
    [{ kind: 'direction', at: T, direction: 'outbound', rank: 2 }, { kind: 'rejected', at: T }, terminated(T)],
  ],
];

/** Section 9 of the wire reference: every sequence that Meta documents or integrators have seen. */
export const SCENARIOS: Array<[string, 'inbound' | 'outbound', Fact[], CallOutcome]> = [
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
    '9.4 outbound, answered, and rejected on another device afterwards',
    'outbound',
    [
      { kind: 'dialing', at: T },
      { kind: 'ringing', at: T + 2e3 },
      { kind: 'accepted', at: T + 9e3 },
      { kind: 'rejected', at: T + 9e3 },
      terminated(T + 90e3),
    ],
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
      { kind: 'granted', at: T - 5e3, expiresAt: T + 6e8, basis: 'reply' },
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
    'a dial without a response that a webhook reports',
    'outbound',
    [{ kind: 'dialing', at: T }, { kind: 'dial.lost', at: T + 8e3 }, connected(), { kind: 'accepted', at: T + 9e3 }, talked(T + 90e3)],
    'answered',
  ],
];

export const after = (start: Call, facts: readonly Fact[]): Call => facts.reduce(apply, start);
export const result = (made: Call) => ({ facts: made.facts, wacid: made.wacid, derived: derive(made, DEADLINES) });

/**
 * Plays that many random histories, each fact at any place and any number of times.
 * @throws Error with the smallest history that ends in another call than the history in order, or that reopens an ended call
 */
export function playHistories(numRuns: number): void {
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
        made = apply(made, fact);
        const now = derive(made, DEADLINES).state === 'ended';
        if (ended && !now) throw new Error('reopened');
        ended = now;
      }
      deepStrictEqual(result(made), result(after(call(direction), facts)));
    }),
    { numRuns },
  );
}
