import { deriveProgress } from '#compliance/conversations/progress.js';
import { assess, type GateEvidence, refusalOf } from '#compliance/eligibility/eligibility.js';
import { type CallingSettings, type LatestReading, type RegisteredWebhook, toLatestReading } from '#compliance/eligibility/reading.js';
import type { Health } from '#dialog360/number-reading.js';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { paymentInOrder, type ReportedBalance } from './payment.js';
import { LEAST_CALLS, LEAST_RATE, type PickUps, pickedUp, type ReportedViolation } from './pick-up.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const HERE = 'https://gateway.example.com/api/webhooks/360dialog';
const goal = { conversations: 1_000, windowDays: 30 };
const figure = <T>(value: T, source: string, observedAt: number, reason: string | null = null): LatestReading<T> => ({
  value,
  source,
  scope: 'number',
  observedAt,
  reason,
});

const HEALTH = ['unread', 'healthy', 'unpaid', 'unpaid, unreadable since', 'another error'] as const;
const AGES = [null, MINUTE, DAY - 1, DAY, 7 * DAY - 1, 7 * DAY, 40 * DAY];
const BALANCES = [null, -1, 0, 0.01, 250];
const BALANCE_AGES = [HOUR, 3 * DAY];
const CALLS: readonly (PickUps | null)[] = [null, [0, 0], [3, 16], [0, 20], [5, 15], [6, 14], [20, 0]].map((pair) =>
  pair === null ? null : { answered: pair[0] ?? 0, unanswered: pair[1] ?? 0, lastAt: NOW },
);
const WARNINGS = [null, 29 * DAY, 31 * DAY];

function healthIn(state: (typeof HEALTH)[number]): LatestReading<Health> {
  if (state === 'unread') return toLatestReading<Health>(null);
  const error = state === 'another error' ? '138024' : '141006';
  const code = state === 'healthy' ? null : error;
  const errors = code === null ? [] : [{ code, description: null, solution: null }];
  const entity = { type: 'WABA', id: '2', canSendMessage: 'AVAILABLE', canReceiveCallSip: null, additionalInfo: [], errors };
  const health: Health = { phoneNumberId: '1', wabaId: '2', canSendMessage: 'AVAILABLE', entities: [entity] };
  const old = state === 'unpaid, unreadable since';
  return figure(health, 'health_status', old ? NOW - 2 * HOUR : NOW - MINUTE, old ? 'upstream_error' : null);
}

const violationIn = (ago: number | null): LatestReading<ReportedViolation> =>
  ago === null
    ? toLatestReading<ReportedViolation>(null)
    : figure({ violationType: 'USER_INITIATED_CALLS_LOW_PICKUP_RATE' }, 'webhook', NOW - ago);

const cases = HEALTH.flatMap((health) =>
  AGES.flatMap((refused) =>
    AGES.flatMap((accepted) =>
      BALANCES.flatMap((balance) =>
        BALANCE_AGES.flatMap((balanceAge) =>
          CALLS.map((pickUps, index) => ({ health, refused, accepted, balance, balanceAge, pickUps, warned: WARNINGS[index % 3] ?? null })),
        ),
      ),
    ),
  ),
);

const evidenceOf = ({ health, refused, accepted, balance, balanceAge, pickUps, warned }: (typeof cases)[number]): GateEvidence => ({
  displayPhoneNumber: '5215500000001',
  settings: figure<CallingSettings>({ calling: { status: 'ENABLED' }, complete: true }, 'settings', NOW - 1),
  registration: figure<RegisteredWebhook>({ url: HERE }, 'webhook_config', NOW - 1),
  key: { acceptedAt: NOW - 1, rejected: false },
  restrictions: toLatestReading<never>(null),
  limit: toLatestReading<never>(null),
  progress: deriveProgress([], goal),
  goal,
  lastCallEventAt: NOW - HOUR,
  listeners: 1,
  webhookUrl: HERE,
  pickUps: {
    inbound: pickedUp(pickUps, violationIn(warned), 'inbound', NOW),
    outbound: pickedUp(pickUps, violationIn(warned), 'outbound', NOW),
  },
  callPrimary: { verdict: 'unknown' },
  payment: paymentInOrder(
    {
      health: healthIn(health),
      troubledAt: refused === null ? null : NOW - refused,
      source: refused === null ? null : '360dialog',
      acceptedAt: accepted === null ? null : NOW - accepted,
      balance:
        balance === null
          ? toLatestReading<ReportedBalance>(null)
          : figure({ amount: balance, currency: 'USD' }, 'partner_api', NOW - balanceAge),
    },
    NOW,
  ),
});

type Combination = (typeof cases)[number];
type Found = ReturnType<typeof assess>;

/** What must hold of the payment gate. */
function paymentClaims(one: Combination, found: Found): Record<string, boolean> {
  const payment = found.gates.find(({ name }) => name === 'payment');
  const unpaid = one.health === 'unpaid';
  const refusedNow = one.refused !== null && one.refused < DAY && (one.accepted === null || one.accepted >= one.refused);
  const acceptedNow = one.accepted !== null && one.accepted < 7 * DAY && (one.refused === null || one.accepted < one.refused);
  const funded = (one.balance ?? 0) > 0 && one.balanceAge < 2 * DAY;
  const backed = !unpaid && !refusedNow && (acceptedNow || funded);
  return {
    // A pass was seen, and Meta itself reported a failure.
    'passes with a call taken on or with funds': payment?.verdict !== 'pass' || backed,
    'fails by Meta’s word': (payment?.verdict === 'fail') === (unpaid || refusedNow),
    'is not unknown where Meta’s word is at hand': payment?.verdict !== 'unknown' || !acceptedNow,
    'warns with a word': payment?.verdict !== 'warning' || payment.code === 'payment_required',
    // What only informs blocks nothing, and the dial itself decides on payment.
    'refuses no dial': refusalOf(found) === undefined,
    'is blocked by payment alone': (found.verdict === 'blocked') === (payment?.verdict === 'fail'),
  };
}

/** What must hold of the gate of picked-up calls. */
function rateClaims(one: Combination, found: Found, direction: 'inbound' | 'outbound'): Record<string, boolean> {
  const rate = found.gates.find(({ name }) => name === 'pick_up_rate');
  const answered = one.pickUps?.answered ?? 0;
  const calls = answered + (one.pickUps?.unanswered ?? 0);
  const warnedNow = direction === 'inbound' && one.warned !== null && one.warned < 30 * DAY;
  return {
    'never fails by pick-ups': rate?.verdict !== 'fail',
    'knows a rate only of enough calls': rate?.verdict === 'unknown' || warnedNow || calls >= LEAST_CALLS,
    'knows the rate of enough calls': calls < LEAST_CALLS || rate?.verdict !== 'unknown',
    'passes from the least rate on': rate?.verdict !== 'pass' || answered / calls >= LEAST_RATE,
    'warns below the least rate or by Meta’s word': rate?.verdict !== 'warning' || warnedNow || answered / calls < LEAST_RATE,
  };
}

const namesSources = ({ gates }: Found): boolean =>
  ['payment', 'pick_up_rate'].every((wanted) => {
    const gate = gates.find(({ name }) => name === wanted);
    return gate?.verdict === 'unknown' || Boolean(gate?.source && gate.observedAt);
  });

describe('no gate claims more than its evidence', () => {
  it(`in ${cases.length * 2} combinations of health, refusals, accepted calls, balances, pick-ups and warnings`, () => {
    expect(cases.length).toBeGreaterThanOrEqual(3_000);
    const wrong: string[] = [];
    for (const one of cases) {
      for (const direction of ['inbound', 'outbound'] as const) {
        const found = assess(direction, evidenceOf(one), NOW);
        const claims = {
          ...paymentClaims(one, found),
          ...rateClaims(one, found, direction),
          'names its source unless unknown': namesSources(found),
        };
        for (const [claim, holds] of Object.entries(claims)) if (!holds) wrong.push(`${claim}: ${direction} ${JSON.stringify(one)}`);
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});
