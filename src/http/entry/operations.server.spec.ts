import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '#app.module.js';
import { readSettings } from '#config/read-settings.js';
import { buildApp } from '#http/build-app.js';
import { OperationsPort } from './operations.server.js';

const METRICS_TOKEN = 'token-of-the-metrics-01';
const KEY = 'key-of-this-test-0123456789';

/** What answers without a credential and shows nothing of what the gateway holds: pages that ask for a key, signing in, and the probe of the webhook. */
const WITHOUT_A_KEY = [/^\/(?:console|softphone|assets|favicon|$)/, /^\/api\/session$/, /^\/api\/webhooks\/360dialog/, /^\/health\//];

describe('with OPERATIONS_PORT', () => {
  let folder: string;
  let app: NestFastifyApplication;
  const routes: Array<{ method: string; url: string }> = [];
  let ports: { public: number; operations: number };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'operations-'));
    await start({ OPERATIONS_PORT: '0', METRICS_TOKEN });
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  async function start(more: Record<string, string>): Promise<void> {
    const settings = readSettings({
      LOG_LEVEL: 'silent',
      DATABASE_URL: `sqlite:${join(folder, 'gateway.db')}`,
      API_KEY: KEY,
      AUTH_FAILURES_PER_MINUTE: '100000',
      D360_API_KEY: 'key-of-the-number-0001',
      D360_WEBHOOK_TOKEN: 'token-of-the-webhook-01',
      D360_BASE_URL: 'http://127.0.0.1:9',
      ...more,
    });
    app = await buildApp(AppModule.with(settings), settings, { logger: false });
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRoute', ({ method, url }: { method: string | string[]; url: string }) => {
        for (const one of [method].flat()) routes.push({ method: one, url });
      });
    await app.listen({ port: 0, host: '127.0.0.1' });
    await app.get(OperationsPort).listen();
    ports = { public: (app.getHttpServer().address() as AddressInfo).port, operations: Number(app.get(OperationsPort).port) };
  }

  const get = (port: number, path: string, headers: Record<string, string> = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers });
  const statusOf = async (...asked: Parameters<typeof get>) => (await get(...asked)).status;
  const authorization = `Bearer ${METRICS_TOKEN}`;

  it.each([
    '/metrics',
    '/docs',
    '/docs/start.js',
    '/docs/start.md',
    '/docs/operations/runbook.md',
    '/llms.txt',
    '/openapi.json',
    '/docs/',
    '//metrics',
    '/METRICS',
  ])('%s is not on the public port, whoever asks', async (path) => {
    expect(await statusOf(ports.public, path, { authorization })).toBe(404);
    expect(await statusOf(ports.public, path, { authorization: `Bearer ${KEY}` })).toBe(404);
  });

  it.each(['/docs', '/docs/start.js', '/docs/start.md', '/docs/operations/runbook.md', '/llms.txt', '/openapi.json', '/health/live'])(
    '%s is on the port of operations',
    async (path) => {
      expect(await statusOf(ports.operations, path)).toBe(200);
    },
  );

  it.each(['/api/calling/status', '/api/keys', '/console', '/api/webhooks/360dialog', '/api/calling/errors', '/'])(
    '%s is not on the port of operations, even with a key',
    async (path) => expect(await statusOf(ports.operations, path, { authorization: `Bearer ${KEY}` })).toBe(404),
  );

  it('health is on the public port, too', async () => expect(await statusOf(ports.public, '/health/live')).toBe(200));

  it('metrics need their token, and no other', async () => {
    const metrics = await get(ports.operations, '/metrics', { authorization });
    expect([metrics.status, await metrics.text()]).toEqual([200, expect.stringContaining('wac_inbox_pending')]);
    for (const wrong of [undefined, `Bearer ${KEY}`, `Bearer ${METRICS_TOKEN}x`, `Basic ${METRICS_TOKEN}`, 'Bearer ']) {
      const refused = await get(ports.operations, '/metrics', wrong === undefined ? {} : { authorization: wrong });
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([401, 'metrics_unauthorized']);
    }
  });

  it('no other route of the public port answers without a credential', async () => {
    const asked = routes.filter(
      ({ method, url }) => method !== 'OPTIONS' && method !== 'HEAD' && !WITHOUT_A_KEY.some((open) => open.test(url)),
    );
    expect(asked.length).toBeGreaterThan(60);
    const answers = await Promise.all(
      asked.map(async ({ method, url }) => {
        const path = url.replaceAll(/:\w+/g, 'x').replace('*', 'x');
        const { status } = await fetch(`http://127.0.0.1:${ports.public}${path}`, { method });
        return { method, url, status };
      }),
    );
    expect(answers.filter(({ status }) => ![401, 403, 404, 405, 415].includes(status))).toEqual([]);
  });

  it('without the port, metrics are on the public one and still need their token', async () => {
    await app.close();
    await start({ METRICS_TOKEN });
    expect(app.get(OperationsPort).port).toBeNull();
    expect(await statusOf(ports.public, '/metrics')).toBe(401);
    expect(await statusOf(ports.public, '/metrics', { authorization })).toBe(200);
    expect(await statusOf(ports.public, '/openapi.json')).toBe(200);
  });
});
