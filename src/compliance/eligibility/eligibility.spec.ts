import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { assess, type GateEvidence, refusalOf } from './eligibility.js';
import { gateEvidence } from './gates/gate-evidence.fixture.js';

const { NOW, HERE, settings, registered, limit, healthy, ignorant, gate, verdict } = gateEvidence;

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
