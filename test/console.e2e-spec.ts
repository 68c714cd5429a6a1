import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { PrincipalsService } from '#access/sessions/principals.service.js';
import { SessionsService } from '#access/sessions/sessions.service.js';
import { allEntries } from '#error-catalogue/lookup.js';
import { ACTION_LABELS } from '#error-catalogue/people/people.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { answer, offer } from './sdp.js';
import { type Body, World } from './world.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const ALL = { scopes: ['calls:read', 'status:read', 'keys:admin', 'calls:control', 'events:read'] };

interface Answer {
  status: number;
  headers: Headers;
  body: Body;
}

describe('the console', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(async () => {
    await world.close();
  });

  /** A request as a browser on the console's page sends it; nothing but the cookie says who it is. */
  const browse = async (
    method: string,
    path: string,
    { cookie, body, headers = {} }: { cookie?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> => {
    const own = { origin: world.url, 'sec-fetch-site': 'same-origin', ...(method === 'GET' ? {} : { 'x-requested-with': 'console' }) };
    const response = await fetch(world.url + path, {
      method,
      headers: { ...own, ...(cookie ? { cookie } : {}), ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  };
  const makeKey = async (): Promise<{ id: string; key: string }> => (await world.post('/api/keys', { name: 'desk', ...ALL })).body;
  const signIn = async (key: string, name?: string): Promise<string> => {
    const { headers } = await browse('POST', '/api/session', { body: { key, ...(name ? { name } : {}) } });
    return (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  };
  /** Lets time pass without the world's own clockwork. */
  const wait = async (seconds: number): Promise<void> => {
    await world.app.get(SessionsService).flush();
    world.clock.time += seconds * 1_000;
  };

  describe('signing in', () => {
    it('exchanges a key for a cookie that scripts cannot read, and says who is signed in', async () => {
      const { key, id } = await makeKey();
      const { status, headers, body } = await browse('POST', '/api/session', { body: { key, name: ' Ana ' } });
      expect(status).toBe(201);
      expect(headers.get('set-cookie')).toMatch(/^wac=[0-9A-Za-z_]{54}; Path=\/; Max-Age=57600; HttpOnly; SameSite=Strict$/);
      expect(body).toMatchObject({
        id: expect.stringMatching(/^ses_/),
        name: 'Ana',
        key_id: id,
        scopes: [...ALL.scopes, 'audit:read'],
        mode: 'live',
      });
      expect(JSON.stringify(body)).not.toContain(key);
      const cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      expect((await browse('GET', '/api/session', { cookie })).body).toEqual(body);
      expect((await browse('GET', '/api/calling/calls', { cookie })).status).toBe(200);
      expect(await browse('GET', '/api/calling/settings', { cookie })).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    });

    it('refuses what is no key, and a cookie that was made up', async () => {
      expect(await browse('POST', '/api/session', { body: { key: 'x'.repeat(60) } })).toMatchObject({
        status: 401,
        body: { code: 'unauthenticated' },
      });
      expect((await browse('GET', '/api/session')).status).toBe(401);
      expect((await browse('GET', '/api/calling/calls', { cookie: `wac=${'a'.repeat(10)}_${'b'.repeat(43)}` })).status).toBe(401);
    });

    it('ends the session that the browser had before, and the one that signs out', async () => {
      const { key } = await makeKey();
      const first = await signIn(key);
      const { headers } = await browse('POST', '/api/session', { cookie: first, body: { key } });
      const second = (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      expect((await browse('GET', '/api/session', { cookie: first })).status).toBe(401);
      const out = await browse('DELETE', '/api/session', { cookie: second });
      expect([out.status, out.headers.get('set-cookie')]).toEqual([204, 'wac=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict']);
      expect((await browse('GET', '/api/session', { cookie: second })).status).toBe(401);
    });
  });

  describe('a session', () => {
    it('ends after 30 minutes without use, and lives on with it', async () => {
      const cookie = await signIn((await makeKey()).key);
      for (let turn = 0; turn < 3; turn += 1) {
        await wait(29 * MINUTE);
        expect((await browse('GET', '/api/session', { cookie })).status).toBe(200);
      }
      await wait(30 * MINUTE);
      expect((await browse('GET', '/api/session', { cookie })).status).toBe(401);
    });

    it('does not end under a call whose lease it renews, and soon after it', async () => {
      world.allow('hugo');
      const cookie = await signIn((await makeKey()).key);
      for (let passed = 0; passed < 12 * HOUR - 20 * MINUTE; passed += 20 * MINUTE) {
        await wait(20 * MINUTE);
        await browse('GET', '/api/session', { cookie });
      }
      const { id } = (await world.do('make-call', { to: '5215512340008', session: offer() })).body;
      await world.pass(10);
      const hold = (body: object) =>
        browse('PUT', `/api/calling/calls/${id}/lease`, { cookie, body: { holder: 'window-0123456789', ...body } });
      expect((await hold({})).body).toMatchObject({ fence: 1 });
      await wait(20 * MINUTE - 20);
      for (let renewal = 0; renewal < 12; renewal += 1) {
        expect((await hold({ fence: 1 })).status).toBe(200);
        await wait(12);
      }
      expect((await browse('GET', '/api/session', { cookie })).status).toBe(200);
      await wait(2 * MINUTE);
      expect((await hold({ fence: 1 })).status).toBe(401);
    });

    it('lives on while its page listens, and a stream of it ends soon after it', async () => {
      const cookie = await signIn((await makeKey()).key);
      const { id, key_id: keyId, name } = (await browse('GET', '/api/session', { cookie })).body;
      const principals = world.app.get(PrincipalsService);
      const beat = () => principals.isInForce({ keyId, operatorId: id, name, scopes: new Set(), numbers: null });
      for (let turn = 0; turn < 3; turn += 1) {
        await wait(29 * MINUTE);
        expect(await beat()).toBe(true);
      }
      await browse('DELETE', '/api/session', { cookie });
      expect(await beat()).toBe(false);
    });

    it('ends after 12 hours, however much it is used', async () => {
      const cookie = await signIn((await makeKey()).key);
      for (let passed = 0; passed < 12 * HOUR; passed += 20 * MINUTE) {
        expect((await browse('GET', '/api/session', { cookie })).status).toBe(200);
        await wait(20 * MINUTE);
      }
      expect((await browse('GET', '/api/session', { cookie })).status).toBe(401);
    });

    it('ends with its key', async () => {
      const { id, key } = await makeKey();
      const cookie = await signIn(key);
      await world.app.get(ApiKeysService).delete(EVERY_NUMBER, id);
      expect((await browse('GET', '/api/calling/calls', { cookie })).status).toBe(401);
    });

    it.each<[string, Record<string, string>]>([
      ['a page of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
      ['a page on another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
      ['a form, which can send no such header', { 'x-requested-with': '' }],
      ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ])('does nothing for %s', async (_, headers) => {
      const { key } = await makeKey();
      const cookie = await signIn(key);
      const refused = { status: 403, body: { code: 'origin_not_allowed' } };
      expect(await browse('POST', '/api/keys', { cookie, headers, body: { name: 'theirs', scopes: ['calls:read'] } })).toMatchObject(
        refused,
      );
      expect(await browse('DELETE', '/api/session', { cookie, headers })).toMatchObject(refused);
      expect(await browse('POST', '/api/session', { headers, body: { key } })).toMatchObject(refused);
      expect((await browse('GET', '/api/session', { cookie })).status).toBe(200);
    });

    it('opens the event stream with the cookie alone, but not to a page of another port', async () => {
      const cookie = await signIn((await makeKey()).key);
      const end = new AbortController();
      const listen = (site: string) =>
        fetch(`${world.url}/api/events`, { headers: { cookie, 'sec-fetch-site': site, accept: 'text/event-stream' }, signal: end.signal });
      const [ours, theirs] = await Promise.all([listen('same-origin'), listen('same-site')]);
      expect([ours.status, theirs.status]).toEqual([200, 403]);
      expect(ours.headers.get('access-control-allow-credentials')).toBeNull();
      end.abort();
    });

    it('is an operator of its own: of two that share a key one claims a call and the other is refused', async () => {
      const { key } = await makeKey();
      const [ana, ben] = [await signIn(key, 'Ana'), await signIn(key, 'Ben')];
      const fede = world.simulator.context.users.meet('fede');
      if (!fede) throw new Error('nobody is called fede');
      world.simulator.callSimulation.callIn(fede, { giveUpAfterSeconds: 50 });
      await world.pass(3);
      const call = (await world.get('/api/calling/calls?direction=inbound&state=ringing')).body.data[0];
      const take = (cookie: string) => browse('POST', '/api/calling/pre-accept', { cookie, body: { call_id: call.id, session: answer() } });
      expect(await take(ana)).toMatchObject({ status: 200, body: { claimed_by: 'Ana' } });
      expect(await take(ben)).toMatchObject({ status: 409, body: { code: 'call_claimed' } });
    });
  });

  describe('a browser token', () => {
    const make = async (key: string, body: unknown) => world.post('/api/tokens', body, { authorization: `Bearer ${key}` });

    it('does what it was made for, from any page with a bearer header, until it expires', async () => {
      const { key } = await makeKey();
      const { status, body } = await make(key, { scopes: ['calls:read'], ttl_seconds: 60 });
      expect(status).toBe(201);
      expect(body).toEqual({
        token: expect.stringMatching(/^wat_/),
        scopes: ['calls:read'],
        expires_at: expect.stringMatching(/T12:01:00/),
      });
      const use = (path: string) => world.get(path, { authorization: `Bearer ${body.token}` });
      expect((await use('/api/calling/calls')).status).toBe(200);
      expect(await use('/api/calling/status')).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
      await wait(60);
      expect((await use('/api/calling/calls')).status).toBe(401);
    });

    it('ends with its key, is no cookie, and makes no other token', async () => {
      const { id, key } = await makeKey();
      const { token } = (await make(key, { scopes: ['calls:read'] })).body;
      expect((await browse('GET', '/api/calling/calls', { cookie: `wac=${token}` })).status).toBe(401);
      expect((await make(token, { scopes: ['calls:read'] })).status).toBe(401);
      await world.app.get(ApiKeysService).delete(EVERY_NUMBER, id);
      expect((await world.get('/api/calling/calls', { authorization: `Bearer ${token}` })).status).toBe(401);
    });

    it.each<[string, object, number]>([
      ['a scope that its key lacks', { scopes: ['settings:write'] }, 403],
      ['the right to make keys', { scopes: ['keys:admin'] }, 422],
      ['a life of more than 15 minutes', { scopes: ['calls:read'], ttl_seconds: 901 }, 422],
      ['no scope at all', { scopes: [] }, 422],
    ])('is not made with %s', async (_, body, status) => {
      expect((await make((await makeKey()).key, body)).status).toBe(status);
    });
  });

  describe('the pages', () => {
    it('are open, run only what comes from here, and may use the microphone', async () => {
      const page = await fetch(`${world.url}/console`);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('permissions-policy')).toMatch(/^microphone=\(self\)/);
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
      expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
      const policy = page.headers.get('content-security-policy') ?? '';
      for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
        expect(policy).toContain(part);
      }
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      const html = await page.text();
      expect(html).not.toMatch(/\son\w+=|\sstyle=|<script(?![^>]*\bsrc=)|https?:/);
    });

    it('come with every file that they name, and with no other', async () => {
      const html = await (await fetch(`${world.url}/console`)).text();
      const named = [...html.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, path]) => path ?? '');
      expect(named.length).toBeGreaterThan(3);
      for (const path of named) expect([path, (await fetch(world.url + path)).status]).toEqual([path, 200]);
      for (const path of [
        '/console/../app.module.ts',
        '/console/%2e%2e/console.controller.ts',
        '/console/index.html',
        '/console/nothing.js',
      ]) {
        expect([path, (await fetch(world.url + path)).status]).toEqual([path, 404]);
      }
    });

    it('hold what each error code says to people, as the catalogue has it', async () => {
      const answer = await fetch(`${world.url}/console/problem-words.js`);
      expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      const text = await answer.text();
      const { SENTENCES, LABELS } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
      expect(SENTENCES).toEqual(Object.fromEntries(allEntries().map(({ code, people }) => [code, people])));
      expect(LABELS).toEqual(ACTION_LABELS);
    });

    it('are not sent again when nothing has changed', async () => {
      const first = await fetch(`${world.url}/console/main.js`);
      const etag = first.headers.get('etag') ?? '';
      expect([first.headers.get('content-type'), etag.length]).toEqual(['text/javascript; charset=utf-8', 24]);
      expect((await fetch(`${world.url}/console/main.js`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    });
  });
});
