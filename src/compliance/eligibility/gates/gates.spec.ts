import { type LatestReading, toLatestReading } from '#compliance/eligibility/reading.js';
import type { Health } from '#dialog360/number-reading.js';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { NO_PAYMENT_EVIDENCE, type PaymentEvidence, paymentInOrder, type ReportedBalance } from './payment.js';
import { LEAST_RATE, type PickUps, pickedUp, type ReportedViolation } from './pick-up.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const told = <T>(value: T, source: string, observedAt = NOW - MINUTE, reason: string | null = null): LatestReading<T> => ({
  value,
  source,
  scope: 'number',
  observedAt,
  reason,
});

describe('the gate of pick-ups', () => {
  const calls = (answered: number, unanswered: number): PickUps => ({ answered, unanswered, lastAt: NOW - HOUR });
  const silent = toLatestReading<ReportedViolation>(null);
  const seen = (found: PickUps | null, direction: 'inbound' | 'outbound' = 'outbound', violation = silent) =>
    pickedUp(found, violation, direction, NOW);

  it.each([
    [6, 13, 'unknown', undefined],
    [0, 0, 'unknown', undefined],
    [0, 20, 'warning', 0],
    [5, 15, 'warning', 0.25],
    [59, 141, 'warning', 0.29],
    [6, 14, 'pass', 0.3],
    [200, 0, 'pass', 1],
  ])('%i answered and %i not is a %s', (answered, unanswered, verdict, value) => {
    const found = seen(calls(answered, unanswered));
    expect([found.verdict, found.value, found.required]).toEqual([verdict, value, LEAST_RATE]);
    expect(found.code ?? null).toBe(verdict === 'warning' ? 'pick_up_rate_low' : null);
  });

  it('is unknown where there is no count', () => {
    expect(seen(null)).toEqual({ verdict: 'unknown', required: LEAST_RATE });
  });

  it('believes Meta before its own rate, for 30 days and inbound only', () => {
    const warned = (at: number) => told<ReportedViolation>({ violationType: 'USER_INITIATED_CALLS_LOW_PICKUP_RATE' }, 'webhook', at);
    expect(seen(calls(20, 0), 'inbound', warned(NOW - DAY))).toMatchObject({
      verdict: 'warning',
      source: 'webhook',
      code: 'inbound_pick_up_rate_low',
    });
    expect(seen(calls(20, 0), 'outbound', warned(NOW - DAY)).verdict).toBe('pass');
    expect(seen(calls(20, 0), 'inbound', warned(NOW - 30 * DAY)).verdict).toBe('pass');
    const other = told<ReportedViolation>({ violationType: 'LOW_USER_INITIATED_CALLING_QUALITY' }, 'webhook');
    expect(seen(calls(20, 0), 'inbound', other).verdict).toBe('pass');
  });
});

describe('the gate of payment', () => {
  const nothing: PaymentEvidence = { ...NO_PAYMENT_EVIDENCE, health: toLatestReading<Health>(null) };
  const found = (evidence: Partial<PaymentEvidence>) => paymentInOrder({ ...nothing, ...evidence }, NOW);
  const health = (errors: Health['entities'][number]['errors'], observedAt = NOW - MINUTE, reason: string | null = null) =>
    told<Health>(
      {
        phoneNumberId: '1',
        wabaId: '2',
        canSendMessage: errors.length > 0 ? 'BLOCKED' : 'AVAILABLE',
        entities: [{ type: 'WABA', id: '2', canSendMessage: 'BLOCKED', canReceiveCallSip: null, additionalInfo: [], errors }],
      },
      'health_status',
      observedAt,
      reason,
    );
  const unpaid = { code: '141006', description: null, solution: null };
  const refused = (ago: number) => ({ troubledAt: NOW - ago, source: '360dialog' });
  const balance = (amount: number, ago = HOUR) => ({
    balance: told<ReportedBalance>({ amount, currency: 'USD' }, 'partner_api', NOW - ago),
  });

  it('is unknown without a source, and a healthy account proves nothing', () => {
    expect(found({})).toEqual({ verdict: 'unknown' });
    expect(found({ health: health([]) })).toEqual({ verdict: 'unknown' });
  });

  it.each([
    [unpaid],
    [{ code: '131042', description: null, solution: null }],
    [{ code: null, description: 'There is an error with the payment method.', solution: null }],
  ])('fails by what health says of payment', (error) => {
    expect(found({ health: health([error]), acceptedAt: NOW })).toMatchObject({
      verdict: 'fail',
      source: 'health_status',
      code: 'payment_required',
    });
  });

  it('does not take another error for payment, nor believe a health that cannot be read again', () => {
    expect(found({ health: health([{ code: '138024', description: 'SIP is not enabled', solution: null }]) }).verdict).toBe('unknown');
    expect(found({ health: health([unpaid], NOW - 2 * HOUR, 'upstream_error') }).verdict).toBe('unknown');
    expect(found({ health: health([unpaid], NOW - 2 * HOUR) }).verdict).toBe('fail');
  });

  it.each([
    [MINUTE, null, 'fail'],
    [2 * DAY, null, 'warning'],
    [8 * DAY, null, 'unknown'],
    [HOUR, NOW - MINUTE, 'pass'],
    [2 * DAY, NOW - 3 * DAY, 'warning'],
    [8 * DAY, NOW - 9 * DAY, 'unknown'],
  ])('a refusal %i ms ago, and a call taken on at %s, is a %s', (ago, acceptedAt, verdict) => {
    expect(found({ ...refused(ago), acceptedAt }).verdict).toBe(verdict);
  });

  it('passes by a call that Meta took on within a week', () => {
    expect(found({ acceptedAt: NOW - 6 * DAY })).toMatchObject({ verdict: 'pass', source: 'calls', value: 'call_accepted' });
    expect(found({ acceptedAt: NOW - 7 * DAY }).verdict).toBe('unknown');
  });

  it('takes funds for a sign only where nothing else is known', () => {
    expect(found(balance(12.5))).toMatchObject({ verdict: 'pass', value: '12.5 USD', source: 'partner_api' });
    expect(found(balance(0))).toMatchObject({ verdict: 'warning', code: 'payment_required' });
    expect(found(balance(-4))).toMatchObject({ verdict: 'warning' });
    expect(found(balance(12.5, 3 * DAY)).verdict).toBe('unknown');
    expect(found({ ...balance(12.5), ...refused(MINUTE) }).verdict).toBe('fail');
    expect(found({ ...balance(0), acceptedAt: NOW }).verdict).toBe('pass');
  });
});
