import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import { KeyBudgetsService } from '#access/keys/limits/key-budgets.service.js';
import { KeyReachesService } from '#events/key-reaches.service.js';
import { Reader } from '#events/stream-reader.fixture.js';
import { Problem } from '#kernel/problem.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const listen = (url: string, headers: Record<string, string>): Promise<Reader> =>
  new Promise((resolve, reject) => get(url, { headers }, (response: IncomingMessage) => resolve(new Reader(response))).on('error', reject));

const HUGO = '5215512340008';

describe.each(engines)('a suspended key on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine, env: { EVENTS_ALLOW_PRIVATE_TARGETS: 'true' } });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  const made = async (limits: object | null = null) => {
    const { body } = await world.post('/api/keys', { name: 'bot', scopes: ALL_SCOPES, limits });
    return { id: body.id as string, key: body.key as string, authorization: { authorization: `Bearer ${body.key}` } };
  };
  const suspend = async (id: string, suspended: boolean) => {
    const answer = await world.patch(`/api/keys/${id}`, { suspended });
    expect([answer.status, answer.body.suspended]).toEqual([200, suspended]);
  };

  it('is refused at once by every replica, and so are its tokens and sessions; undone, all are in use again', async () => {
    const { id, key, authorization } = await made();
    const token = (await world.post('/api/tokens', { scopes: ['calls:read'] }, authorization)).body.token;
    const ours = { authorization: undefined, 'x-requested-with': 'console', 'sec-fetch-site': 'same-origin' };
    const signedIn = await world.post('/api/session', { key }, ours);
    const cookie = String(signedIn.headers.get('set-cookie')).split(';')[0];
    const another = engine === 'postgres' ? await world.startAnother() : null;
    const there = another ? `http://127.0.0.1:${(another.getHttpServer().address() as AddressInfo).port}` : world.url;
    const ways = [authorization, { authorization: `Bearer ${token}` }, { ...ours, cookie }];
    const ask = () =>
      Promise.all(
        ways.flatMap((headers) =>
          [world.url, there].map(async (url) => {
            const given = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
            const answer = await fetch(`${url}/api/calling/calls`, { headers: given });
            return answer.status === 200 ? 'passes' : `${answer.status} ${((await answer.json()) as { code: string }).code}`;
          }),
        ),
      );
    try {
      expect(new Set(await ask())).toEqual(new Set(['passes']));
      await suspend(id, true);
      expect(new Set(await ask())).toEqual(new Set(['403 key_suspended']));
      expect((await world.post('/api/session', { key }, ours)).body.code).toBe('key_suspended');
      expect((await world.get('/api/session', { ...ours, cookie })).body.code).toBe('key_suspended');
      expect((await world.post('/api/tokens', { scopes: ['calls:read'] }, authorization)).body.code).toBe('key_suspended');
      await suspend(id, true);
      await suspend(id, false);
      expect(new Set(await ask())).toEqual(new Set(['passes']));
      expect((await world.delete('/api/session', { ...ours, cookie })).status).toBe(204);
    } finally {
      await another?.close();
    }
  });

  it('says in both languages what to do', async () => {
    const { id, authorization } = await made();
    await suspend(id, true);
    const english = await world.get('/api/calling/calls', authorization);
    const spanish = await world.get('/api/calling/calls', { ...authorization, 'accept-language': 'es-MX' });
    expect(english.body.remedy).toContain('resume');
    expect(spanish.body.title).toBe('La clave está suspendida');
  });

  it('ends its streams here and on other replicas, and pauses its subscriptions, which stay so', async () => {
    const { id, authorization } = await made();
    const subscription = (await world.post('/api/subscriptions', { url: 'http://127.0.0.1:9/hook' }, authorization)).body;
    const another = engine === 'postgres' ? await world.startAnother() : null;
    const there = another ? `http://127.0.0.1:${(another.getHttpServer().address() as AddressInfo).port}` : world.url;
    try {
      const readers = await Promise.all([world.url, there].map((url) => listen(`${url}/api/events`, authorization)));
      await suspend(id, true);
      await another?.get(KeyReachesService).look();
      for (const reader of readers) await reader.until(() => reader.closed);
      const shown = async () => (await world.get(`/api/subscriptions/${subscription.id}`)).body;
      expect(await shown()).toMatchObject({ state: 'paused', disabled_reason: 'key_suspended' });
      await suspend(id, false);
      expect(await shown()).toMatchObject({ state: 'paused', disabled_reason: 'key_suspended' });
      expect((await world.patch(`/api/subscriptions/${subscription.id}`, { paused: false }, authorization)).body).toMatchObject({
        ...{ state: 'active', disabled_reason: null },
      });
    } finally {
      await another?.close();
    }
  });

  it('dials nobody, also with a request that was admitted before', async () => {
    const { id } = await made();
    const budgets = world.app.get(KeyBudgetsService);
    await suspend(id, true);
    await expect(budgets.takeNow({ keyId: id }, 'dial')).rejects.toMatchObject({ code: 'key_suspended' });
    await world.delete(`/api/keys/${id}`);
    await expect(budgets.takeNow({ keyId: id }, 'dial')).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('leaves live calls alone', async () => {
    const { id, authorization } = await made();
    const { body } = await world.do('make-call', { to: HUGO, session: offer() }, authorization);
    await world.pass(8);
    await suspend(id, true);
    await world.pass(3);
    expect((await world.call(body.id)).state).toBe('in_progress');
  });

  it('gets a unit back for what was refused before it was sent alone, and leaves none behind', async () => {
    const { id } = await made({ dials_per_day: 5 });
    const budgets = world.app.get(KeyBudgetsService);
    const used = async () => (await world.app.get(Store).read.selectFrom('key_budgets').select('used').execute()).map((row) => row.used);
    const end = async (error: Error) => {
      const unit = await budgets.takeNow({ keyId: id }, 'dial');
      await expect(budgets.spend(unit, () => Promise.reject(error))).rejects.toBe(error);
    };
    await end(new Problem('upstream_unavailable'));
    expect(await used()).toEqual([0]);
    await end(new Problem('calling_disabled', { upstream: { status: 400, code: 138000, message: null, details: null, fbtrace_id: null } }));
    await end(new Error('a fault after it was sent'));
    expect(await used()).toEqual([2]);
    await world.pass(5 * 86_400);
    await budgets.takeNow({ keyId: id }, 'dial');
    expect(await used()).toEqual([1]);
    await world.delete(`/api/keys/${id}`);
    expect(await used()).toEqual([]);
  });
});
