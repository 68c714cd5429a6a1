import { describe, expect, it } from '@jest/globals';
import { type LatestReading, toLatestReading } from '#compliance/eligibility/reading.js';
import type { AccountChange } from '#dialog360/fact.js';
import type { Health } from '#dialog360/number-reading.js';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { type AccountEvidence, accountInUse, NO_ACCOUNT_EVIDENCE, type ReportedAccount } from './account.js';
import { notOnBusinessApp } from './coexistence.js';

const NOW = Date.UTC(2026, 10, 22, 12);

const health = (canSendMessage: string, observedAt: number): LatestReading<Health> => ({
  value: {
    phoneNumberId: '1',
    wabaId: '2',
    canSendMessage,
    entities: [{ type: 'WABA', id: '2', canSendMessage, canReceiveCallSip: null, additionalInfo: [], errors: [] }],
  },
  source: 'health_status',
  scope: 'number',
  observedAt,
  reason: null,
});
const unread = toLatestReading<Health>(null);
const at = (changes: Partial<Record<AccountChange, number>>): ReportedAccount =>
  Object.fromEntries(Object.entries(changes).map(([change, time]) => [change, { at: time, date: null }]));
const found = (evidence: Partial<AccountEvidence>) => accountInUse({ ...NO_ACCOUNT_EVIDENCE, health: unread, ...evidence }, NOW);

describe('the gate of the account', () => {
  it.each([
    ['deleted', 'fail', 'account_deleted'],
    ['disabled', 'fail', 'account_disabled'],
    ['unclear', 'unknown', 'account_disabled'],
    ['disconnected', 'unknown', 'account_disconnected'],
    ['disable_scheduled', 'warning', 'account_disable_scheduled'],
  ] as const)('%s is a %s', (change, verdict, code) => {
    expect(found({ reported: at({ [change]: NOW - DAY }) })).toMatchObject({ verdict, code, source: 'webhook', observedAt: NOW - DAY });
  });

  it.each([
    ['deleted', 'connected'],
    ['deleted', 'reinstated'],
    ['disabled', 'reinstated'],
    ['unclear', 'reinstated'],
    ['disable_scheduled', 'reinstated'],
    ['disconnected', 'connected'],
  ] as const)('%s ends with a later %s, and with none before it or of the same second', (change, lifting) => {
    const ended = at({ [change]: NOW - DAY, [lifting]: NOW - HOUR });
    expect(found({ reported: ended, health: health('AVAILABLE', NOW) })).toMatchObject({ verdict: 'pass', source: 'health_status' });
    for (const before of [NOW - DAY, NOW - 2 * DAY])
      expect(found({ reported: at({ [change]: NOW - DAY, [lifting]: before }) }).verdict).not.toBe('pass');
  });

  it('ends with a call that Meta took on since', () => {
    expect(found({ reported: at({ deleted: NOW - DAY }), acceptedAt: NOW - HOUR, health: health('AVAILABLE', NOW) }).verdict).toBe('pass');
    expect(found({ reported: at({ deleted: NOW - DAY }), acceptedAt: NOW - 2 * DAY }).verdict).toBe('fail');
  });

  it('is unknown, and never a pass, when health contradicts the webhook', () => {
    const reported = at({ disabled: NOW - HOUR });
    expect(found({ reported, health: health('AVAILABLE', NOW - MINUTE) })).toMatchObject({ verdict: 'unknown', code: 'account_disabled' });
    expect(found({ reported, health: health('AVAILABLE', NOW - DAY) }).verdict).toBe('fail');
    expect(found({ reported, health: health('BLOCKED', NOW - MINUTE) }).verdict).toBe('fail');
    expect(found({ reported, health: { ...health('AVAILABLE', NOW - MINUTE), reason: 'upstream_error' } }).verdict).toBe('fail');
  });

  it('is unknown for a week after an error about the account, or until a call is taken on', () => {
    const error = { code: 'account_locked', at: NOW - HOUR, source: 'webhook' } as const;
    const known = { error, health: health('AVAILABLE', NOW) };
    expect(found(known)).toMatchObject({ verdict: 'unknown', code: 'account_locked', source: 'webhook' });
    expect(found({ ...known, error: { ...error, at: NOW - 7 * DAY } }).verdict).toBe('pass');
    expect(found({ ...known, acceptedAt: NOW - MINUTE }).verdict).toBe('pass');
  });

  it('passes with health alone, and is unknown without', () => {
    expect(found({ health: health('LIMITED', NOW) })).toMatchObject({ verdict: 'pass', value: 'LIMITED' });
    expect(found({ health: health('BLOCKED', NOW) })).toMatchObject({ verdict: 'unknown', value: 'BLOCKED' });
    expect(found({})).toMatchObject({ verdict: 'unknown' });
  });
});

describe('the gate of coexistence', () => {
  const channel = (onBusinessApp: boolean, observedAt = NOW - HOUR) =>
    notOnBusinessApp({ value: { onBusinessApp }, source: 'partner_api', scope: 'number', observedAt, reason: null }, NOW);

  it('fails for a number of the WhatsApp Business app, and is unknown without a reading of this week', () => {
    expect(channel(true)).toMatchObject({ verdict: 'fail', value: 'business_app', code: 'number_on_business_app' });
    expect(channel(false)).toMatchObject({ verdict: 'pass', value: 'cloud_api' });
    expect(channel(true, NOW - 8 * DAY).verdict).toBe('unknown');
    expect(notOnBusinessApp(toLatestReading<{ onBusinessApp: boolean }>(null), NOW)).toEqual({ verdict: 'unknown' });
  });
});
