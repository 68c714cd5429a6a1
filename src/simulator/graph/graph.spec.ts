import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { simulatorPlugin } from '#simulator/plugin.js';
import { ourAnswer, ourOffer, StoppedClock } from '#simulator/simulator.fixture.js';
import { Simulator } from '#simulator/simulator.js';
import { WebhookReceiver } from '#simulator/webhook-receiver.fixture.js';
import type { SimulatedUser } from '#simulator/world/user.js';

const NUMBER = '300000000000001';
const APP = '900000000000001';
const HUGO = '5215512340008';
const TOKEN = 'simulator-key';

let app: FastifyInstance;
let simulator: Simulator;
let receiver: WebhookReceiver;
let callback: string;

beforeEach(async () => {
  receiver = new WebhookReceiver();
  callback = await receiver.open();
  simulator = new Simulator({ clock: new StoppedClock(), apiKey: TOKEN, seed: 'graph', webhookOrigins: ['http://127.0.0.1:*'] });
  app = fastify();
  await app.register(simulatorPlugin, { prefix: '/simulator', simulator });
  await app.ready();
});

afterEach(async () => {
  await app.close();
  receiver.close();
});

type Sent = { headers?: Record<string, string>; payload?: object | string };
const graph = async (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  { headers = { authorization: `Bearer ${TOKEN}` }, payload }: Sent = {},
) => {
  const answer = await app.inject({ method, url: `/simulator/graph${path}`, headers, ...(payload !== undefined && { payload }) });
  return { status: answer.statusCode, body: answer.json() };
};
const control = (path: string, payload?: object) =>
  app.inject({ method: 'POST', url: `/simulator/api${path}`, ...(payload && { payload }) });
const call = (body: object, path = `/${NUMBER}/calls`) => graph('POST', path, { payload: { messaging_product: 'whatsapp', ...body } });
const granted = () => control('/users/hugo/grant', { kind: 'permanent', silent: true });
const ofApp = () => ({ authorization: `Bearer ${APP}|${simulator.app.secret}` });
const subscribe = (more: object = {}) =>
  graph('POST', `/v23.0/${APP}/subscriptions`, {
    headers: ofApp(),
    payload: { object: 'whatsapp_business_account', callback_url: callback, verify_token: 'mine', fields: 'calls,messages', ...more },
  });
const pass = async (seconds: number) => {
  simulator.advance(seconds * 1_000);
  await simulator.settle();
};

describe('the simulated Graph API', () => {
  test('answers with and without a version, to a token in the header or the query', async () => {
    const whole = { display_phone_number: '+5215500000001', id: NUMBER, verified_name: 'Simulated business', quality_rating: 'GREEN' };
    for (const [path, headers] of [
      [`/${NUMBER}`, undefined],
      [`/v23.0/${NUMBER}`, { authorization: `OAuth ${TOKEN}` }],
      [`/v24.0/${NUMBER}?access_token=${TOKEN}`, {}],
    ] as const)
      expect(await graph('GET', path, headers && { headers })).toMatchObject({ status: 200, body: whole });
    expect((await graph('GET', `/${NUMBER}?fields=whatsapp_business_manager_messaging_limit`)).body).toEqual({
      whatsapp_business_manager_messaging_limit: 'TIER_2K',
      id: NUMBER,
    });
  });

  test.each([
    ['no token', `/${NUMBER}/settings`, {}, 401, { code: 190 }],
    ['a token of no number', `/${NUMBER}/settings`, { authorization: 'Bearer other' }, 401, { code: 190 }],
    ['the token of the app', `/${NUMBER}/settings`, { authorization: `Bearer ${APP}|nothing` }, 401, { code: 190 }],
    ['another id', '/300000000000009/settings', undefined, 400, { code: 100, error_subcode: 33, type: 'GraphMethodException' }],
    ['an edge that there is not', `/${NUMBER}/nothing`, undefined, 400, { code: 100 }],
    ['a field that there is not', `/${NUMBER}?fields=id,nothing`, undefined, 400, { code: 100 }],
    ['no path', '/v23.0', undefined, 400, { code: 2500 }],
    ['too long a path', `/${NUMBER}/calls/more`, undefined, 400, { code: 2500 }],
    ['no user', `/${NUMBER}/call_permissions`, undefined, 400, { code: 100 }],
    ['a user that is no number', `/${NUMBER}/call_permissions?user_wa_id=ana`, undefined, 400, { code: 100 }],
  ])("refuses %s in Meta's envelope", async (_, path, headers, status, error) => {
    const answer = await graph('GET', path, headers && { headers });
    expect(answer).toMatchObject({ status, body: { error: { type: 'OAuthException', ...error } } });
    expect(answer.body.error).toMatchObject({ message: expect.any(String), fbtrace_id: expect.any(String) });
  });

  test('places and ends a call, with or without `action` where it is a new one', async () => {
    expect(await call({ to: HUGO, action: 'connect', session: ourOffer() })).toMatchObject({
      status: 401,
      body: { error: { code: 138006 } },
    });
    await granted();
    const { body } = await call({ to: HUGO, session: ourOffer() });
    expect(body).toEqual({ messaging_product: 'whatsapp', calls: [{ id: expect.stringMatching(/^wacid\./) }], success: true });
    const ended = await call({ action: 'terminate', call_id: body.calls[0].id }, `/v23.0/${NUMBER}/calls`);
    expect(ended.body).toEqual({ messaging_product: 'whatsapp', success: true });
    expect((await call({ call_id: body.calls[0].id })).body.error.code).toBe(100);
  });

  test('takes a form as it takes JSON, and refuses what is neither', async () => {
    await granted();
    const form = new URLSearchParams({ messaging_product: 'whatsapp', to: HUGO, action: 'connect', session: JSON.stringify(ourOffer()) });
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await graph('POST', `/${NUMBER}/calls`, { headers, payload: form.toString() })).status).toBe(200);
    const json = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    expect(await graph('POST', `/${NUMBER}/calls`, { headers: json, payload: '{' })).toMatchObject({
      status: 400,
      body: { error: { code: 100 } },
    });
  });

  const capture = { status: 'ENABLED', purpose: 'quality', announcement_language: 'es' };
  test.each([
    ['connect', { recording: capture, transcription: { status: 'DISABLED' } }, 200],
    ['connect', { recording: { ...capture, purpose: '' } }, 400],
    ['connect', { recording: { ...capture, purpose: 'x'.repeat(251) } }, 400],
    ['connect', { transcription: { ...capture, announcement_language: 'tlh' } }, 400],
    ['connect', { transcription: { status: 'ENABLED' } }, 400],
    ['accept', { transcription: capture }, 200],
    ['pre_accept', { recording: capture }, 400],
    ['reject', { recording: capture }, 400],
  ])('takes or refuses a recording with %s as documented', async (action, more, status) => {
    await granted();
    const id = simulator.callSimulation.callIn(simulator.context.users.meet('5215512340006') as SimulatedUser, {
      giveUpAfterSeconds: 45,
    }).id;
    const about = action === 'connect' ? { to: HUGO, session: ourOffer() } : { call_id: id };
    const session = action === 'accept' || action === 'pre_accept' ? { session: ourAnswer() } : {};
    expect((await call({ action, ...about, ...session, ...more })).status).toBe(status);
  });

  test('asks for permission with Meta’s default recipient type, reads it, and limits the reads', async () => {
    const payload = {
      messaging_product: 'whatsapp',
      to: '5215512340001',
      type: 'interactive',
      interactive: { type: 'call_permission_request', action: { name: 'call_permission_request' } },
    };
    expect((await graph('POST', `/${NUMBER}/messages`, { payload })).status).toBe(200);
    await pass(3);
    const read = (query: string) => graph('GET', `/${NUMBER}/call_permissions?${query}`);
    expect((await read('user_wa_id=5215512340001')).body.permission.status).toBe('temporary');
    expect((await read('recipient=MX.10000000000000000005')).body.permission.status).toBe('no_permission');
    await app.inject({ method: 'PATCH', url: '/simulator/api/number', payload: { permission_reads_per_second: 2 } });
    expect(await read('user_wa_id=5215512340001')).toMatchObject({ status: 429, body: { error: { code: 613 } } });
    const other = { ...payload, type: 'location', location: { latitude: 1, longitude: 1 } };
    expect((await graph('POST', `/${NUMBER}/messages`, { payload: other })).body.error.code).toBe(131051);
  });

  test('suffers the faults that the control API adds', async () => {
    await control('/faults', { operation: 'settings.read', code: 131016 });
    expect(await graph('GET', `/${NUMBER}/settings`)).toMatchObject({ status: 500, body: { error: { code: 131016 } } });
    expect((await graph('GET', `/${NUMBER}/settings?fields=calling`)).body).toMatchObject({ calling: { status: 'ENABLED' }, id: NUMBER });
  });
});

describe('the subscription of the app', () => {
  test('needs the token of the app, a callback that returns the challenge, and fields that there are', async () => {
    receiver.challenge = 'mine';
    const refused = async (answer: Promise<{ body: { error: { code: number } } }>) => (await answer).body.error.code;
    const payload = { object: 'whatsapp_business_account', callback_url: callback, verify_token: 'mine', fields: ['calls'] };
    expect(await refused(graph('POST', `/${APP}/subscriptions`, { payload }))).toBe(100);
    expect(await refused(graph('POST', `/${APP}/subscriptions`, { payload, headers: {} }))).toBe(190);
    const wrongApp = { authorization: `Bearer ${APP}|${'0'.repeat(32)}` };
    expect(await refused(graph('POST', `/${APP}/subscriptions`, { payload, headers: wrongApp }))).toBe(190);
    expect(await refused(subscribe({ verify_token: 'other' }))).toBe(2200);
    receiver.echo = 'another text';
    expect(await refused(subscribe())).toBe(2200);
    receiver.echo = null;
    expect(await refused(subscribe({ callback_url: 'http://127.0.0.1:9/hook' }))).toBe(2200);
    for (const wrong of [
      { object: 'page' },
      { fields: 'calls,nothing' },
      { fields: '' },
      { verify_token: '' },
      { callback_url: 'ftp://x' },
    ])
      expect(await refused(subscribe(wrong))).toBe(100);
    expect(await refused(subscribe({ callback_url: 'http://169.254.169.254/latest' }))).toBe(100);
    expect(simulator.app.subscription).toBeNull();
    expect((await subscribe()).body).toEqual({ success: true });
    const listed = await graph('GET', `/${APP}/subscriptions`, { headers: ofApp() });
    expect(listed.body.data).toMatchObject([{ callback_url: callback, active: true, fields: [{ name: 'calls' }, { name: 'messages' }] }]);
    expect((await graph('DELETE', `/${APP}/subscriptions`, { headers: ofApp() })).body).toEqual({ success: true });
    expect((await graph('GET', `/${APP}/subscriptions`, { headers: ofApp() })).body).toEqual({ data: [] });
  });

  test('receives the subscribed fields, signed over the exact bytes, beside the webhook at 360dialog', async () => {
    receiver.challenge = 'mine';
    const other = new WebhookReceiver();
    simulator.registerWebhook(await other.open(), { Authorization: 'Bearer of-360dialog' });
    await subscribe();
    await app.inject({ method: 'PUT', url: '/simulator/api/users/hugo', payload: { name: 'Hügo 😀' } });
    await granted();
    const { body } = await call({ to: HUGO, session: ourOffer(), biz_opaque_callback_data: 'señal' });
    await pass(5);
    await call({ action: 'terminate', call_id: body.calls[0].id });
    await graph('POST', `/${NUMBER}/settings`, { payload: { calling: { call_icon_visibility: 'DISABLE_ALL' } } });
    await pass(1);
    expect(receiver.kinds()).toEqual(['connect', 'RINGING', 'ACCEPTED', 'terminate']);
    expect(other.received).toHaveLength(5);
    for (const { body: bytes, headers } of receiver.received) {
      const signature = createHmac('sha256', simulator.app.secret).update(bytes).digest('hex');
      expect(headers['x-hub-signature-256']).toBe(`sha256=${signature}`);
      expect(headers).not.toHaveProperty('authorization');
      expect(bytes).toMatch(/^[ -~]+$/);
      const [{ value }] = JSON.parse(bytes).entry[0].changes;
      expect(value.contacts).toEqual([{ profile: { name: 'Hügo 😀' }, wa_id: HUGO, user_id: expect.stringMatching(/^MX\./) }]);
      expect((value.calls ?? value.statuses)[0].biz_opaque_callback_data).toBe('señal');
    }
    expect(JSON.parse(other.received[1]?.body ?? '').entry[0].changes[0].value).not.toHaveProperty('contacts');
    other.close();
  });

  test('is tried again for 36 hours, and suffers faults', async () => {
    receiver.challenge = 'mine';
    await subscribe();
    receiver.status = 500;
    await control('/users/ana/message', { text: 'Hi' });
    await simulator.settle();
    await pass(5);
    expect(receiver.received).toHaveLength(2);
    simulator.clock.hold();
    await simulator.walk(3 * 86_400_000);
    const given = receiver.received.length;
    expect(given).toBeGreaterThan(40);
    await simulator.walk(86_400_000);
    expect(receiver.received).toHaveLength(given);
    receiver.status = 200;
    await control('/faults', { webhook: 'message', effect: 'malformed' });
    await control('/users/ana/message', { text: 'Hi' });
    await simulator.settle();
    expect(() => JSON.parse(receiver.received.at(-1)?.body ?? '{}')).toThrow();
  });
});
