import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import { SharedReadingsService } from '#compliance/eligibility/shared/shared-readings.service.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type HostedNumber, NumbersAt360dialog } from './numbers-at-360dialog.js';
import { type Body, World } from './world.js';

const PORTFOLIO = '700000000000777';
const keyOf = (last: string): string => `canary-key-of-number-${last}`;
const MINUTE = 60_000;

describe.each(engines)('numbers of one portfolio on %s', (engine) => {
  let hosted: NumbersAt360dialog;
  let world: World;
  let first: HostedNumber;
  const tokens = new Map<string, string>();

  beforeEach(async () => {
    hosted = await NumbersAt360dialog.open();
    first = hosted.host('1', 'simulator-key');
    first.portfolioId = PORTFOLIO;
    tokens.clear();
    const env = { D360_BASE_URL: hosted.url, PUBLIC_URL: 'https://gateway.example.com', SECRETS_KEY: randomBytes(32).toString('base64') };
    world = await World.open({ engine, env });
  });
  afterEach(async () => {
    await world.close();
    hosted.close();
  });

  const add = async (last: string, portfolioId: string): Promise<HostedNumber> => {
    const number = hosted.host(last, keyOf(last));
    number.portfolioId = portfolioId;
    const { status, body } = await world.post('/api/numbers', { api_key: keyOf(last) });
    expect(status).toBe(201);
    tokens.set(number.phoneNumberId, body.webhook.register.headers.Authorization.slice('Bearer '.length));
    return number;
  };
  const deliver = async ({ phoneNumberId, wabaId }: HostedNumber, field: string, value: object) => {
    const time = Math.floor(world.clock.now() / 1_000);
    const body = { object: 'whatsapp_business_account', entry: [{ id: wabaId, time, changes: [{ field, value }] }] };
    const token = tokens.get(phoneNumberId);
    if (token === undefined) return expect(await world.deliver(body)).toBe(200);
    const answer = await fetch(`${world.url}/api/webhooks/360dialog/${phoneNumberId}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    await world.app.get(InboxWorker).drain();
  };
  const limit = (number: HostedNumber, users: number) =>
    deliver(number, 'business_capability_update', { max_daily_conversations_per_business: users });
  let messages = 0;
  const template = async (number: HostedNumber, user: string) => {
    messages += 1;
    const status = {
      id: `wamid.T${messages}`,
      status: 'delivered',
      timestamp: String(Math.floor(world.clock.now() / 1_000)),
      recipient_id: user,
    };
    await deliver(number, 'messages', {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: number.display, phone_number_id: number.phoneNumberId },
      statuses: [{ ...status, pricing: { billable: true, pricing_model: 'PMP', category: 'marketing', type: 'regular' } }],
    });
  };
  const gateOf = async ({ phoneNumberId }: HostedNumber, headers?: Record<string, string>): Promise<Body> => {
    const { status, body } = await world.get(`/api/calling/status?phone_number_id=${phoneNumberId}`, headers);
    expect(status).toBe(200);
    return body.outbound.gates.find(({ name }: Body) => name === 'messaging_limit');
  };

  it('a limit that one receives is that of all of them, with the same source and time; another portfolio’s stays its own', async () => {
    const [second, third, other] = [await add('2', PORTFOLIO), await add('3', PORTFOLIO), await add('4', '700000000000004')];
    await world.get(`/api/calling/status?refresh=true&phone_number_id=${first.phoneNumberId}`);
    world.clock.time += MINUTE;
    await limit(second, 10_000);
    world.clock.time += MINUTE;
    await limit(other, 250);
    const gates = await Promise.all([first, second, third].map((number) => gateOf(number)));
    expect(gates[0]).toMatchObject({ verdict: 'pass', value: 'TIER_10K', source: 'webhook', observed_at: expect.any(String) });
    expect(gates[0].usage).toMatchObject({ scope: 'portfolio', shared_by: 3 });
    expect(gates.slice(1)).toEqual([gates[0], gates[0]]);
    expect(await gateOf(other)).toMatchObject({ value: 'TIER_250', usage: { scope: 'portfolio', shared_by: 1 } });
    const rows = await world.app
      .get(Store)
      .read.selectFrom('shared_readings')
      .select(['scope', 'subject', 'name'])
      .orderBy('subject')
      .execute();
    expect(rows).toEqual([
      { scope: 'portfolio', subject: '700000000000004', name: 'messaging_limit' },
      { scope: 'portfolio', subject: PORTFOLIO, name: 'messaging_limit' },
    ]);
    const { body } = await world.get(`/api/calling/conversation-requirements?phone_number_id=${third.phoneNumberId}`);
    expect(body.messaging_limit).toMatchObject({ tier: 'TIER_10K', scope: 'portfolio', usage: { shared_by: 3 } });
  });

  it('the people that all of them reached in 24 h are counted once each, without their numbers', async () => {
    const [second, third, other] = [await add('2', PORTFOLIO), await add('3', PORTFOLIO), await add('4', '700000000000004')];
    await world.get(`/api/calling/status?refresh=true&phone_number_id=${first.phoneNumberId}`);
    expect((await gateOf(second)).usage).toMatchObject({ people_24h: null, complete: false });
    const people = Array.from({ length: 6 }, (_, n) => `52155123400${10 + n}`);
    for (const user of people.slice(0, 4)) await template(first, user);
    for (const user of people.slice(2, 5)) await template(second, user);
    // The same person, as Mexico writes them without the 1.
    await template(third, `52${people[4]?.slice(3)}`);
    await template(other, people[5] ?? '');
    world.clock.time += 2 * MINUTE;
    const usage = { scope: 'portfolio', shared_by: 3, people_24h: 5 };
    for (const number of [first, second, third]) expect((await gateOf(number)).usage).toMatchObject(usage);
    expect((await gateOf(other)).usage).toMatchObject({ shared_by: 1, people_24h: 1 });
    const es = await gateOf(second, { authorization: `Bearer ${World.KEY}`, 'accept-language': 'es' });
    expect(es.note).toMatch(/^3 números de este gateway comparten el límite: .*5 personas/);
    const kept = await world.app.get(Store).read.selectFrom('conversation_digests').select('key').execute();
    expect(kept.some(({ key }) => people.some((user) => key.includes(user)))).toBe(false);
    world.clock.time += 24 * 60 * MINUTE + 15 * MINUTE;
    expect((await gateOf(second)).usage).toMatchObject({ people_24h: 0, complete: true });
  });

  it('what was received before the portfolio was known is shared once it is; an unknown portfolio says so', async () => {
    const second = await add('2', PORTFOLIO);
    const store = world.app.get(Store);
    await store.write((tx) => tx.updateTable('numbers').set({ portfolio_id: null }).execute());
    await world.stop();
    // The health is not read: it stays unknown.
    hosted.fault = ({ path }) => (path === '/health_status' ? 500 : undefined);
    await world.start();
    await limit(first, 2_000);
    expect(await gateOf(first)).toMatchObject({ value: 'TIER_2K', usage: { scope: 'number', shared_by: null } });
    expect((await gateOf(first)).note).toMatch(/^The portfolio is unknown/);
    expect(await gateOf(second)).toMatchObject({ value: null, verdict: 'unknown', usage: { scope: 'number', shared_by: null } });
    hosted.fault = () => undefined;
    world.clock.time += 10 * MINUTE;
    for (const { phoneNumberId } of [first, second]) await world.get(`/api/calling/status?refresh=true&phone_number_id=${phoneNumberId}`);
    await world.app.get(SharedReadingsService).idle();
    const gates = await Promise.all([first, second].map((number) => gateOf(number)));
    expect(gates[1]).toMatchObject({ value: 'TIER_2K', source: 'webhook', usage: { shared_by: 2 } });
    expect(gates[1]).toEqual(gates[0]);
  });

  it('a key of one number sees the reading and the counts, and of the others nothing; what it declares is its own number’s', async () => {
    const [second, third] = [await add('2', PORTFOLIO), await add('3', PORTFOLIO)];
    await world.get(`/api/calling/status?refresh=true&phone_number_id=${first.phoneNumberId}`);
    const made = await world.post('/api/keys', { name: 'one', scopes: ALL_SCOPES, numbers: [second.phoneNumberId] });
    const headers = { authorization: `Bearer ${made.body.key}` };
    const declare = (tier: string, id: string, by?: Record<string, string>) =>
      world.put(`/api/compliance/declarations?phone_number_id=${id}`, { messaging_limit: tier }, by);
    expect((await declare('TIER_250', second.phoneNumberId, headers)).body.messaging_limit.value).toBe('TIER_250');
    expect([await gateOf(second), await gateOf(third)].map(({ value }) => value)).toEqual(['TIER_250', null]);
    world.clock.time += MINUTE;
    await declare('TIER_2K', first.phoneNumberId);
    expect([await gateOf(second), await gateOf(third)].map(({ value }) => value)).toEqual(['TIER_2K', 'TIER_2K']);
    await limit(first, 10_000);
    const paths = ['/api/calling/status', '/api/compliance/eligibility', '/api/calling/conversation-requirements'];
    const told = await Promise.all(paths.map(async (path) => JSON.stringify((await world.get(path, headers)).body)));
    for (const text of told) {
      expect(text).toContain('TIER_10K');
      for (const { phoneNumberId, display, wabaId } of [first, third])
        expect([phoneNumberId, display, wabaId].filter((id) => text.includes(id))).toEqual([]);
    }
  });
});
