import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Store } from '#store/store.js';
import { World } from './world.js';

const TOKEN = 'world-webhook-token-0123456789';
const HOOK = '/api/webhooks/360dialog';
const MIB = 1024 * 1024;
const ENCODINGS = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  GZIP: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
} as const;

describe('a body with a content encoding', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.close());

  const send = async (path: string, encoding: string, body: Uint8Array | string, token = World.KEY) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-encoding': encoding };
    const answer = await fetch(`${world.url}${path}`, { method: 'POST', headers, body: body as BodyInit });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };
  const deliver = (encoding: string, body: Uint8Array | string) => send(HOOK, encoding, body, TOKEN);
  const kept = async () => {
    const rows = await world.app.get(Store).read.selectFrom('deliveries').select('body').execute();
    return rows.map(({ body }) => Buffer.from(body).toString());
  };

  it.each(Object.entries(ENCODINGS))('%s is decoded: a delivery is kept as it was written', async (encoding, compress) => {
    const written = '{"object":"page", "é":1}';
    expect((await deliver(encoding, compress(written))).status).toBe(200);
    expect(await kept()).toEqual([written]);
  });

  it.each(Object.entries(ENCODINGS))('%s is decoded: a request of the API does what it says', async (encoding, compress) => {
    const made = await send('/api/keys', encoding, compress(JSON.stringify({ name: 'crm', scopes: ['calls:read'] })));
    expect(made).toMatchObject({ status: 201, body: { name: 'crm' } });
  });

  it('deflate without its header is read too, as browsers do', async () => {
    expect((await deliver('deflate', deflateRawSync('{"object":"page"}'))).status).toBe(200);
    expect(await kept()).toEqual(['{"object":"page"}']);
  });

  it('a gzip delivery that does not say so is decoded, since no JSON begins like it; half of one is refused', async () => {
    const compressed = gzipSync('{"object":"page"}');
    expect((await deliver('identity', compressed)).status).toBe(200);
    expect(await kept()).toEqual(['{"object":"page"}']);
    expect(await deliver('identity', compressed.subarray(0, 15))).toMatchObject({ status: 400 });
    expect(await kept()).toHaveLength(1);
  });

  it('identity changes nothing', async () => {
    expect((await deliver('identity', '{}')).status).toBe(200);
    expect(await kept()).toEqual(['{}']);
  });

  it.each(['zstd', 'compress', 'gzip, br', 'aes128gcm'])(
    '%s is refused by name, and a delivery is not lost behind a 200',
    async (encoding) => {
      for (const path of [HOOK, '/api/keys']) {
        const refused = await send(path, encoding, '{}', path === HOOK ? TOKEN : World.KEY);
        expect(refused).toMatchObject({ status: 415, body: { code: 'unsupported_content_encoding' } });
        expect(refused.body.detail).toContain(encoding);
        expect(refused.body.remedy).toMatch(/gzip.*deflate.*br/);
      }
      expect(await kept()).toEqual([]);
    },
  );

  it.each([
    ['plain JSON', '{"object":"page"}'],
    ['half of it', gzipSync('{"object":"page"}').subarray(0, 15)],
  ])('%s is refused when it says gzip', async (_, body) => {
    expect(await deliver('gzip', body)).toMatchObject({ status: 400, body: { code: 'malformed_content_encoding' } });
    expect(await send('/api/keys', 'gzip', body)).toMatchObject({ status: 400, body: { code: 'malformed_content_encoding' } });
    expect(await kept()).toEqual([]);
  });

  it('counts with its decoded size: a bomb is 413 and does not fill the memory', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB));
    expect(bomb.length).toBeLessThan(MIB);
    const before = process.memoryUsage().rss;
    expect(await deliver('gzip', bomb)).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(await send('/api/keys', 'gzip', gzipSync(Buffer.alloc(MIB, ' ')))).toMatchObject({ status: 413 });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
    expect(await kept()).toEqual([]);
    // As large as a delivery may be.
    const most = JSON.stringify({ object: 'x'.repeat(3 * MIB - 100) });
    expect((await deliver('gzip', gzipSync(most))).status).toBe(200);
    expect(await kept()).toEqual([most]);
  });

  it('is not read before the request is let in', async () => {
    expect(await send(HOOK, 'zstd', '{}', 'wrong-token-0123456789')).toMatchObject({ status: 401 });
    expect(await send('/api/keys', 'zstd', '{}', 'wrong-key')).toMatchObject({ status: 401 });
  });
});

describe('bodies that may become large', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ env: { BODY_MEMORY_MIB: '8' } });
  });
  afterEach(() => world.close());

  it('count against the memory of bodies as large as their route lets them become', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-encoding': 'gzip' };
    const body = gzipSync(Buffer.alloc(3 * MIB - 10, ' '));
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => fetch(`${world.url}${HOOK}`, { method: 'POST', headers, body: body as BodyInit })),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect(statuses).toEqual(new Set([200, 503]));
    await Promise.all(answers.map((answer) => answer.text()));
  });
});

describe('a slash at the end of a path', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ env: { RATE_LIMIT_PER_MINUTE: '1000000' } });
  });
  afterEach(() => world.close());

  it('reaches the same route: a delivery is kept', async () => {
    expect((await world.post(`${HOOK}/`, {}, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await world.get(`${HOOK}/`)).status).toBe(200);
  });

  it('reaches the same route of the API, which asks for the same scopes', async () => {
    for (const path of [
      '/api/calling/calls',
      '/api/calling/status',
      '/api/keys',
      '/api/calling/calls/wacid.A%2F',
      '/health/live',
      '/docs',
    ]) {
      const [plain, slashed] = [await world.get(path), await world.get(`${path}/`)];
      expect([path, slashed.status]).toEqual([path, plain.status]);
      const stranger = { authorization: 'Bearer wrong-key-0123456789' };
      expect([path, (await world.get(`${path}/`, stranger)).status]).toEqual([path, (await world.get(path, stranger)).status]);
    }
    expect((await world.get('/api/calling/calls/?limit=0')).status).toBe(422);
    const { body } = await world.post('/api/keys/', { name: 'reader', scopes: ['calls:read'] });
    expect((await world.get('/api/keys/', { authorization: `Bearer ${body.key}` })).status).toBe(403);
  });

  it('is refused without a token as the route without it, before the body', async () => {
    expect((await world.post(`${HOOK}/`, {}, { authorization: 'Bearer wrong-token-0123456789' })).body).toMatchObject({
      code: 'webhook_unauthorized',
    });
  });

  it('has the limits of the route', async () => {
    const large = { authorization: `Bearer ${TOKEN}` };
    expect((await world.post(`${HOOK}/`, 'x'.repeat(MIB), large)).status).toBe(200);
    expect((await world.post('/api/session/', { key: 'x'.repeat(10_000) })).status).toBe(413);
  });

  it('is measured under the route', async () => {
    await world.get('/api/calling/calls/');
    expect((await world.get('/metrics/')).body).toContain('{route="/api/calling/calls",status="200"}');
  });

  it('is the same request to an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'one-key-0123456789' };
    const [first, second] = [
      await world.do('make-call', { to: '5215512340008' }, headers),
      await world.do('make-call/', { to: '5215512340008' }, headers),
    ];
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body.id).toBe(first.body.id);
  });
});
