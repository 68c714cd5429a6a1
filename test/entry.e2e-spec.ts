import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { portOf, sendRaw } from './raw.js';
import { World } from './world.js';

const MIB = 1024 * 1024;
const HOOK = '/api/webhooks/360dialog';
const TOKEN = 'world-webhook-token-0123456789';

describe('the entry points', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ env: { BODY_MEMORY_MIB: '8' } });
  });
  afterEach(() => world.close());

  const head = (method: string, path: string, ...headers: string[]) =>
    `${method} ${path} HTTP/1.1\r\nHost: x\r\n${headers.join('\r\n')}\r\n\r\n`;
  const send = (request: string, options = {}) => sendRaw(portOf(world.url), request, options);

  it.each([
    ['a delivery without a token', HOOK, []],
    ['a delivery with a wrong token', HOOK, ['Authorization: Bearer wrong-token-0123456789']],
    ['a dial without a key', '/api/calling/make-call', []],
    ['a dial with a wrong key', '/api/calling/make-call', ['Authorization: Bearer wrong-key-0123456789']],
    ['a token asked for without a key', '/api/tokens', []],
  ])('refuse %s before its body is sent, and end the connection', async (_, path, headers) => {
    const declared = [...headers, 'Content-Type: application/json', 'Content-Length: 100000'];
    const answer = await send(head('POST', path, ...declared), { untilEnd: true });
    expect(answer).toMatchObject({ status: 401, ended: true, headers: { connection: 'close', 'cache-control': 'no-store' } });
    const chunked = await send(head('POST', path, ...headers, 'Transfer-Encoding: chunked'), { untilEnd: true });
    expect(chunked).toMatchObject({ status: 401, ended: true });
  });

  it('end the connection of any other refusal that comes before the body', async () => {
    const answer = await send(head('POST', '/nowhere', 'Content-Length: 100000'), { untilEnd: true });
    expect(answer).toMatchObject({ status: 404, ended: true, headers: { connection: 'close' } });
  });

  it('let the caller read the refusal after all of the body', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(portOf(world.url), '127.0.0.1');
      // A naive client reads nothing until it has sent all.
      socket.pause();
      socket.write(head('POST', HOOK, `Content-Length: ${3 * MIB}`));
      socket.write(Buffer.alloc(3 * MIB), () => socket.resume());
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain('webhook_unauthorized');
  });

  it('bound the bytes of all bodies under way, and go on when they are gone', async () => {
    const genuine = [`Authorization: Bearer ${TOKEN}`, `Content-Length: ${3 * MIB - 1}`];
    const holders = [1, 2].map(() => connect(portOf(world.url), '127.0.0.1').on('error', () => undefined));
    for (const socket of holders) socket.write(head('POST', HOOK, ...genuine));
    // The answer to a third shows that the first two were read.
    for (;;) {
      const refused = await send(head('POST', HOOK, ...genuine), { untilEnd: true }).catch(() => null);
      if (refused?.status !== 503) continue;
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'too_many_bodies', retryable: true });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      break;
    }
    const large = Buffer.alloc(2.5 * MIB, 0x20).toString();
    const chunks = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`;
    const chunked = await send(head('POST', HOOK, `Authorization: Bearer ${TOKEN}`, 'Transfer-Encoding: chunked') + chunks, {
      untilEnd: true,
    });
    expect([chunked.status, JSON.parse(chunked.body).code]).toEqual([503, 'too_many_bodies']);
    // A body that fits is taken meanwhile.
    expect(await world.deliver({ object: 'x' })).toBe(200);
    for (const socket of holders) socket.destroy();
    const again = () => send(head('POST', HOOK, `Authorization: Bearer ${TOKEN}`, 'Transfer-Encoding: chunked') + chunks);
    let status = (await again()).status;
    while (status === 503) ({ status } = await again());
    expect(status).toBe(200);
  });

  it.each([
    ['a line that is no HTTP', 'nonsense\r\n\r\n', 400, 'malformed_request'],
    ['HTTP/2 in the clear', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'malformed_request'],
    ['no Host', 'GET /api/keys HTTP/1.1\r\n\r\n', 400, 'malformed_request'],
    ['NUL in a header', 'GET /api/keys HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n', 400, 'malformed_request'],
    [
      'a length and chunks',
      'POST /api/keys HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed_request',
    ],
    ['headers of 20 KiB', `GET /api/keys HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
    ['headers of 2 MiB', `GET /api/keys HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(2 * MIB)}\r\n\r\n`, 431, 'headers_too_large'],
    ['a path of 20 KiB', `GET /api/${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'headers_too_large'],
  ])('answer %s with a problem document', async (_, request, status, code) => {
    const answer = await send(request, { untilEnd: true });
    expect(answer).toMatchObject({ status, ended: true });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(/^req_\w{26}$/),
      'x-gateway-mode': 'live',
      'x-content-type-options': 'nosniff',
    });
    expect(JSON.parse(answer.body)).toMatchObject({ status, code });
    expect((await world.get('/health/live')).status).toBe(200);
  });
});
