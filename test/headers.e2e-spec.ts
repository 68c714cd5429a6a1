import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { World } from './world.js';

/** Answers of every kind: what is open, refused, missing, found, a page, and a delivery. */
const ANSWERS: ReadonlyArray<[method: string, path: string, key: boolean, status: number]> = [
  ['GET', '/health/live', false, 200],
  ['GET', '/metrics', false, 200],
  ['GET', '/openapi.json', false, 200],
  ['GET', '/docs', false, 200],
  ['GET', '/console', false, 200],
  ['GET', '/nowhere', false, 404],
  ['GET', '/api/keys', false, 401],
  ['GET', '/api/keys', true, 200],
  ['GET', '/api/calling/calls/call_0', true, 404],
  ['POST', '/api/calling/make-call', true, 422],
  ['POST', '/api/webhooks/360dialog', false, 401],
];

describe('the headers of every answer', () => {
  const worlds = new Map<string, World>();
  beforeAll(async () => {
    for (const url of ['https://calls.example.com', 'http://127.0.0.1:3000'])
      worlds.set(url, await World.open({ env: { PUBLIC_URL: url } }));
  });
  afterAll(async () => {
    for (const world of worlds.values()) await world.close();
  });

  const ask = (publicUrl: string, method: string, path: string, key: boolean): Promise<Response> =>
    fetch(`${worlds.get(publicUrl)?.url}${path}`, {
      method,
      headers: {
        ...(key ? { authorization: `Bearer ${World.KEY}` } : {}),
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      },
      ...(method === 'POST' ? { body: '{}' } : {}),
    });

  it.each(ANSWERS)('%s %s (with a key: %s) let nothing be guessed, framed, run or kept', async (method, path, key, status) => {
    const answer = await ask('https://calls.example.com', method, path, key);
    const { headers } = answer;
    expect(answer.status).toBe(status);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    const policy = headers.get('content-security-policy') ?? '';
    for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) expect(policy).toContain(part);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    for (const name of ['server', 'x-powered-by']) expect([name, headers.get(name)]).toEqual([name, null]);
    if (path.startsWith('/api/')) expect(headers.get('cache-control')).toBe('no-store');
  });

  it('do not repeat a request: TRACE has no route', async () => {
    const status = await new Promise<number | undefined>((answered, failed) =>
      request(`${worlds.get('http://127.0.0.1:3000')?.url}/health/live`, { method: 'TRACE' }, (answer) =>
        answered(answer.resume().statusCode),
      )
        .on('error', failed)
        .end(),
    );
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it('say nothing of https where there is none', async () => {
    const answer = await ask('http://127.0.0.1:3000', 'GET', '/console', false);
    expect([answer.status, answer.headers.get('strict-transport-security')]).toEqual([200, null]);
  });
});
