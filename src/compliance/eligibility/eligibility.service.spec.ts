import { ConversationsService } from '#compliance/conversations/conversations.service.js';
import { ConversationsStore } from '#compliance/conversations/storage/conversations.store.js';
import type { WebhookFact } from '#dialog360/fact.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { PeopleService } from '#identity/people.service.js';
import { PeopleStore } from '#identity/people.store.js';
import { DAY, HOUR, MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type EligibilityBed, type Neighbours, openEligibility } from './eligibility.fixture.js';
import { toRequirementsDto } from './requirements.dto.js';

const NEIGHBOURS: Neighbours = {
  conversations: (...rest) => new ConversationsService(new ConversationsStore(), ...rest),
  outbox: (store) => new OutboxService(new OutboxStore(store), store),
  people: (store, clock) => new PeopleService(new PeopleStore(), store, clock),
};

describe.each(engines)('compliance on %s', (engine) => {
  let bed: EligibilityBed;
  let clock: EligibilityBed['clock'];
  let dialog360: EligibilityBed['dialog360'];
  let compliance: EligibilityBed['compliance'];
  let requirements: EligibilityBed['requirements'];
  let number: EligibilityBed['number'];
  let hear: EligibilityBed['hear'];
  let status: EligibilityBed['status'];
  let events: EligibilityBed['events'];

  beforeEach(async () => {
    bed = await openEligibility(engine, NEIGHBOURS);
    ({ clock, dialog360, compliance, requirements, number, hear, status, events } = bed);
  });
  afterEach(() => bed.database.remove());

  const ringing: WebhookFact = {
    kind: 'call.status',
    status: 'RINGING',
    wacid: 'wacid.1',
    direction: 'outbound',
    contact: null,
    opaque: null,
  };

  it('diagnoses a healthy number', async () => {
    await hear(ringing);
    expect(await status()).toMatchObject({
      calling_status: 'ENABLED',
      callback_permission: 'ENABLED',
      meets_1k_requirement: null,
      business_initiated_conversations: null,
      total_conversations: null,
      inbound: { verdict: 'available' },
      outbound: { verdict: 'available' },
      webhook: {
        registered_url: dialog360.url,
        matches_public_url: true,
        last_delivery_at: null,
        last_call_event_at: new Date(clock.now()).toISOString(),
      },
      headline: 'Outbound calls are available; inbound calls are available.',
      recent_refusals: [],
      figures: { calling_status: { value: 'ENABLED', source: 'settings', scope: 'number', reason: null } },
      mode: 'live',
    });
  });

  it('says what blocks a number on which calling is off, in the language of the reader', async () => {
    dialog360.calling = { status: 'DISABLED' };
    dialog360.url = 'https://elsewhere.example.com/hook?token=geheim';
    const english = await status();
    expect(english.outbound.verdict).toBe('blocked');
    expect(english.inbound.verdict).toBe('blocked');
    expect(english.webhook).toMatchObject({
      registered_url: 'https://elsewhere.example.com/hook?token=[redacted]',
      matches_public_url: false,
    });
    expect(english.headline).toMatch(/^Outbound calls are refused because of this: Calling is switched off/);
    const failing = english.outbound.gates.filter(({ verdict }) => verdict === 'fail');
    expect(failing.map(({ code, remedy }) => [code, typeof remedy])).toEqual([['calling_disabled', 'string']]);
    expect((await status('es')).headline).toMatch(/^Las llamadas salientes se rechazan por esto: Las llamadas están desactivadas/);
  });

  it('says null, not DISABLED, when 360dialog does not answer, and blocks no dial', async () => {
    dialog360.failure = new Problem('upstream_error');
    const told = await status();
    expect(told).toMatchObject({
      calling_status: null,
      outbound: { verdict: 'unknown' },
      webhook: { registered_url: null, matches_public_url: null },
    });
    expect(told.figures.calling_status).toMatchObject({ value: null, reason: 'upstream_error' });
    await compliance.assertMayDial(number);
  });

  it('refuses a dial with the code of the first failing gate, and asks 360dialog only when its knowledge is old', async () => {
    dialog360.calling = { status: 'DISABLED' };
    for (let i = 0; i < 3; i += 1) await expect(compliance.assertMayDial(number)).rejects.toMatchObject({ code: 'calling_disabled' });
    expect(dialog360.asked).toBe(1);
  });

  it('lets a dial pass whatever the webhook, the limit and the key', async () => {
    dialog360.url = 'https://elsewhere.example.com/hook';
    await hear({ kind: 'limit.changed', limit: 'TIER_250', scope: 'portfolio', event: null });
    await status();
    await compliance.assertMayDial(number);
    clock.pass(2 * MINUTE);
    dialog360.failure = new Problem('upstream_key_rejected');
    await compliance.assertMayDial(number);
    expect((await status()).outbound.gates.at(-1)).toMatchObject({ name: 'key', verdict: 'fail', code: 'upstream_key_rejected' });
  });

  it('refuses a dial during a pause that a webhook reported, and says until when', async () => {
    const expiresAt = clock.now() + 7 * DAY;
    await hear({ kind: 'account.restricted', restrictions: [{ type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiresAt }] });
    await expect(compliance.assertMayDial(number)).rejects.toMatchObject({ code: 'calling_restricted', retryAt: expiresAt });
    expect(await events()).toMatchObject([{ type: 'account.restricted', subject: 'number:300000000000001', sequence: 1 }]);
    clock.pass(7 * DAY);
    await compliance.assertMayDial(number);
  });

  it('learns that a pause was lifted early from settings without it, and from a webhook that lists none', async () => {
    const expiresAt = clock.now() + 7 * DAY;
    const paused = { type: 'RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING', expiresAt };
    await hear({ kind: 'account.restricted', restrictions: [paused] });
    await expect(compliance.assertMayDial(number)).rejects.toMatchObject({ code: 'calling_restricted' });
    clock.pass(2 * MINUTE);
    await compliance.assertMayDial(number);
    await hear({ kind: 'account.restricted', restrictions: [{ ...paused, expiresAt: expiresAt + 1 }] });
    await expect(compliance.assertMayDial(number)).rejects.toMatchObject({ code: 'calling_restricted' });
    clock.pass(SECOND);
    await hear({ kind: 'account.restricted', restrictions: [] });
    await compliance.assertMayDial(number);
  });

  it.each(['account.restricted', 'settings.changed'] as const)('keeps a pause through a part of the settings (%s first)', async (first) => {
    const pause = () =>
      hear({ kind: 'account.restricted', restrictions: [{ type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiresAt: null }] });
    await status();
    clock.pass(SECOND);
    if (first === 'account.restricted') await pause();
    await hear({ kind: 'settings.changed', calling: { status: 'ENABLED' } });
    if (first === 'settings.changed') await pause();
    clock.pass(SECOND);
    await expect(compliance.assertMayDial(number)).rejects.toMatchObject({ code: 'calling_restricted' });
  });

  it('refuses a dial from a disabled account, whatever the order of the webhooks, until it is reinstated', async () => {
    const banned = { kind: 'account.changed', change: 'disabled', event: 'DISABLED_UPDATE', date: 'December 1, 2026' } as const;
    await hear({ ...banned, change: 'reinstated', date: null }, clock.now() + MINUTE);
    await hear(banned, clock.now());
    await compliance.assertMayDial(number);
    await hear(banned, clock.now() + 2 * MINUTE);
    await expect(compliance.assertMayDial(number)).rejects.toMatchObject({ code: 'account_disabled' });
    const { inbound, outbound } = await status();
    expect([inbound.verdict, outbound.verdict]).toEqual(['blocked', 'blocked']);
    expect(outbound.gates.find(({ name }) => name === 'account')).toMatchObject({ value: 'December 1, 2026', remedy: expect.any(String) });
    clock.pass(3 * MINUTE);
    await hear({ ...banned, change: 'reinstated', date: null });
    await compliance.assertMayDial(number);
  });

  it('shows errors without a call among the refusals, and a payment error in its gate', async () => {
    const error = (code: number | null) => ({ code, message: 'something', details: null });
    await hear({ kind: 'number.errors', errors: [error(131044), error(131031), error(999_999), error(null)] });
    const shown = await status();
    expect(shown.recent_refusals.map(({ code, operation }) => [code, operation]).sort()).toEqual([
      ['account_locked', 'webhook'],
      ['payment_required', 'webhook'],
      ['upstream_refused', 'webhook'],
      ['upstream_refused', 'webhook'],
    ]);
    for (const { gates, verdict } of [shown.inbound, shown.outbound]) {
      expect(verdict).toBe('blocked');
      expect(gates).toContainEqual(
        expect.objectContaining({ name: 'payment', verdict: 'fail', source: 'webhook', code: 'payment_required' }),
      );
      expect(gates).toContainEqual(expect.objectContaining({ name: 'account', verdict: 'unknown', code: 'account_locked' }));
    }
    await compliance.assertMayDial(number);
  });

  it('keeps the limit of the portfolio when the removed one of the number comes later', async () => {
    await hear({ kind: 'limit.changed', limit: '-1', scope: 'portfolio', event: null });
    clock.pass(MINUTE);
    await hear({ kind: 'limit.changed', limit: 'TIER_250', scope: 'number', event: 'FLAGGED' });
    expect((await status()).outbound.gates.find(({ name }) => name === 'messaging_limit')).toMatchObject({ verdict: 'pass' });
  });

  it('takes up settings that changed elsewhere without losing what the webhook left out', async () => {
    dialog360.calling = {
      status: 'ENABLED',
      call_hours: { timezone_id: 'America/Mexico_City' },
      sip: { status: 'DISABLED', servers: [1] },
    };
    await status();
    clock.pass(SECOND);
    await hear({ kind: 'settings.changed', calling: { status: 'DISABLED', sip: { status: 'DISABLED' } } });
    expect((await status()).calling_status).toBe('DISABLED');
    expect(dialog360.asked).toBe(3);
    const calling = { status: 'DISABLED', call_hours: { timezone_id: 'America/Mexico_City' }, sip: { status: 'DISABLED', servers: [1] } };
    expect(await events()).toEqual([
      {
        type: 'settings.updated',
        subject: 'number:300000000000001',
        sequence: 1,
        data: { phone_number_id: number.phoneNumberId, calling },
      },
    ]);
  });

  it('does not let a late webhook undo what was read since', async () => {
    await status();
    await hear({ kind: 'settings.changed', calling: { status: 'DISABLED' } }, clock.now() - HOUR);
    expect((await status()).calling_status).toBe('ENABLED');
    expect(await events()).toMatchObject([{ type: 'settings.updated', data: { calling: { status: 'ENABLED' } } }]);
  });

  it('numbers the events about a number in rising order', async () => {
    for (const state of ['DISABLED', 'ENABLED', 'DISABLED']) await hear({ kind: 'settings.changed', calling: { status: state } });
    expect((await events()).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('reports unknown counts as null, and applies a limit that a webhook reported', async () => {
    const asked = async () => toRequirementsDto(number.phoneNumberId, await requirements.requirements(number), clock.now());
    expect(await asked()).toMatchObject({
      business_initiated_conversations: null,
      meets_1k_requirement: null,
      progress: null,
      reason: 'nothing_seen',
      messaging_limit: { tier: null, limit: null, required: 2_000, meets: null, source: null },
      coverage: { complete: false },
    });
    await hear({ kind: 'limit.changed', limit: 'TIER_2K', scope: 'portfolio', event: null });
    await hear({ kind: 'limit.changed', limit: 'TIER_250', scope: 'number', event: null }, clock.now() - DAY);
    expect(await asked()).toMatchObject({
      meets_1k_requirement: null,
      messaging_limit: { tier: 'TIER_2K', limit: 2_000, meets: true, source: 'webhook', scope: 'portfolio' },
    });
  });
});
