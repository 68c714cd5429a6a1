import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { simulatorPlugin } from '#simulator/plugin.js';
import { ourOffer, StoppedClock } from '#simulator/simulator.fixture.js';
import { Simulator } from '#simulator/simulator.js';
import { WebhookReceiver } from '#simulator/webhook-receiver.fixture.js';

let app: FastifyInstance;
let simulator: Simulator;
let receiver: WebhookReceiver;
let base: StoppedClock;

beforeEach(async () => {
  receiver = new WebhookReceiver();
  base = new StoppedClock();
  simulator = new Simulator({ clock: base, apiKey: 'simulator-key', seed: 'clock' });
  app = fastify();
  await app.register(simulatorPlugin, { prefix: '/simulator', simulator });
  simulator.registerWebhook(await receiver.open());
});
afterEach(async () => {
  await app.close();
  receiver.close();
});

const control = async (method: 'GET' | 'POST' | 'PUT', path: string, payload?: object) => {
  const { statusCode, body } = await app.inject({ method, url: `/simulator/api${path}`, ...(payload && { payload }) });
  return { status: statusCode, body: JSON.parse(body) };
};
const dial = async (to: string) => {
  const payload = { messaging_product: 'whatsapp', action: 'connect', to, session: ourOffer() };
  const headers = { 'd360-api-key': 'simulator-key' };
  const { body } = await app.inject({ method: 'POST', url: '/simulator/360dialog/calling/calls', headers, payload });
  return JSON.parse(body);
};
const now = () => simulator.clock.now();

describe('the clock', () => {
  test('stands still while it is held, moves on when told, and runs on from there once released', async () => {
    const begin = now();
    expect((await control('POST', '/clock', { hold: true })).body).toMatchObject({ held: true });
    base.time += 60_000;
    expect(now()).toBe(begin);
    await control('POST', '/clock', { advance_seconds: 10 });
    expect(now()).toBe(begin + 10_000);
    expect((await control('GET', '/state')).body.clock_held).toBe(true);
    expect((await control('POST', '/clock', { hold: false, advance_seconds: 5 })).body).toMatchObject({ held: false });
    expect(now()).toBe(begin + 15_000);
    base.time += 1_000;
    expect(now()).toBe(begin + 16_000);
  });

  test.each([{}, { hold: 'yes' }, { advance_seconds: -1 }, { advance_seconds: '5' }])('refuses %j', async (body) => {
    expect((await control('POST', '/clock', body)).status).toBe(400);
  });

  test('answers once the webhooks are delivered, each before the next event happens', async () => {
    await control('POST', '/users/hugo/grant', { kind: 'permanent', silent: true });
    await control('POST', '/clock', { hold: true });
    const { calls } = await dial('5215512340008');
    const began = now();
    const moments: number[] = [];
    receiver.onReceived = () => void moments.push(now() - began);
    await control('POST', '/clock', { advance_seconds: 5 });
    expect(receiver.kinds()).toEqual(['connect', 'RINGING', 'ACCEPTED']);
    expect(moments).toEqual([200, 600, 3_600]);
    expect(receiver.received[0]?.body).toContain(calls[0].id);
  });

  test('lets webhooks about several users leave one after the other while it is held', async () => {
    const url = simulator.delivery.target?.url ?? '';
    await control('POST', '/clock', { hold: true });
    const answered: (() => void)[] = [];
    let arrive = () => {};
    const arrived = new Promise<void>((done) => {
      arrive = done;
    });
    receiver.onReceived = () => {
      arrive();
      return receiver.received.at(-1)?.body === 'probe' ? undefined : new Promise<void>((done) => answered.push(done));
    };
    await control('POST', '/users/ana/message', { text: 'Hi' });
    await control('POST', '/users/beto/message', { text: 'Hi' });
    await arrived;
    // Whatever left together with the first has come before this is answered.
    for (let turn = 0; turn < 3; turn += 1) await fetch(url, { method: 'POST', body: 'probe' });
    expect(receiver.kinds()).toEqual(['text', 'probe', 'probe', 'probe']);
    receiver.onReceived = () => {};
    answered[0]?.();
    await simulator.settle();
    expect(receiver.kinds()).toEqual(['text', 'probe', 'probe', 'probe', 'text']);
  });
});

describe('a reset', () => {
  const run = async (body: object) => {
    await control('POST', '/reset', body);
    const before = receiver.received.length;
    await control('POST', '/users/hugo/grant', { kind: 'permanent', silent: true });
    const dialled = await dial('5215512340008');
    await control('POST', '/users/fede/call', {});
    await control('POST', '/users/ana/message', { text: 'Hi' });
    await control('POST', '/clock', { advance_seconds: 60 });
    const fault = await control('POST', '/faults', { webhook: 'message', effect: 'lose' });
    return [dialled, fault.body.fault.id, receiver.received.slice(before).map(({ body: sent }) => sent)];
  };

  test('with a seed and a held clock makes what follows repeatable to the byte', async () => {
    const first = await run({ seed: 'a', hold: true });
    const [, , webhooks] = first;
    expect(webhooks?.length).toBeGreaterThan(5);
    const again = (await run({ seed: 'a' })) as [unknown, unknown, string[]];
    const timeless = (bodies: string[]) => bodies.map((body) => body.replace(/"\d{10}"/g, '"…"'));
    expect([again[0], again[1], timeless(again[2])]).toEqual([first[0], first[1], timeless(webhooks as string[])]);
    expect(await run({ seed: 'b' })).not.toEqual(again);
  });

  test('drops what still waits to be delivered, and waits for what is under way', async () => {
    receiver.status = 500;
    await control('POST', '/users/ana/message', { text: 'Hi' });
    await simulator.settle();
    expect((await control('POST', '/reset')).body.next).toEqual([]);
    await control('POST', '/users/ana/message', { text: 'Hi' });
    await control('POST', '/users/ana/message', { text: 'Again' });
    await control('POST', '/reset');
    const given = receiver.received.length;
    await simulator.settle();
    simulator.advance(3_600_000);
    await simulator.settle();
    expect(receiver.received).toHaveLength(given);
  });

  test.each([{ seed: '' }, { seed: 5 }, { seed: 'x'.repeat(101) }, { hold: 1 }, { seed: 'a', phone_number_id: '300000000000001' }])(
    'refuses %j',
    async (body) => {
      expect((await control('POST', '/reset', body)).status).toBe(400);
    },
  );
});

describe('a script', () => {
  test('withdraws a permission that was granted, unless the user has granted another since', async () => {
    await control('PUT', '/users/ana', { script: { revoke_after_seconds: 60 } });
    await control('POST', '/users/ana/grant', { kind: 'permanent' });
    const status = async () => (await control('GET', '/users/ana')).body.user.permission.status;
    simulator.advance(30_000);
    await control('POST', '/users/ana/grant', { kind: 'permanent' });
    simulator.advance(31_000);
    expect(await status()).toBe('permanent');
    simulator.advance(30_000);
    expect(await status()).toBe('no_permission');
  });
});
