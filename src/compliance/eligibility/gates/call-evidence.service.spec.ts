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
import { type EligibilityBed, type Neighbours, openEligibility } from '../eligibility.fixture.js';

const NEIGHBOURS: Neighbours = {
  conversations: (...rest) => new ConversationsService(new ConversationsStore(), ...rest),
  outbox: (store) => new OutboxService(new OutboxStore(store), store),
  people: (store, clock) => new PeopleService(new PeopleStore(), store, clock),
};

describe.each(engines)('the evidence of calls and refusals on %s', (engine) => {
  let bed: EligibilityBed;
  let store: EligibilityBed['store'];
  let clock: EligibilityBed['clock'];
  let compliance: EligibilityBed['compliance'];
  let evidence: EligibilityBed['evidence'];
  let requirements: EligibilityBed['requirements'];
  let number: EligibilityBed['number'];
  let hear: EligibilityBed['hear'];
  let status: EligibilityBed['status'];

  beforeEach(async () => {
    bed = await openEligibility(engine, NEIGHBOURS);
    ({ store, clock, compliance, evidence, requirements, number, hear, status } = bed);
  });
  afterEach(() => bed.database.remove());

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
    await evidence.purge();
    expect(await store.read.selectFrom('refusals').select('call_id').orderBy('id').execute()).toHaveLength(3);
  });
});
