import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { simulatorPlugin } from './plugin.js';
import { ourOffer, StoppedClock } from './simulator.fixture.js';
import { Simulator } from './simulator.js';
import { WebhookReceiver } from './webhook-receiver.fixture.js';

let app: FastifyInstance;
let simulator: Simulator;
let receiver: WebhookReceiver;
let routes: { method: string; url: string }[];

beforeEach(async () => {
  receiver = new WebhookReceiver();
  simulator = new Simulator({ clock: new StoppedClock(), apiKey: 'simulator-key', seed: 'plugin' });
  app = fastify();
  routes = [];
  app.addHook('onRoute', ({ method, url }) => void routes.push({ method: String(method), url }));
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, _body, done) => done(new Error('the parser of the host')));
  await app.register(simulatorPlugin, { prefix: '/simulator', simulator });
  await app.ready();
  simulator.registerWebhook(await receiver.open(), { Authorization: 'Bearer secret' });
});

afterEach(async () => {
  await app.close();
  receiver.close();
});

const wire = async (method: 'GET' | 'POST', path: string, payload?: object, key = 'simulator-key') => {
  const { statusCode, body } = await app.inject({
    method,
    url: `/simulator/360dialog${path}`,
    headers: { 'd360-api-key': key },
    ...(payload && { payload }),
  });
  return { status: statusCode, body: JSON.parse(body) };
};
const control = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object) => {
  const { statusCode, body } = await app.inject({ method, url: `/simulator/api${path}`, ...(payload && { payload }) });
  return { status: statusCode, body: JSON.parse(body) };
};
const pass = async (seconds: number): Promise<void> => {
  simulator.advance(seconds * 1_000);
  await simulator.settle();
};
const dial = (to = '5215512340008') =>
  wire('POST', '/calling/calls', { messaging_product: 'whatsapp', action: 'connect', to, session: ourOffer() });

describe('the simulated 360dialog', () => {
  test('a wrong key is refused in the shape of each family of endpoints', async () => {
    expect(await wire('GET', '/calling/settings', undefined, 'other')).toEqual({ status: 401, body: { error: 'Invalid API key' } });
    expect(await wire('GET', '/v1/configs/webhook', undefined, 'other')).toMatchObject({
      status: 401,
      body: { meta: { success: false, http_code: 401 } },
    });
  });

  test("Meta's path with a phone number id does not exist, and a body that is no JSON is refused", async () => {
    expect((await wire('POST', '/300000000000001/calls', {})).status).toBe(404);
    const headers = { 'd360-api-key': 'simulator-key', 'content-type': 'application/json' };
    expect((await app.inject({ method: 'POST', url: '/simulator/360dialog/messages', headers, payload: '{' })).statusCode).toBe(400);
  });

  test("a refusal has Meta's body with a trace", async () => {
    expect(await dial()).toEqual({
      status: 401,
      body: {
        error: {
          message: '(#138006) No approved call permission found',
          type: 'OAuthException',
          code: 138006,
          error_data: { messaging_product: 'whatsapp', details: 'No approved call permission from the recipient' },
          fbtrace_id: expect.any(String),
        },
      },
    });
  });

  test('settings, health, templates and the registered webhook can be read', async () => {
    expect((await wire('GET', '/calling/settings')).body).toMatchObject({ calling: { status: 'ENABLED' } });
    expect((await wire('GET', '/health_status')).body).toMatchObject({
      id: '300000000000001',
      health_status: { can_send_message: 'AVAILABLE' },
    });
    expect((await wire('GET', '/message_templates')).body.data[0]).toMatchObject({ name: 'call_permission_v1', status: 'APPROVED' });
    expect((await wire('GET', '/calling/permissions/5215512340001')).body).toMatchObject({ permission: { status: 'no_permission' } });
    const registered = { url: `${new URL(simulator.delivery.target?.url ?? '').origin}/hook`, headers: { Authorization: 'Bearer other' } };
    expect(await wire('POST', '/v1/configs/webhook', registered)).toEqual({ status: 200, body: registered });
    expect((await wire('GET', '/v1/configs/webhook')).body).toEqual(registered);
    expect((await wire('POST', '/v1/configs/webhook', { url: 'nowhere' })).body).toMatchObject({
      meta: { success: false, http_code: 400 },
    });
  });

  test('a call reaches the webhook with the registered headers, in order', async () => {
    await control('POST', '/users/hugo/grant', { kind: 'permanent', silent: true });
    expect((await dial()).body).toMatchObject({ messaging_product: 'whatsapp', calls: [{ id: expect.stringMatching(/^wacid\./) }] });
    await pass(5);
    await control('POST', '/users/hugo/hang-up');
    await pass(1);
    expect(receiver.kinds()).toEqual(['connect', 'RINGING', 'ACCEPTED', 'terminate']);
    expect(receiver.received[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'content-type': 'application/json' });
  });
});

describe('deliveries', () => {
  test('anything but 200 is tried again, later and later', async () => {
    receiver.status = 204;
    await control('POST', '/users/ana/message', { text: 'Hi' });
    await simulator.settle();
    await pass(4);
    expect(receiver.received).toHaveLength(1);
    await pass(1);
    expect(receiver.received).toHaveLength(2);
    receiver.status = 200;
    await pass(9);
    expect(receiver.received).toHaveLength(2);
    await pass(1);
    await pass(86_400);
    expect(receiver.received).toHaveLength(3);
  });

  test.each([
    ['duplicate', ['text', 'text']],
    ['lose', []],
    ['delay', []],
    ['reorder', []],
  ])('a webhook can suffer %s', async (effect, at_once) => {
    await control('POST', '/faults', { webhook: 'message', effect, delay_seconds: 5 });
    await control('POST', '/users/ana/message');
    await simulator.settle();
    expect(receiver.kinds()).toEqual(at_once);
    await pass(11);
    expect(receiver.received).toHaveLength(effect === 'lose' ? 0 : Math.max(1, at_once.length));
  });

  test('a reordered webhook leaves right after the next of the same call, and a malformed one is no JSON', async () => {
    await control('POST', '/faults', { webhook: 'ringing', effect: 'reorder' });
    await control('POST', '/faults', { webhook: 'terminate', effect: 'malformed' });
    await control('POST', '/users/hugo/grant', { kind: 'permanent', silent: true });
    await dial();
    await pass(5);
    expect(receiver.kinds()).toEqual(['connect', 'ACCEPTED', 'RINGING']);
    await control('POST', '/users/hugo/hang-up');
    await pass(1);
    expect(() => JSON.parse(receiver.received[3]?.body ?? '{}')).toThrow();
  });

  test('any body can be delivered as it stands', async () => {
    await app.inject({ method: 'POST', url: '/simulator/api/deliver', headers: { 'content-type': 'text/plain' }, payload: '{"odd' });
    await simulator.settle();
    expect(receiver.received.map(({ body }) => body)).toEqual(['{"odd']);
  });
});

describe('faults of requests', () => {
  test("a code answers instead of acting, in Meta's words, as often as asked and for one user", async () => {
    await control('POST', '/users/hugo/grant', { kind: 'permanent', silent: true });
    await control('POST', '/faults', { operation: 'connect', user: 'hugo', code: 131016 });
    expect(await dial()).toMatchObject({ status: 500, body: { error: { code: 131016 } } });
    expect((await dial()).status).toBe(200);
    await control('POST', '/faults', { operation: 'settings.read', reply: { status: 502, text: '<h1>Bad gateway</h1>' } });
    const answer = await app.inject({ url: '/simulator/360dialog/calling/settings', headers: { 'd360-api-key': 'simulator-key' } });
    expect(answer).toMatchObject({ statusCode: 502, body: '<h1>Bad gateway</h1>' });
  });

  test('a dial happens although its answer hangs, drops or lies', async () => {
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const send = (signal?: AbortSignal) =>
      fetch(`${address}/simulator/360dialog/calling/calls`, {
        method: 'POST',
        headers: { 'd360-api-key': 'simulator-key', 'content-type': 'application/json' },
        body: JSON.stringify({ messaging_product: 'whatsapp', action: 'connect', to: '5215512340008', session: ourOffer() }),
        ...(signal && { signal }),
      });
    await control('POST', '/users/hugo/grant', { kind: 'permanent', silent: true });
    await control('POST', '/faults', { operation: 'connect', afterwards: 'drop' });
    await expect(send()).rejects.toThrow();
    expect(simulator.context.calls.live()).toHaveLength(1);
    await pass(1);
    await control('POST', '/users/hugo/reject');
    await control('POST', '/faults', { operation: 'connect', before: 'drop' });
    await expect(send()).rejects.toThrow();
    expect(simulator.context.calls.live()).toHaveLength(0);
    await control('POST', '/faults', { operation: 'connect', afterwards: 'hang' });
    const impatient = new AbortController();
    const hanging = send(impatient.signal);
    while (simulator.context.calls.live().length === 0) await new Promise(setImmediate);
    impatient.abort();
    await expect(hanging).rejects.toThrow();
    expect(simulator.context.calls.live()).toHaveLength(1);
  });
});

test('webhooks can overtake the answer to a dial', async () => {
  await control('POST', '/users/hugo/grant', { kind: 'permanent', silent: true });
  await control('POST', '/faults', { operation: 'connect', answer_delay_ms: 120_000 });
  const answer = dial();
  while (simulator.context.calls.live().length === 0) await new Promise(setImmediate);
  await pass(1);
  expect(receiver.kinds()).toEqual(['connect', 'RINGING']);
  await app.close();
  expect((await answer).status).toBe(200);
});

describe('the control API', () => {
  test('every answer says what comes next and when', async () => {
    await control('POST', '/users/hugo/grant', { kind: 'permanent', silent: true });
    await dial();
    expect((await control('GET', '/users/hugo')).body.next).toMatchObject([
      { in_seconds: 0.2, what: 'the connect webhook with the SDP answer leaves' },
      { in_seconds: 0.6 },
      { in_seconds: 3.6, what: 'Hugo answers' },
      { in_seconds: 60 },
    ]);
    expect((await control('POST', '/clock', { advance_seconds: 4 })).body).toMatchObject({ done: expect.stringContaining('3 things') });
    expect((await control('GET', '/calls')).body.calls).toMatchObject([{ user: 'hugo', state: 'in_progress' }]);
  });

  test('the control API makes a user, sets its script and makes it act', async () => {
    expect(await control('POST', '/users', { wa_id: '+52 1 55 9999 0000', name: 'Zoe', script: { on_call: 'reject' } })).toMatchObject({
      status: 201,
      body: { user: { id: '5215599990000', name: 'Zoe', script: { on_call: 'reject' } } },
    });
    expect((await control('POST', '/users', { wa_id: '5215599990000' })).status).toBe(409);
    expect(await control('PUT', '/users/ana', { script: { on_call: 'dance' } })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('on_call') } },
    });
    expect((await control('POST', '/users/fede/call')).body).toMatchObject({
      call: { direction: 'USER_INITIATED', state: 'ringing' },
      next: [{ in_seconds: 45 }],
    });
    expect((await control('POST', '/users/fede/answer')).status).toBe(409);
    expect((await control('POST', '/users/fede/fly')).status).toBe(404);
    expect((await control('GET', '/users/nobody')).status).toBe(404);
  });

  test('the number can lose its tier, its right to call and its users', async () => {
    const restrictions = [{ type: 'RESTRICTED_USER_INITIATED_CALLING', seconds: 60 }];
    expect((await control('PATCH', '/number', { tier: 'TIER_250', restrictions })).body).toMatchObject({
      number: { tier: 'TIER_250', tier_allows_calling: false },
    });
    expect((await control('POST', '/users/fede/call')).status).toBe(409);
    expect((await control('PATCH', '/number', { tier: 'TIER_1' })).status).toBe(400);
    expect((await control('PATCH', '/number', { calling: { status: 'maybe' } })).status).toBe(400);
    await simulator.settle();
    const entries = receiver.received.map(({ body }) => JSON.parse(body).entry[0]);
    expect(entries.map(({ id, changes }) => [changes[0].field, id]).sort()).toEqual([
      ['account_update', '0'],
      ['business_capability_update', '200000000000001'],
    ]);
  });

  test('the predefined users write when a started simulator has a webhook, save Gina', async () => {
    simulator.start();
    await pass(5);
    expect(receiver.kinds()).toHaveLength(11);
    expect(JSON.stringify(receiver.received)).not.toContain('5215512340007');
    expect((await control('POST', '/reset')).body.done).toContain('as at the start');
  });

  test('its document names every path, and the page needs neither script nor inline style', async () => {
    const { body } = await control('GET', '/openapi.json');
    const described = Object.entries(body.paths as object).flatMap(([path, item]) =>
      Object.keys(item).flatMap((method) => (method === 'parameters' ? [] : [`${method.toUpperCase()} ${path}`])),
    );
    const routed = routes.flatMap(({ method, url }) => {
      const [, own] = /^\/simulator\/api(\/.*)$/.exec(url) ?? [];
      return own === undefined || method === 'HEAD' || own === '/openapi.json' ? [] : [`${method} ${own.replace(/:\w+/g, '{}')}`];
    });
    expect(described.map((route) => route.replace(/\{\w+\}/g, '{}')).sort()).toEqual(routed.sort());
    const page = await app.inject({ url: '/simulator', headers: { host: '127.0.0.1:3000' } });
    expect(page.body).toContain('curl -X POST http://127.0.0.1:3000/simulator/api/users/fede/call');
    expect(page.body).toContain('<code>http://127.0.0.1:3000/simulator/graph</code>');
    expect(page.body).not.toMatch(/<script|<style|style=|onclick/);
    expect((await app.inject({ url: '/simulator/page.css' })).headers['content-type']).toContain('text/css');
  });
});
