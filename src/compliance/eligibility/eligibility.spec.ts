import { deriveProgress } from '#compliance/conversations/progress.js';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { assess, type GateEvidence, type GateName, refusalOf } from './eligibility.js';
import { UNKNOWN } from './gates/gate.js';
import {
  type CallingSettings,
  type LatestReading,
  type RegisteredWebhook,
  type ReportedLimit,
  type ReportedRestriction,
  toLatestReading,
} from './reading.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const HERE = 'https://gateway.example.com/api/webhooks/360dialog';

const told = <T>(value: T, observedAt = NOW - MINUTE, source = 'webhook', reason: string | null = null): LatestReading<T> => ({
  value,
  source,
  scope: 'number',
  observedAt,
  reason,
});
const settings = (calling: object, { complete = true, observedAt = NOW - 1, reason = null as string | null } = {}) =>
  told<CallingSettings>({ calling: { ...calling }, complete }, observedAt, 'settings', reason);
const registered = (url: string | null) => told<RegisteredWebhook>({ url }, NOW - 1, 'webhook_config');
const limit = (word: string) => told<ReportedLimit>({ limit: word, event: null });
const restricted = (type: string, expiresAt: number | null, at = NOW - DAY) => told<ReportedRestriction[]>([{ type, expiresAt, at }], at);

const healthy: GateEvidence = {
  displayPhoneNumber: '5215500000001',
  settings: settings({ status: 'ENABLED' }),
  registration: registered(HERE),
  key: { acceptedAt: NOW - 1, rejected: false },
  restrictions: toLatestReading<ReportedRestriction[]>(null),
  limit: limit('TIER_2K'),
  progress: deriveProgress([], { conversations: 1_000, windowDays: 30 }),
  goal: { conversations: 1_000, windowDays: 30 },
  lastCallEventAt: NOW - DAY,
  callPrimary: { verdict: 'pass' },
  payment: { verdict: 'pass' },
  pickUps: { inbound: { verdict: 'pass' }, outbound: { verdict: 'pass' } },
  listeners: 1,
  webhookUrl: HERE,
};
const ignorant: GateEvidence = {
  ...healthy,
  displayPhoneNumber: null,
  settings: { ...toLatestReading<CallingSettings>(null), reason: 'upstream_error' },
  registration: toLatestReading<RegisteredWebhook>(null),
  key: { acceptedAt: null, rejected: false },
  limit: toLatestReading<ReportedLimit>(null),
  callPrimary: UNKNOWN,
  payment: UNKNOWN,
  pickUps: { inbound: UNKNOWN, outbound: UNKNOWN },
  lastCallEventAt: null,
  listeners: null,
};

const gate = (direction: 'inbound' | 'outbound', name: GateName, evidence: Partial<GateEvidence>) =>
  assess(direction, { ...healthy, ...evidence }, NOW).gates.find((one) => one.name === name);
const verdict = (...asked: Parameters<typeof gate>) => gate(...asked)?.verdict;

describe('the standing of a number', () => {
  it('is available in both directions when everything decisive is proven', () => {
    expect(assess('inbound', healthy, NOW).verdict).toBe('available');
    expect(assess('outbound', healthy, NOW).verdict).toBe('available');
  });

  it('is unknown, and nothing fails, when nothing is known', () => {
    for (const direction of ['inbound', 'outbound'] as const) {
      const found = assess(direction, ignorant, NOW);
      expect(found.verdict).toBe('unknown');
      expect(found.gates.map((one) => one.verdict)).toEqual(found.gates.map(() => 'unknown'));
      expect(refusalOf(found)).toBeUndefined();
    }
  });

  it('answers with the first failing gate in a fixed order', () => {
    const evidence = {
      ...healthy,
      displayPhoneNumber: '12125550123',
      settings: settings({ status: 'DISABLED', sip: { status: 'ENABLED' } }),
    };
    const found = assess('outbound', evidence, NOW);
    expect(found.gates.filter((one) => one.verdict === 'fail').map((one) => one.code)).toEqual([
      'calling_disabled',
      'sip_enabled',
      'country_not_supported',
    ]);
    expect(refusalOf(found)?.code).toBe('calling_disabled');
  });

  it('explains every failing gate with a word', () => {
    const worst: GateEvidence = {
      ...healthy,
      displayPhoneNumber: '201001234567',
      settings: settings({
        status: 'NOT_SET',
        sip: { status: 'ENABLED' },
        restrictions: {
          restrictions_list: [{ type: 'RESTRICTED_USER_INITIATED_CALLING' }, { type: 'RESTRICTED_BUSINESS_INITIATED_CALLING' }],
        },
      }),
      limit: limit('TIER_250'),
      registration: registered(null),
      key: { acceptedAt: null, rejected: true },
    };
    for (const direction of ['inbound', 'outbound'] as const) {
      const failing = assess(direction, worst, NOW).gates.filter((one) => one.verdict === 'fail');
      expect(failing.length).toBeGreaterThanOrEqual(6);
      for (const one of failing) expect(one.code).toEqual(expect.any(String));
    }
  });
});

describe('the gate of the calling setting', () => {
  it.each([
    ['ENABLED', 'pass'],
    ['DISABLED', 'fail'],
    ['NOT_SET', 'fail'],
    ['PENDING', 'unknown'],
    [undefined, 'unknown'],
  ])('%s is a %s', (status, expected) => {
    expect(verdict('outbound', 'calling_enabled', { settings: settings({ status }) })).toBe(expected);
  });

  it('proves nothing once it is old and cannot be read again', () => {
    const old = settings({ status: 'DISABLED' }, { observedAt: NOW - 2 * HOUR, reason: 'upstream_error' });
    expect(gate('outbound', 'calling_enabled', { settings: old })).toMatchObject({
      verdict: 'unknown',
      code: 'upstream_error',
      value: 'DISABLED',
    });
  });

  it('does not take the SIP status for granted when only a webhook reported the settings', () => {
    const heard = settings({ status: 'ENABLED' }, { complete: false });
    expect(verdict('outbound', 'sip_disabled', { settings: heard })).toBe('unknown');
    expect(verdict('outbound', 'sip_disabled', { settings: settings({ sip: { status: 'ENABLED' } }) })).toBe('fail');
  });
});

describe('the gate of restrictions', () => {
  const inOneDay = (NOW + DAY) / 1_000;

  it.each(['restrictions_list', 'restriction_list', 'restrictions'])('reads them from settings under the name %s', (name) => {
    const calling = { restrictions: { [name]: [{ type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiration: inOneDay }] } };
    expect(gate('outbound', 'restriction', { settings: settings(calling) })).toMatchObject({
      verdict: 'fail',
      code: 'calling_restricted',
      retryAt: NOW + DAY,
    });
    expect(verdict('inbound', 'restriction', { settings: settings(calling) })).toBe('pass');
  });

  it('passes once the end date is over', () => {
    const over = [{ type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiration: NOW / 1_000 }];
    expect(verdict('outbound', 'restriction', { settings: settings({ restrictions: over }) })).toBe('pass');
    const restrictions = restricted('RESTRICTED_BUSINESS_INITIATED_CALLING', NOW - 1);
    expect(verdict('outbound', 'restriction', { restrictions })).toBe('pass');
  });

  it('holds a pause that a webhook reported while the settings say nothing of restrictions', () => {
    const restrictions = restricted('RESTRICTED_USER_INITIATED_CALLING', NOW + DAY);
    expect(gate('inbound', 'restriction', { restrictions })).toMatchObject({ verdict: 'fail', retryAt: NOW + DAY, source: 'webhook' });
    expect(verdict('outbound', 'restriction', { restrictions })).toBe('pass');
  });

  it('believes settings that list no restriction later', () => {
    const restrictions = restricted('RESTRICTED_BUSINESS_INITIATED_CALLING', NOW + DAY);
    expect(verdict('outbound', 'restriction', { restrictions, settings: settings({ restrictions: { restrictions_list: [] } }) })).toBe(
      'pass',
    );
  });

  it('believes a webhook that came after the settings were read', () => {
    const restrictions = restricted('RESTRICTED_BUSINESS_INITIATED_CALLING', NOW + DAY, NOW - 1);
    const before = settings({ restrictions: { restrictions_list: [] } }, { observedAt: NOW - MINUTE });
    expect(verdict('outbound', 'restriction', { restrictions, settings: before })).toBe('fail');
  });

  it('lets a pause without an end last the 7 days that Meta documents', () => {
    const paused = (at: number) => restricted('RESTRICTED_BUSINESS_INITIATED_CALLING', null, at);
    expect(gate('outbound', 'restriction', { restrictions: paused(NOW - DAY) })).toMatchObject({ verdict: 'fail', retryAt: NOW + 6 * DAY });
    expect(verdict('outbound', 'restriction', { restrictions: paused(NOW - 8 * DAY) })).toBe('pass');
  });

  it('warns of a hidden call button until it is shown again', () => {
    const restrictions = restricted('RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN', null);
    expect(verdict('inbound', 'restriction', { restrictions })).toBe('warning');
    expect(verdict('outbound', 'restriction', { restrictions })).toBe('pass');
    expect(verdict('inbound', 'restriction', { restrictions, settings: settings({ call_icon_visibility: 'DEFAULT' }) })).toBe('pass');
  });
});

describe('the gates of country, limit and count', () => {
  it('blocks a country outbound only', () => {
    expect(verdict('outbound', 'country', { displayPhoneNumber: '2348012345678' })).toBe('fail');
    expect(verdict('inbound', 'country', { displayPhoneNumber: '2348012345678' })).toBeUndefined();
    expect(verdict('outbound', 'country', { displayPhoneNumber: null })).toBe('unknown');
  });

  it.each([
    ['TIER_250', 'DISABLED', 'fail'],
    ['TIER_1K', 'DISABLED', 'fail'],
    ['TIER_250', 'ENABLED', 'warning'],
    ['TIER_250', undefined, 'warning'],
    ['TIER_2K', 'DISABLED', 'pass'],
    ['UNLIMITED', 'DISABLED', 'pass'],
    ['TIER_SURPRISE', 'DISABLED', 'unknown'],
  ])('a limit of %s while calling is %s is a %s', (word, status, expected) => {
    expect(verdict('outbound', 'messaging_limit', { limit: limit(word), settings: settings({ status }) })).toBe(expected);
  });

  it('only warns of too few conversations', () => {
    const progress = { ...healthy.progress, businessInitiated: 412, meets: false };
    expect(gate('outbound', 'conversations_1k', { progress })).toMatchObject({ verdict: 'warning', value: 412, required: 1_000 });
    expect(assess('outbound', { ...healthy, progress }, NOW).verdict).toBe('available');
  });
});

describe('the gates of payment and pick-ups', () => {
  it('show missing payment as blocking, and let 360dialog answer the dial all the same', () => {
    const found = assess('outbound', { ...healthy, payment: { verdict: 'fail', code: 'payment_required' } }, NOW);
    expect(found.verdict).toBe('blocked');
    expect(refusalOf(found)).toBeUndefined();
  });

  it('report pick-ups of their own direction, and only inform', () => {
    const pickUps = { ...healthy.pickUps, outbound: { verdict: 'warning', code: 'pick_up_rate_low' } } as const;
    expect(verdict('outbound', 'pick_up_rate', { pickUps })).toBe('warning');
    expect(verdict('inbound', 'pick_up_rate', { pickUps })).toBe('pass');
    expect(assess('outbound', { ...healthy, pickUps }, NOW).verdict).toBe('available');
  });
});

describe('the gates of webhook and key', () => {
  it.each([
    ['here, with call events', HERE, NOW - DAY, 'pass', 'pass'],
    ['here, but no call event yet', HERE, null, 'unknown', 'unknown'],
    ['elsewhere', 'https://elsewhere.example.com/hook', null, 'fail', 'warning'],
    ['elsewhere, yet call events are passed on', 'https://elsewhere.example.com/hook', NOW - MINUTE, 'warning', 'warning'],
    ['nowhere', null, null, 'fail', 'warning'],
  ])('a webhook %s', (_, url, lastCallEventAt, inbound, outbound) => {
    const evidence = { registration: registered(url), lastCallEventAt };
    expect(verdict('inbound', 'webhook', evidence)).toBe(inbound);
    expect(verdict('outbound', 'webhook', evidence)).toBe(outbound);
  });

  it('does not show the token of a webhook address', () => {
    const registration = registered('https://crm.example.com/hook?token=geheim&x=1');
    expect(gate('inbound', 'webhook', { registration })?.value).toBe('https://crm.example.com/hook?token=[redacted]&x=[redacted]');
  });

  it.each([
    [2, 'pass', null],
    [0, 'warning', 'no_listener'],
    [null, 'unknown', null],
  ])('only warns when %s listen for inbound calls, and only inbound', (listeners, expected, code) => {
    expect(gate('inbound', 'listener', { listeners })).toMatchObject({ verdict: expected, code, value: listeners });
    expect(gate('outbound', 'listener', { listeners })).toBeUndefined();
    expect(assess('inbound', { ...healthy, listeners }, NOW).verdict).toBe('available');
  });

  it('shows a refused key as blocking, and lets 360dialog answer the dial all the same', () => {
    const found = assess('outbound', { ...healthy, key: { acceptedAt: NOW - DAY, rejected: true } }, NOW);
    expect(found.verdict).toBe('blocked');
    expect(found.gates.at(-1)).toMatchObject({ name: 'key', verdict: 'fail', code: 'upstream_key_rejected' });
    expect(refusalOf(found)).toBeUndefined();
  });
});
