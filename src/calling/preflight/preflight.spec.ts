import { businessNumber } from '#identity/numbers/business-number.fixture.js';
import 'reflect-metadata';
import type { PermissionVerdict } from '#calling/permissions/permission.js';
import type { Assessment, Gate } from '#compliance/eligibility/eligibility.js';
import { entryOf } from '#error-catalogue/lookup.js';
import { HOUR } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { nextStep } from './next-step.js';
import { toPreflightDto } from './preflight.dto.js';
import { type PersonSurvey, preflightOf, type Survey } from './preflight.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const gate = (name: Gate['name'], facts: Partial<Gate> = {}): Gate => ({
  name,
  verdict: 'pass',
  value: 'ENABLED',
  required: 'ENABLED',
  source: 'settings',
  observedAt: NOW,
  code: null,
  retryAt: null,
  ...facts,
});
const open: Assessment = { verdict: 'available', gates: [gate('calling_enabled'), gate('restriction'), gate('key')] };
const blockedBy = (name: Gate['name'], facts: Partial<Gate>): Assessment => ({
  verdict: 'blocked',
  gates: open.gates.map((one) => (one.name === name ? gate(name, { verdict: 'fail', ...facts }) : one)),
});

const held: PersonSurvey = {
  permission: { status: 'permanent', expiresAt: null, source: 'reading', observedAt: NOW },
  call: { verdict: 'pass' },
  ask: { verdict: 'fail', code: 'permission_already_permanent', until: null },
  window: 'closed',
  threadHolder: null,
  unreadable: null,
  refusal: null,
};
const stranger: PersonSurvey = {
  ...held,
  permission: { status: 'no_permission', expiresAt: null, source: 'reading', observedAt: NOW },
  call: { verdict: 'fail', code: 'permission_required', until: null },
  ask: { verdict: 'pass' },
  window: 'open',
};
const unread: PersonSurvey = {
  ...stranger,
  permission: { status: 'unknown', expiresAt: null, source: null, observedAt: null },
  call: { verdict: 'unknown' },
  ask: { verdict: 'unknown' },
  window: 'unknown',
  unreadable: new Problem('upstream_unavailable'),
};
const number138000 = new Problem('calling_disabled', {
  upstream: { status: 401, code: 138000, message: null, details: null, fbtrace_id: null },
});

const preflight = ({ number = open, ...found }: Partial<Survey>, plan = { hasOffer: true, hasTemplate: false }) => {
  const blockedBy = number.gates.find(({ verdict }) => verdict === 'fail') ?? null;
  return preflightOf({ liveCallId: null, number, blockedBy, person: held, now: NOW, ...found }, plan);
};
const verdicts = (found: Partial<Survey>) => Object.fromEntries(preflight(found).gates.map(({ name, verdict }) => [name, verdict]));

describe('preflight', () => {
  test('of a person who may be called has no failing gate and dials', () => {
    expect(preflight({})).toMatchObject({ verdict: 'available', step: 'dial', code: null });
    expect(Object.values(verdicts({}))).not.toContain('fail');
    expect(preflight({}, { hasOffer: false, hasTemplate: false }).step).toBe('wait');
  });

  test('warns that asking takes the thread from the Meta Business Agent, and only then', () => {
    const gateOf = (person: PersonSurvey) => preflight({ person }).gates.find(({ name }) => name === 'agent_thread');
    expect(gateOf({ ...stranger, threadHolder: 'agent' })).toMatchObject({
      verdict: 'warning',
      value: 'agent',
      code: 'agent_holds_thread',
    });
    expect(preflight({ person: { ...stranger, threadHolder: 'agent' } })).toMatchObject({ step: 'ask', code: 'permission_required' });
    expect(gateOf({ ...held, threadHolder: 'agent' })?.verdict).toBe('pass');
    expect(gateOf({ ...stranger, threadHolder: 'business' })?.verdict).toBe('pass');
    expect(gateOf(stranger)).toBeUndefined();
  });

  test('shows the gates in the order in which make-call tries them', () => {
    expect(preflight({}).gates.map(({ name }) => name)).toEqual([
      'call_in_progress',
      'calling_enabled',
      'restriction',
      'key',
      'permission',
      'asking',
      'window',
    ]);
  });

  test('without permission is blocked, and the next step is to ask', () => {
    expect(preflight({ person: stranger })).toMatchObject({ verdict: 'blocked', step: 'ask', code: 'permission_required' });
    expect(verdicts({ person: stranger })).toMatchObject({ permission: 'fail', asking: 'pass', window: 'pass' });
  });

  test('names the first failing gate, with the moment at which it changes', () => {
    const until = NOW + 5 * HOUR;
    const limited: PermissionVerdict = { verdict: 'fail', code: 'permission_request_limit_reached', until };
    const paused = blockedBy('restriction', { code: 'calling_restricted', retryAt: NOW + HOUR });
    const cases: [Partial<Survey>, string, number | null][] = [
      [{ liveCallId: 'call_1', number: paused, person: stranger }, 'call_in_progress', null],
      [{ number: paused, person: stranger }, 'calling_restricted', NOW + HOUR],
      [{ number: blockedBy('key', { code: 'upstream_key_rejected' }), person: unread }, 'upstream_key_rejected', null],
      [{ person: { ...held, call: { verdict: 'fail', code: 'call_limit_reached', until } } }, 'call_limit_reached', until],
      [{ person: { ...stranger, ask: limited, window: 'closed' } }, 'permission_request_limit_reached', until],
      [{ person: { ...stranger, window: 'closed' } }, 'window_closed', null],
    ];
    for (const [found, code, earliestAt] of cases) {
      const shown = preflight(found);
      expect(shown).toMatchObject({ verdict: 'blocked', step: 'refuse', code, earliestAt });
      expect(shown.gates.find((one) => one.verdict === 'fail' && one.code === code)?.retryAt).toBe(earliestAt);
      expect(entryOf(code)?.en.remedy).toMatch(/\w/);
    }
  });

  test('with a template needs no open window', () => {
    const closed = { ...stranger, window: 'closed' as const };
    const shown = preflight({ person: closed }, { hasOffer: true, hasTemplate: true });
    expect(shown).toMatchObject({ step: 'ask', code: 'permission_required' });
    expect(shown.gates.at(-1)).toMatchObject({ name: 'window', verdict: 'pass', value: 'closed', required: null });
  });

  test('is never available without knowing', () => {
    expect(preflight({ person: unread })).toMatchObject({ verdict: 'unknown', step: 'dial' });
    expect(preflight({ person: unread }).gates.find(({ name }) => name === 'permission')).toMatchObject({
      verdict: 'unknown',
      value: null,
      code: 'upstream_unavailable',
    });
    expect(preflight({ number: { ...open, verdict: 'unknown' } }).verdict).toBe('unknown');
  });

  test('believes 360dialog when it refuses even to read, whatever the settings said', () => {
    const shown = preflight({ person: { ...unread, unreadable: number138000, refusal: number138000 } });
    expect(shown).toMatchObject({ verdict: 'blocked', step: 'refuse', code: 'calling_disabled' });
    expect(shown.gates[1]).toMatchObject({ name: 'calling_enabled', verdict: 'fail', value: 'DISABLED', code: 'calling_disabled' });
    const other = new Problem('invoices_overdue');
    expect(preflight({ person: { ...unread, refusal: other } }).gates).toContainEqual(
      expect.objectContaining({ name: 'number', verdict: 'fail', code: 'invoices_overdue' }),
    );
    const known = blockedBy('calling_enabled', { code: 'calling_disabled' });
    expect(
      preflight({ number: known, person: { ...unread, refusal: number138000 } }).gates.filter(({ verdict }) => verdict === 'fail'),
    ).toHaveLength(1);
  });

  test('says what make-call would do, for every person and plan', () => {
    const asks: PermissionVerdict[] = [
      { verdict: 'pass' },
      { verdict: 'unknown' },
      { verdict: 'fail', code: 'permission_request_limit_reached', until: NOW },
    ];
    const calls: PermissionVerdict[] = [
      { verdict: 'pass' },
      { verdict: 'unknown' },
      stranger.call,
      { verdict: 'fail', code: 'call_limit_reached', until: NOW },
    ];
    const windows = ['open', 'closed', 'unknown'] as const;
    const plans = [true, false].flatMap((hasOffer) => [true, false].map((hasTemplate) => ({ hasOffer, hasTemplate })));
    const people = calls.flatMap((call) => asks.flatMap((ask) => windows.map((window) => ({ ...stranger, call, ask, window }))));
    for (const [person, plan] of people.flatMap((one) => plans.map((plan) => [one, plan] as const))) {
      const found = preflight({ person }, plan);
      const step = nextStep({ ...person, ...plan, mayAskUser: true });
      expect(found.step).toBe(step.do);
      if (step.do === 'refuse') expect([found.code, found.earliestAt]).toEqual([step.code, step.until]);
      expect(found.verdict === 'blocked').toBe(step.do === 'refuse' || step.do === 'ask');
      expect(found.gates.some(({ verdict }) => verdict === 'fail')).toBe(found.verdict === 'blocked');
    }
  });

  test('is shown with remedies in the language of the client', () => {
    const number = businessNumber({ phoneNumberId: '1' });
    const person = {
      id: 'usr_1',
      phoneNumberId: '1',
      waId: '5215512345678',
      userId: null,
      parentUserId: null,
      username: null,
      name: 'Ana',
      createdAt: 0,
    };
    const dto = toPreflightDto('+52', { number, person }, preflight({ person: stranger }), NOW, 'es');
    expect(dto).toMatchObject({
      verdict: 'blocked',
      next_step: 'ask',
      remedy: entryOf('permission_required')?.es.remedy,
      user: { wa_id: '5215512345678', input: '+52', name: 'Ana' },
      phone_number_id: '1',
      checked_at: '2026-11-22T12:00:00.000Z',
    });
    expect(dto.gates.find(({ name }) => name === 'permission')).toEqual({
      name: 'permission',
      verdict: 'fail',
      value: 'no_permission',
      required: 'temporary or permanent',
      source: 'reading',
      observed_at: '2026-11-22T12:00:00.000Z',
      code: 'permission_required',
      remedy: entryOf('permission_required')?.es.remedy,
      earliest_at: null,
    });
  });
});
