import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '#app.module.js';
import { readSettings } from '#config/read-settings.js';
import { buildApp } from './build-app.js';

describe('the built gateway', () => {
  let folder: string;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'http-'));
    // The address is one that nobody listens on: the start must not need 360dialog.
    const settings = readSettings({
      LOG_LEVEL: 'silent',
      DATABASE_URL: `sqlite:${join(folder, 'gateway.db')}`,
      CORS_ORIGINS: 'https://crm.example',
      API_KEY: 'key-of-this-test-0123456789',
      D360_BASE_URL: 'http://127.0.0.1:9',
    });
    app = await buildApp(AppModule.with(settings), settings, { logger: false });
    await app.listen({ port: 0, host: '127.0.0.1' });
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  const get = (url: string) => app.inject({ method: 'GET', url });

  it.each([
    ['/health/live', 200],
    ['/health/ready', 200],
    ['/api/keys', 401],
    ['/nowhere', 404],
    [`/api/keys/${'x'.repeat(600)}`, 404],
    ['/%zz', 404],
  ])('says on every answer which request it was and in which mode: %.30s', async (url, status) => {
    const [first, second] = [await get(url), await get(url)];
    expect(first.statusCode).toBe(status);
    expect(first.headers['x-gateway-mode']).toBe('simulator');
    expect(first.headers['x-request-id']).toMatch(/^req_\w{26}$/);
    expect(first.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
  });

  it('lets nothing under /api be cached', async () => {
    expect((await get('/api/keys')).headers['cache-control']).toBe('no-store');
  });

  it('measures requests by their route, never by their path', async () => {
    await get('/health/live');
    await get('/nowhere/5215512345678');
    const { body, headers } = await get('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(body).toContain('wac_http_request_duration_seconds_count{route="/health/live",status="200"}');
    expect(body).not.toContain('5215512345678');
  });

  it('describes itself as OpenAPI 3.1 without a dangling reference', async () => {
    const { body, statusCode } = await get('/openapi.json');
    expect(statusCode).toBe(200);
    const document = JSON.parse(body) as { openapi: string; components: { schemas: Record<string, unknown> } };
    expect(document.openapi).toBe('3.1.0');
    const named = new Set(Array.from(body.matchAll(/#\/components\/schemas\/([^"]*)/g), ([, name]) => name));
    expect([...named].filter((name) => !Object.hasOwn(document.components.schemas, name ?? ''))).toEqual([]);
    expect(body).not.toContain('"nullable"');
  });

  it('names each operation once as a verb says it, and each schema without the role of its class', async () => {
    const document = JSON.parse((await get('/openapi.json')).body) as {
      paths: Record<string, Record<string, { operationId: string }>>;
      components: { schemas: Record<string, unknown> };
    };
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toEqual(expect.arrayContaining(['makeCall', 'listCalls', 'getCall', 'getReport']));
    expect(ids.filter((id) => !/^([a-z]+[A-Z]\w*)$/.test(id))).toEqual([]);
    expect(Object.keys(document.components.schemas).filter((name) => /(Dto|View)$/.test(name))).toEqual([]);
    expect(document.components.schemas).toMatchObject({ Call: expect.anything(), SessionDescription: expect.anything() });
  });

  it('serves its page from here alone, and nothing else of the package', async () => {
    const page = await get('/docs');
    expect(page.headers['content-security-policy']).not.toMatch(/unsafe|https?:/);
    const loaded = Array.from(page.body.matchAll(/(?:src|href)="([^"]+)"/g), ([, path]) => String(path));
    for (const path of loaded) expect([path, (await get(path)).statusCode]).toEqual([path, 200]);
    for (const path of ['/docs/package.json', '/docs/..%2f..%2fpackage.json', '/docs/__proto__'])
      expect((await get(path)).statusCode).toBe(404);
  });

  it.each([
    [
      'a length and chunks at once',
      'POST /api/keys HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two lengths', 'POST /api/keys HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd'],
    ['a folded header', 'GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n'],
  ])('refuses a request with %s and closes the connection', async (_, request) => {
    const { port } = app.getHttpServer().address() as { port: number };
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(request));
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  describe('a page of another origin', () => {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
    const preflight = (origin: string) => app.inject({ method: 'OPTIONS', url: '/api/keys', headers: { origin, ...asked } });

    it('may call with a bearer token when it is listed, and never with cookies', async () => {
      const { statusCode, headers } = await preflight('https://crm.example');
      expect([statusCode, headers['access-control-allow-origin']]).toEqual([204, 'https://crm.example']);
      expect(headers['access-control-allow-headers']).toContain('Authorization');
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    });

    it.each(['https://evil.example', 'https://crm.example.evil.example', 'null', 'http://crm.example'])(
      'may not when it is %s',
      async (origin) => {
        expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined();
      },
    );
  });
});
