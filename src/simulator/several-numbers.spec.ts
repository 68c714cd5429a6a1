import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { simulatorPlugin } from './plugin.js';
import { ourOffer, StoppedClock } from './simulator.fixture.js';
import { Simulator } from './simulator.js';
import { WebhookReceiver } from './webhook-receiver.fixture.js';

const FIRST = '300000000000001';
const HUGO = '5215512340008';

let app: FastifyInstance;
let simulator: Simulator;
let receivers: WebhookReceiver[];
let b: { id: string; key: string };

beforeEach(async () => {
  receivers = [new WebhookReceiver(), new WebhookReceiver()];
  const [first, second] = await Promise.all(receivers.map((receiver) => receiver.open()));
  simulator = new Simulator({ clock: new StoppedClock(), apiKey: 'simulator-key', seed: 'several', webhookOrigins: [second ?? ''] });
  app = fastify();
  await app.register(simulatorPlugin, { prefix: '/simulator', simulator });
  simulator.registerWebhook(first ?? '');
  const { body } = await control('POST', '/numbers', { name: 'Sales' });
  b = { id: body.number.phone_number_id, key: body.api_key };
  await wire('POST', '/v1/configs/webhook', { url: second, headers: { Authorization: 'Bearer of-b' } }, b.key);
});
afterEach(async () => {
  await app.close();
  for (const receiver of receivers) receiver.close();
});

const wire = async (method: 'GET' | 'POST', path: string, payload?: object, key = 'simulator-key') => {
  const headers = { 'd360-api-key': key };
  const { statusCode, body } = await app.inject({ method, url: `/simulator/360dialog${path}`, headers, ...(payload && { payload }) });
  return { status: statusCode, body: JSON.parse(body) };
};
const control = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object) => {
  const { statusCode, body } = await app.inject({ method, url: `/simulator/api${path}`, ...(payload && { payload }) });
  return { status: statusCode, body: JSON.parse(body) };
};
const dial = (key: string, to = HUGO) =>
  wire('POST', '/calling/calls', { messaging_product: 'whatsapp', action: 'connect', to, session: ourOffer() }, key);
const bodiesOf = (index: number) => receivers[index]?.received.map(({ body }) => body) ?? [];
const pass = async (seconds: number) => {
  for (const line of simulator.lines) line.advance(seconds * 1_000);
  await simulator.settle();
};

describe('a simulator with several numbers', () => {
  test('gives each its own key, and names the number, account and portfolio of a key', async () => {
    const { status, body } = await control('POST', '/numbers', {
      name: 'Client',
      display_phone_number: '+52 1 55 9999 0001',
      waba_id: '200000000000009',
      portfolio_id: '100000000000009',
    });
    expect(status).toBe(201);
    expect(body.number).toMatchObject({
      phone_number_id: '300000000000003',
      display_phone_number: '5215599990001',
      name: 'Client',
      waba_id: '200000000000009',
      portfolio_id: '100000000000009',
      webhook: null,
    });
    const health = await wire('GET', '/health_status', undefined, body.api_key);
    const ids = health.body.health_status.entities.map(({ entity_type, id }: { entity_type: string; id: string }) => [entity_type, id]);
    expect(Object.fromEntries(ids)).toMatchObject({
      PHONE_NUMBER: '300000000000003',
      WABA: '200000000000009',
      BUSINESS: '100000000000009',
    });
    expect((await wire('GET', '/v1/configs/phone_number', undefined, b.key)).body).toMatchObject({ id: b.id });
    expect((await wire('GET', '/health_status', undefined, 'no-key-of-any-number')).status).toBe(401);
    expect(JSON.stringify((await control('GET', '/numbers')).body)).not.toContain(body.api_key);
    expect((await control('GET', '/numbers')).body.numbers.map((one: { name: string }) => one.name)).toEqual([
      'Simulated business',
      'Sales',
      'Client',
    ]);
  });

  test('keeps permissions, calls and webhooks of a user apart', async () => {
    await control('POST', '/users/hugo/grant', { silent: true, kind: 'permanent', phone_number_id: b.id });
    expect((await dial('simulator-key')).body.error.code).toBe(138006);
    const { body } = await dial(b.key);
    const wacid = body.calls[0].id;
    await pass(1);
    expect(bodiesOf(1).some((text) => text.includes(wacid) && text.includes(b.id))).toBe(true);
    expect(bodiesOf(0).some((text) => text.includes(wacid))).toBe(false);
    expect(receivers[1]?.received.at(-1)?.headers.authorization).toBe('Bearer of-b');
    expect((await wire('POST', '/calling/calls', { messaging_product: 'whatsapp', action: 'terminate', call_id: wacid })).status).toBe(400);
    expect((await control('GET', '/users/hugo')).body.user).toMatchObject({ permission: { status: 'no_permission' }, call_id: null });
    expect((await control('GET', `/users/hugo?phone_number_id=${b.id}`)).body.user).toMatchObject({
      permission: { status: 'permanent' },
      call_id: wacid,
    });
  });

  test('lets the screen and the buttons of a phone follow the number with which something goes on', async () => {
    await control('POST', '/users/hugo/grant', { silent: true, kind: 'permanent', phone_number_id: b.id });
    expect((await control('GET', '/users/hugo/screen')).body.business.phone_number_id).toBe(FIRST);
    await dial(b.key);
    await pass(1);
    expect((await control('GET', '/users/hugo/screen')).body.business.phone_number_id).toBe(b.id);
    expect((await control('GET', `/users/hugo/screen?phone_number_id=${FIRST}`)).body.call).toBeNull();
    expect((await control('POST', '/users/hugo/answer')).status).toBe(200);
    expect((await control('GET', `/calls?phone_number_id=${b.id}`)).body.calls).toMatchObject([{ user: 'hugo', state: 'in_progress' }]);
  });

  test('has faults, a clock and a history of each, by default of the first', async () => {
    await control('POST', '/faults', { operation: 'health', code: 131016, phone_number_id: b.id });
    expect((await wire('GET', '/health_status')).status).toBe(200);
    expect((await wire('GET', '/health_status', undefined, b.key)).status).toBe(500);
    await control('POST', '/faults', { operation: 'health', code: 131016 });
    expect((await wire('GET', '/health_status', undefined, b.key)).status).toBe(200);
    expect((await wire('GET', '/health_status')).status).toBe(500);

    await control('POST', '/clock', { advance_seconds: 3_600, phone_number_id: b.id });
    const moved = async (query = '') => (await control('GET', `/state${query}`)).body.clock_moved_by_seconds;
    expect([await moved(), await moved(`?phone_number_id=${b.id}`)]).toEqual([0, 3_600]);

    await control('PUT', '/history', { history: 'restricted', phone_number_id: b.id });
    const history = async (query = '') => (await control('GET', `/history${query}`)).body.history;
    expect([await history(), await history(`?phone_number_id=${b.id}`)]).toEqual(['growing', 'restricted']);
    expect((await control('GET', '/number')).body.number.restrictions ?? []).toEqual([]);
  });

  test('gives two numbers other days of the same history', async () => {
    await control('PUT', '/history', { history: 'growing', phone_number_id: b.id });
    const lived = async (id: string) => {
      receivers.forEach((receiver) => {
        receiver.received.length = 0;
      });
      await control('POST', '/traffic', { days: 1, phone_number_id: id, late: 0, duplicates: 0 });
      return new Set([...bodiesOf(0), ...bodiesOf(1)].flatMap((text) => text.match(/wa[mc]+id\.[\w=]+/g) ?? []));
    };
    const [ofFirst, ofSecond] = [await lived(FIRST), await lived(b.id)];
    expect(ofFirst.size).toBeGreaterThan(10);
    expect([...ofSecond].filter((id) => ofFirst.has(id))).toEqual([]);
  });

  test('shares the limit among the numbers of a portfolio and reports a change to each', async () => {
    const { body } = await control('POST', '/numbers', { waba_id: '200000000000009', portfolio_id: '100000000000009' });
    await control('PATCH', '/number', { tier: 'TIER_10K', phone_number_id: b.id });
    await simulator.settle();
    const tiers = await Promise.all(
      [FIRST, b.id, body.number.phone_number_id].map(
        async (id) => (await control('GET', `/number?phone_number_id=${id}`)).body.number.tier,
      ),
    );
    expect(tiers).toEqual(['TIER_10K', 'TIER_10K', 'TIER_2K']);
    for (const index of [0, 1]) expect(bodiesOf(index).filter((text) => text.includes('business_capability_update'))).toHaveLength(1);
    const joined = await control('POST', '/numbers', {});
    expect((await control('GET', `/number?phone_number_id=${joined.body.number.phone_number_id}`)).body.number.tier).toBe('TIER_10K');
    expect((await control('GET', '/number')).body.number.tier).toBe('TIER_10K');
  });

  test('gives people another BSUID for another portfolio, and reports a new number to all', async () => {
    const { body } = await control('POST', '/numbers', { waba_id: '200000000000009', portfolio_id: '100000000000009' });
    const userId = async (id: string) => (await control('GET', `/users/elena?phone_number_id=${id}`)).body.user.user_id;
    const [first, second, third] = [await userId(FIRST), await userId(b.id), await userId(body.number.phone_number_id)];
    expect(first).toBe('MX.10000000000000000005');
    expect(second).toBe(first);
    expect(third).toMatch(/^MX\.\d{20}$/);
    expect(third).not.toBe(first);
    await control('POST', '/users/ana/change-number', { wa_id: '5215512340099' });
    await simulator.settle();
    for (const index of [0, 1]) expect(bodiesOf(index).filter((text) => text.includes('user_changed_number'))).toHaveLength(1);
  });

  test('resets one number or everything', async () => {
    for (const id of [FIRST, b.id]) await control('POST', '/users/hugo/grant', { silent: true, kind: 'permanent', phone_number_id: id });
    const permission = async (id: string) => (await control('GET', `/users/hugo?phone_number_id=${id}`)).body.user.permission.status;
    await control('POST', '/reset', { phone_number_id: b.id });
    expect([await permission(FIRST), await permission(b.id)]).toEqual(['permanent', 'no_permission']);
    await control('POST', '/reset');
    expect([await permission(FIRST), await permission(b.id)]).toEqual(['no_permission', 'no_permission']);
    expect((await wire('GET', '/health_status', undefined, b.key)).status).toBe(200);
  });

  test('refuses the key before, once a number has another; that of the first number stays', async () => {
    const { body } = await control('POST', `/numbers/${b.id}/key`);
    expect((await wire('GET', '/health_status', undefined, b.key)).status).toBe(401);
    expect((await wire('GET', '/health_status', undefined, body.api_key)).status).toBe(200);
    expect((await control('POST', `/numbers/${FIRST}/key`)).status).toBe(409);
    expect((await control('POST', '/numbers/999/key')).status).toBe(404);
  });

  test('refuses numbers that cannot be', async () => {
    const statusOf = async (body: object) => (await control('POST', '/numbers', body)).status;
    expect(await statusOf({ display_phone_number: '5215500000001' })).toBe(409);
    expect(await statusOf({ display_phone_number: HUGO })).toBe(409);
    expect(await statusOf({ display_phone_number: 'x' })).toBe(400);
    expect(await statusOf({ waba_id: 'abc' })).toBe(400);
    expect(await statusOf({ waba_id: '200000000000001', portfolio_id: '100000000000009' })).toBe(409);
    expect(await statusOf({ colour: 'blue' })).toBe(400);
    expect((await control('GET', '/state?phone_number_id=300000000000077')).status).toBe(404);
  });

  test('shows each number as a channel of the partner, and makes keys that revoke the one before', async () => {
    const partner = async (method: 'GET' | 'POST', path: string, key = 'simulator-key') => {
      const url = `/simulator/partner/api/v2/partners/p/channels${path}`;
      const { statusCode, body } = await app.inject({ method, url, headers: { 'x-api-key': key } });
      return { status: statusCode, body: JSON.parse(body) };
    };
    const { body } = await partner('GET', '?limit=1&offset=1');
    expect(body).toMatchObject({ total: 2, count: 1, partner_channels: [{ id: `channel-${b.id}`, client_id: 'client-simulator' }] });
    expect((await partner('GET', `?filters=${encodeURIComponent('{"id":"channel-simulator"}')}`)).body.total).toBe(1);
    const made = await partner('POST', `/channel-${b.id}/api_keys`);
    expect(made.body).toMatchObject({ api_key: expect.any(String), address: expect.stringMatching(/\/simulator\/360dialog$/) });
    expect((await wire('GET', '/health_status', undefined, b.key)).status).toBe(401);
    expect((await wire('GET', '/health_status', undefined, made.body.api_key)).status).toBe(200);
    expect((await partner('POST', '/nobody/api_keys')).status).toBe(404);
    expect((await partner('GET', '', b.key)).status).toBe(403);
  });

  test('has a page of each number', async () => {
    const page = async (query: string) => (await app.inject(`/simulator${query}`)).body;
    expect(await page('')).toContain(`?phone_number_id=${b.id}`);
    expect(await page(`?phone_number_id=${b.id}`)).toContain(`formaction="/simulator/history?phone_number_id=${b.id}"`);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = { method: 'POST' as const, url: `/simulator/history?phone_number_id=${b.id}`, headers, payload: 'history=reached' };
    expect((await app.inject(form)).headers.location).toBe(`/simulator?phone_number_id=${b.id}`);
    expect([simulator.traffic.history, simulator.lineOf(b.id)?.traffic.history]).toEqual(['growing', 'reached']);
  });

  test('leaves a past again from its page: the present is empty, and what Meta had decided in the past is over', async () => {
    const page = async () => (await app.inject('/simulator')).body;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const choose = (history: string) => app.inject({ method: 'POST', url: '/simulator/history', headers, payload: `history=${history}` });
    await choose('restricted');
    expect(await page()).toContain('value="none">Return to the empty present / Volver al presente vacío</button>');
    expect(simulator.context.number.restrictions).toHaveLength(1);
    expect((await choose('none')).statusCode).toBe(303);
    expect(await page()).toContain('No past is loaded.');
    expect(await page()).not.toMatch(/Return to the empty present \/|Live its 30 days \//);
    expect([simulator.traffic.history, simulator.context.number.restrictions]).toEqual(['none', []]);
  });
});
