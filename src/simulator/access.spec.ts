import { describe, expect, test } from '@jest/globals';
import fastify from 'fastify';
import type { SimulatorAccess } from './access.js';
import { simulatorPlugin } from './plugin.js';
import { StoppedClock } from './simulator.fixture.js';
import { Simulator } from './simulator.js';

const KEY = 'a-key-of-the-simulator';

async function open(access?: SimulatorAccess) {
  const simulator = new Simulator({ clock: new StoppedClock(), apiKey: KEY, webhookOrigins: ['https://other.example.com/'] });
  simulator.registerWebhook('http://127.0.0.1:3000/api/webhooks/360dialog', { Authorization: 'Bearer of-the-gateway' });
  const app = fastify();
  await app.register(simulatorPlugin, { prefix: '/simulator', simulator, ...(access ? { access } : {}) });
  const ask = async (headers: Record<string, string>, more: { url?: string; remoteAddress?: string } = {}) => {
    const answer = await app.inject({ method: 'POST', url: '/simulator/api/reset', headers, ...more });
    return answer.statusCode;
  };
  const register = async (url: string, headers: object = { Authorization: 'Bearer other' }) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/simulator/360dialog/v1/configs/webhook',
      headers: { 'd360-api-key': KEY },
      payload: { url, headers },
    });
    return [answer.statusCode, simulator.delivery.target?.url];
  };
  return { simulator, app, ask, register };
}

describe('the control API and the pages of the simulator', () => {
  test.each(['127.0.0.1:3000', 'localhost', 'LOCALHOST:80', '[::1]:3000', 'phone.localhost:3000', 'gateway.example.com', '127.9.9.9'])(
    'answer under the name %s',
    async (host) => {
      const { ask } = await open({ hosts: ['gateway.example.com'], clients: null });
      expect(await ask({ host })).toBe(200);
      expect(await ask({ host, origin: `http://${host}` })).toBe(200);
    },
  );

  test.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '203.0.113.7:3000',
    'evil.example:3000',
    '[2001:db8::1]',
    'a b',
  ])('refuse the foreign name %s', async (host) => {
    const { ask, app } = await open({ hosts: ['gateway.example.com'], clients: null });
    expect(await ask({ host })).toBe(403);
    for (const url of ['/simulator', '/simulator/api/state', '/simulator/phone', '/simulator/api/nothing', '/simulator/page.css']) {
      expect((await app.inject({ url, headers: { host } })).statusCode).toBe(403);
    }
  });

  test.each([
    'http://evil.example',
    'null',
    'http://127.0.0.1:4000',
    'http://localhost:3000',
    'file://',
    'chrome-extension://127.0.0.1:3000',
  ])('refuse a page of the origin %s', async (origin) => {
    const { ask } = await open();
    expect(await ask({ host: '127.0.0.1:3000', origin })).toBe(403);
    expect(await ask({ host: '127.0.0.1:3000', origin }, { url: '/simulator/history' })).toBe(403);
  });

  test('answer their own page behind a proxy with TLS', async () => {
    const { ask } = await open({ hosts: ['gateway.example.com'], clients: null });
    expect(await ask({ host: 'gateway.example.com', origin: 'https://gateway.example.com' })).toBe(200);
    expect(await ask({ host: 'gateway.example.com:443', origin: 'https://gateway.example.com' })).toBe(200);
  });

  test('leave the simulated 360dialog to its key', async () => {
    const { app } = await open();
    const headers = { host: 'simulator.example.com', 'd360-api-key': KEY };
    expect((await app.inject({ url: '/simulator/360dialog/health_status', headers })).statusCode).toBe(200);
  });
});

describe('the simulator in production', () => {
  const production = (clients: string[] = []) => open({ hosts: [], clients });
  const own = { host: 'localhost' };

  test.each(['/simulator/api/reset', '/simulator/360dialog/messages', '/simulator/history'])(
    'answers %s to this machine alone',
    async (url) => {
      const { ask } = await production();
      for (const remoteAddress of ['203.0.113.7', '10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1']) {
        expect(await ask(own, { url, remoteAddress })).toBe(403);
      }
      for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) expect(await ask(own, { url, remoteAddress })).not.toBe(403);
    },
  );

  test('answers its partner API to this machine alone', async () => {
    const { app } = await production();
    const asked = { url: '/simulator/partner/api/v2/partners/p/channels', headers: { 'x-api-key': KEY } };
    expect((await app.inject(asked)).statusCode).toBe(200);
    expect((await app.inject({ ...asked, remoteAddress: '10.0.0.1' })).statusCode).toBe(403);
  });

  test('does not take a proxy on this machine for this machine', async () => {
    const { ask } = await production();
    expect(await ask({ ...own, 'x-forwarded-for': '127.0.0.1' })).toBe(403);
    expect(await ask({ ...own, forwarded: 'for=127.0.0.1' })).toBe(403);
  });

  test('answers the addresses and networks that a setting names', async () => {
    const { ask } = await production(['172.16.0.0/12', '10.1.2.3', '2001:db8::/32']);
    for (const remoteAddress of ['172.17.0.1', '10.1.2.3', '::ffff:172.17.0.1', '2001:db8::7'])
      expect(await ask(own, { remoteAddress })).toBe(200);
    for (const remoteAddress of ['10.1.2.4', '192.168.0.1']) expect(await ask(own, { remoteAddress })).toBe(403);
  });
});

describe('the webhook of the simulator', () => {
  const OWN = 'http://127.0.0.1:3000/api/webhooks/360dialog';

  test('is registered at its own gateway, or where its host allows', async () => {
    const { register } = await open();
    for (const url of [
      'http://127.0.0.1:5432/',
      'http://169.254.169.254/latest',
      'https://evil.example/',
      'http://127.0.0.1/',
      'https://127.0.0.1:3000/',
    ]) {
      expect(await register(url)).toEqual([400, OWN]);
    }
    expect(await register('https://other.example.com/hook')).toEqual([200, 'https://other.example.com/hook']);
    expect(await register('http://127.0.0.1:3000/api/webhooks/360dialog/1')).toEqual([
      200,
      'http://127.0.0.1:3000/api/webhooks/360dialog/1',
    ]);
  });

  test('replays no header but Authorization', async () => {
    const { register, simulator } = await open();
    for (const headers of [
      { 'X-Any': '1' },
      { Authorization: 'a', Host: 'evil.example' },
      { Authorization: 'a\r\nX-Any: 1' },
      { Cookie: 'a=b' },
    ]) {
      expect(await register(OWN, headers)).toEqual([400, OWN]);
    }
    expect(await register(OWN, { authorization: 'Bearer next' })).toEqual([200, OWN]);
    expect(simulator.delivery.target?.headers).toEqual({ authorization: 'Bearer next' });
  });
});
