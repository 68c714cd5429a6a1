import { ConversationsService } from '#compliance/conversations/conversations.service.js';
import { ConversationsStore } from '#compliance/conversations/storage/conversations.store.js';
import type { Settings } from '#config/settings.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { Element, WebhookFact } from '#dialog360/fact.js';
import type { UpstreamLoad } from '#dialog360/limits/request-limits.service.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { PeopleService } from '#identity/people.service.js';
import { PeopleStore } from '#identity/people.store.js';
import { inboxOf } from '#inbox/inbox.fixture.js';
import type { InboxService } from '#inbox/inbox.service.js';
import type { FactHandlers, ReceivedFact } from '#inbox/received-fact.js';
import { DAY, HOUR, MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { JsonRecord } from '#kernel/read.js';
import { lineOf } from '#numbers/lines.fixture.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { createLogger } from '#telemetry/logger.js';
import { EligibilityService } from './eligibility.service.js';
import { CallEvidenceService } from './gates/call-evidence.service.js';
import { CallPrimaryService } from './gates/call-primary.service.js';
import { RecentCallsStore } from './gates/recent-calls.store.js';
import { NumberObserver } from './number.observer.js';
import { ReadingsService } from './readings.service.js';
import { ReadingsStore } from './readings.store.js';
import { RefusalsStore } from './refusals.store.js';
import { toRequirementsDto } from './requirements.dto.js';
import { RequirementsService } from './requirements.service.js';
import { toStatusDto } from './status/status.view.js';

const HERE = 'https://gateway.example.com';
const settings = {
  readingMaxAgeMs: MINUTE,
  publicUrl: HERE,
  mode: 'live',
  compliance: { requiredConversations: 1_000, windowDays: 30, timeZone: 'UTC' },
} as Settings;

const IDLE: UpstreamLoad = { circuit: 'closed', since: 0, retryAt: null, underWay: 0, waiting: 0 };

class FakeDialog360 {
  calling: JsonRecord = { status: 'ENABLED', callback_permission_status: 'ENABLED' };
  url = `${HERE}/api/webhooks/360dialog`;
  failure: Problem | null = null;
  asked = 0;

  readSettings = () => this.#answer({ calling: this.calling, body: {} });
  readWebhook = () => this.#answer({ url: this.url, headerNames: ['Authorization'] });
  readHealth = () => this.#answer({ phoneNumberId: '1', wabaId: '2', canSendMessage: 'AVAILABLE', entities: [] });

  async #answer<T>(value: T): Promise<T> {
    this.asked += 1;
    if (this.failure) throw this.failure;
    return value;
  }
}

describe.each(engines)('compliance on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let clock: StoppedClock;
  let dialog360: FakeDialog360;
  let inbox: InboxService;
  let handlers: FactHandlers;
  let outbox: OutboxService;
  let compliance: EligibilityService;
  let experience: CallEvidenceService;
  let requirements: RequirementsService;
  let number: OurNumber;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    clock = new StoppedClock();
    dialog360 = new FakeDialog360();
    number = { phoneNumberId: '300000000000001', displayPhoneNumber: '5215500000001', wabaId: null, learnedAt: clock.now() };
    const readings = new ReadingsStore();
    const client = lineOf(dialog360 as unknown as Dialog360Client);
    const log = { pino: createLogger({ logLevel: 'silent' }) };
    const figures = new ReadingsService(readings, client, store, settings, clock, log, { count: async () => 1, paused: async () => 0 });
    ({ inbox, handlers } = inboxOf(store, clock));
    outbox = new OutboxService(new OutboxStore(store), store);
    const conversations = new ConversationsService(new ConversationsStore(), inbox, store, numberSettings(settings), clock);
    requirements = new RequirementsService(readings, conversations, store, numberSettings(settings), clock);
    experience = new CallEvidenceService(
      new RecentCallsStore(),
      new RefusalsStore(),
      readings,
      store,
      clock,
      new PeopleService(new PeopleStore(), store, clock),
    );
    const primary = new CallPrimaryService(readings, inbox, store, clock);
    compliance = new EligibilityService(figures, requirements, experience, primary, inbox, settings, clock);
    new NumberObserver(inbox, readings, figures, outbox, new RefusalsStore()).onModuleInit();
  });
  afterEach(() => database.remove());

  /** What the inbox worker does with a fact. */
  const hear = (fact: WebhookFact, at = clock.now()) =>
    store.write(async (tx) => {
      const received: ReceivedFact = { fact, element: {} as Element, phoneNumberId: number.phoneNumberId, at, receivedAt: clock.now() };
      for (const handler of handlers.of(fact.kind)) await handler(tx, received);
    });
  const status = async (language: 'en' | 'es' = 'en', refresh = false) =>
    toStatusDto(await compliance.diagnosis(number, { refresh }), SIGNATURES, IDLE, language);
  const events = async () => {
    const rows = await store.read.selectFrom('events').selectAll().orderBy('id').execute();
    return rows.map(({ type, subject, sequence, data }) => ({ type, subject, sequence, data: JSON.parse(data) }));
  };
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

  const SIGNATURES = { mode: 'off', since: 0, headerSeen: null, lastSignedAt: null, lastRefusedAt: null, unsigned: 0, invalid: 0 } as const;

  describe('the gates of what was lived through', () => {
    let made = 0;
    const call = (direction: 'inbound' | 'outbound', outcome: string | null, over: { wacid?: null; ago?: number; of?: string } = {}) =>
      store.write(async (tx) => {
        made += 1;
        const at = clock.now() - (over.ago ?? HOUR);
        const row = { id: `call_${made}`, phone_number_id: over.of ?? number.phoneNumberId, person_id: 'p', direction, outcome };
        const wacid = over.wacid === null ? null : `wacid.${made}`;
        const rest = { wacid, state: 'ended', live: outcome === null ? 1 : 0, input: null, reference: null, knowledge: '{}', sequence: 1 };
        await tx
          .insertInto('calls')
          .values({ ...row, ...rest, created_at: at, deadline_at: null, ended_at: outcome === null ? null : at + MINUTE })
          .execute();
      });
    const gate = async (direction: 'inbound' | 'outbound', name: string) => {
      const gates = (await compliance.gates(number))[direction].gates;
      return gates.find((one) => one.name === name);
    };

    it('count the calls of each direction that rang to their end, of this number and of 30 days', async () => {
      for (let index = 0; index < 19; index += 1) await call('outbound', index < 4 ? 'answered' : 'no_answer');
      for (const outcome of ['failed', 'canceled', 'unknown', null]) await call('outbound', outcome);
      await call('outbound', 'rejected', { ago: 31 * DAY });
      await call('outbound', 'rejected', { wacid: null });
      await call('outbound', 'rejected', { of: '300000000000002' });
      await call('inbound', 'missed');
      expect(await gate('outbound', 'pick_up_rate')).toMatchObject({ verdict: 'unknown', value: null, required: 0.3 });
      await call('outbound', 'rejected', { ago: 29 * DAY });
      expect(await gate('outbound', 'pick_up_rate')).toMatchObject({
        verdict: 'warning',
        value: 0.2,
        code: 'pick_up_rate_low',
        source: 'calls',
        observedAt: clock.now() - HOUR + MINUTE,
      });
      expect(await gate('inbound', 'pick_up_rate')).toMatchObject({ verdict: 'unknown' });
      expect((await status('es')).outbound.gates.find(({ name }) => name === 'pick_up_rate')?.remedy).toMatch(/Llame a la hora acordada/);
    });

    it('take Meta’s warning of unanswered calls of users', async () => {
      await hear({ kind: 'account.violation', violationType: 'USER_INITIATED_CALLS_LOW_PICKUP_RATE' });
      expect(await gate('inbound', 'pick_up_rate')).toMatchObject({
        verdict: 'warning',
        code: 'inbound_pick_up_rate_low',
        source: 'webhook',
      });
      expect(await gate('outbound', 'pick_up_rate')).toMatchObject({ verdict: 'unknown' });
    });

    const unpaid = { code: 131044, message: 'Business eligibility payment issue', details: null };
    it.each<[string, WebhookFact]>([
      [
        'a call of a user',
        { kind: 'call.note', event: 'error', errors: [unpaid], wacid: 'wacid.9', direction: null, contact: null, opaque: null },
      ],
      [
        'a message',
        { kind: 'message.status', messageId: 'm', status: 'failed', contact: null, errors: [unpaid], conversation: null, pricing: null },
      ],
    ])('learn by webhook that %s came to nothing for payment, until a call is taken on', async (_, fact) => {
      expect(await gate('outbound', 'payment')).toMatchObject({ verdict: 'unknown', value: null, code: null });
      await hear(fact);
      expect(await gate('inbound', 'payment')).toMatchObject({ verdict: 'fail', source: 'webhook', code: 'payment_required' });
      expect((await status()).headline).toMatch(/^Outbound calls are refused because of this: Payment is not in order/);
      await expect(compliance.assertMayDial(number)).resolves.toBeUndefined();
      clock.pass(HOUR);
      await call('outbound', 'no_answer', { ago: MINUTE });
      expect(await gate('inbound', 'payment')).toMatchObject({ verdict: 'pass', source: 'calls' });
    });

    it('remember a refusal for payment, and read what is left of the funds', async () => {
      await store.write((tx) =>
        requirements.observe(tx, number.phoneNumberId, {
          name: 'balance',
          value: { amount: 7, currency: 'EUR' },
          source: 'partner_api',
          scope: 'client',
          observedAt: clock.now(),
        }),
      );
      expect(await gate('outbound', 'payment')).toMatchObject({ verdict: 'pass', value: '7 EUR', source: 'partner_api' });
      const problem = new Problem('payment_required');
      await store.write((tx) =>
        compliance.recordRefusal(tx, { phoneNumberId: number.phoneNumberId, operation: 'connect', problem, callId: null }),
      );
      expect(await gate('outbound', 'payment')).toMatchObject({ verdict: 'fail', source: '360dialog' });
    });
  });

  it('groups what was refused in the last 7 days, with cause and remedy, and forgets it after 30', async () => {
    const upstream = { status: 400, code: 138000, message: null, details: null, fbtrace_id: null };
    const refuse = (operation: string, callId: string) =>
      store.write((tx) =>
        compliance.recordRefusal(tx, {
          phoneNumberId: number.phoneNumberId,
          operation,
          problem: new Problem('calling_disabled', { upstream }),
          callId,
        }),
      );
    await refuse('connect', 'call_old');
    clock.pass(8 * DAY);
    await refuse('connect', 'call_1');
    clock.pass(SECOND);
    await refuse('connect', 'call_2');
    await refuse('request_permission', 'call_3');
    const { recent_refusals: refusals } = await status();
    expect(refusals).toHaveLength(2);
    expect(refusals.find(({ operation }) => operation === 'connect')).toMatchObject({
      code: 'calling_disabled',
      upstream_code: 138000,
      count: 2,
      example_call_id: 'call_2',
      last_at: new Date(clock.now()).toISOString(),
      cause: expect.any(String),
      remedy: expect.any(String),
    });
    clock.pass(23 * DAY);
    await experience.purge();
    expect(await store.read.selectFrom('refusals').select('call_id').orderBy('id').execute()).toHaveLength(3);
  });
});
