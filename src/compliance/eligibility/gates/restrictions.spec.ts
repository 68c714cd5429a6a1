import { DAY, MINUTE } from '#kernel/clock.js';
import { assess, refusalOf } from '../eligibility.js';
import { gateEvidence } from './gate-evidence.fixture.js';

const { NOW, settings, restricted, gate, verdict, healthy } = gateEvidence;

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

describe('the types of restrictions', () => {
  const BOTH = 'RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING';

  it.each([
    ['RESTRICTED_BUSINESS_INITIATED_CALLING', 'pass', 'fail'],
    ['RESTRICTED_USER_INITIATED_CALLING', 'fail', 'pass'],
    [BOTH, 'fail', 'fail'],
    [BOTH.toLowerCase(), 'fail', 'fail'],
    ['RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN', 'warning', 'pass'],
    ['RESTRICTED_CALLING_IN_SOME_NEW_WAY', 'unknown', 'unknown'],
    ['RESTRICTED_BIZ_INITIATED_MESSAGING', 'pass', 'pass'],
    ['RESTRICTED_ADD_PHONE_NUMBER_ACTION', 'pass', 'pass'],
  ])('%s: inbound %s, outbound %s, from the settings and from a webhook', (type, inbound, outbound) => {
    const listed = settings({ restrictions: { restrictions_list: [{ type, expiration: (NOW + DAY) / 1_000 }] } });
    for (const evidence of [{ settings: listed }, { restrictions: restricted(type, NOW + DAY) }]) {
      expect([verdict('inbound', 'restriction', evidence), verdict('outbound', 'restriction', evidence)]).toEqual([inbound, outbound]);
    }
  });

  it('an unknown one says so with a code, and refuses no dial', () => {
    const evidence = { ...healthy, restrictions: restricted('RESTRICTED_CALLING_IN_SOME_NEW_WAY', null) };
    for (const direction of ['inbound', 'outbound'] as const) {
      const found = assess(direction, evidence, NOW);
      expect(found.verdict).toBe('unknown');
      expect(found.gates.find(({ name }) => name === 'restriction')).toMatchObject({
        verdict: 'unknown',
        value: 'RESTRICTED_CALLING_IN_SOME_NEW_WAY',
        code: 'restriction_unknown',
      });
      expect(refusalOf(found)).toBeUndefined();
    }
  });

  it('of several, the one that ends last says when calls are possible again', () => {
    const list = [
      { type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiration: (NOW + DAY) / 1_000 },
      { type: BOTH, expiration: new Date(NOW + 2 * DAY).toISOString() },
    ];
    expect(gate('outbound', 'restriction', { settings: settings({ restrictions: { restrictions_list: list } }) })).toMatchObject({
      value: BOTH,
      retryAt: NOW + 2 * DAY,
    });
  });

  it('reads the array under each of its names, also directly in the settings', () => {
    const list = [{ type: BOTH, expiration: (NOW + DAY) / 1_000 }];
    for (const calling of [{ restrictions: list }, { restriction_list: list }, { restrictions_list: list }])
      expect(verdict('inbound', 'restriction', { settings: settings(calling) })).toBe('fail');
    const several = { restrictions: { restrictions_list: [], restriction_list: list } };
    expect(verdict('inbound', 'restriction', { settings: settings(several) })).toBe('fail');
  });
});

describe('a restriction that is lifted before its end', () => {
  const paused = restricted('RESTRICTED_BUSINESS_INITIATED_CALLING', NOW + DAY);

  it('is over once the whole settings were read without it', () => {
    expect(verdict('outbound', 'restriction', { restrictions: paused, settings: settings({}, { readAt: NOW - 1 }) })).toBe('pass');
  });

  it('holds while the settings are those of before, however often webhooks changed a part of them since', () => {
    const before = settings({}, { readAt: NOW - 2 * DAY, observedAt: NOW - 1 });
    expect(verdict('outbound', 'restriction', { restrictions: paused, settings: before })).toBe('fail');
  });

  it('does not end with settings that never list a hidden button', () => {
    const restrictions = restricted('RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN', null);
    expect(verdict('inbound', 'restriction', { restrictions, settings: settings({}, { readAt: NOW - 1 }) })).toBe('warning');
  });
});
