import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Store } from '#store/store.js';
import { type Engine, engines } from '#store/temporary-database.fixture.js';
import { offer } from './sdp.js';
import { type Body, World } from './world.js';

const HUGO = '5215512340008';
/** Everybody of the simulator whom the gateway may call at once. */
const people = (count: number) => Array.from({ length: count }, (_, index) => `52155${String(70_000_000 + index)}`);

interface Told {
  status: number;
  body: Body;
}

describe.each(engines)('the limits of a key on %s', (engine) => {
  let world: World;
  let more: NestFastifyApplication[];
  const open = async (env: Record<string, string> = {}) => {
    world = await World.open({ engine, env });
    await world.greet();
    world.allow(HUGO);
  };
  beforeEach(() => {
    more = [];
  });
  afterEach(async () => {
    for (const app of more) await app.close();
    await world.close();
  });

  const made = async (limits: object | null, scopes = ['calls:dial', 'calls:control', 'calls:read', 'permissions:ask']) => {
    const { status, body } = await world.post('/api/keys', { name: 'bot', scopes, limits });
    expect(status).toBe(201);
    return { id: body.id as string, authorization: { authorization: `Bearer ${body.key}` }, body };
  };
  const dial = (to: string, headers: Record<string, string>, more: object = {}) =>
    world.do('make-call', { to, session: offer(), permission_request: { mode: 'never' }, ...more }, headers);
  /** Calls and hangs up, so that the person can be called again. */
  const callThrough = async (to: string, headers: Record<string, string>): Promise<Told> => {
    const made = await dial(to, headers);
    if (made.status === 201) {
      await world.do('terminate', { id: made.body.id });
      await world.pass(2);
    }
    return made;
  };
  const sent = () => world.simulator.context.calls.all().length;
  const used = async () => world.app.get(Store).read.selectFrom('key_budgets').select(['kind', 'day', 'used']).execute();

  it('are kept, shown and changed as a whole', async () => {
    await open();
    const quiet_hours = { from: '21:00', until: '08:00' };
    const { id, body } = await made({ dials_per_day: 5, quiet_hours });
    const kept = { dials_per_day: 5, asks_per_day: null, quiet_hours: { ...quiet_hours, time_zone: null } };
    expect(body).toMatchObject({ limits: kept, suspended: false });
    expect((await world.get('/api/keys')).body.data.at(-1)).toMatchObject({ id, limits: kept });
    expect((await world.patch(`/api/keys/${id}`, { limits: { asks_per_day: 0 } })).body.limits).toEqual({
      ...{ dials_per_day: null, asks_per_day: 0, quiet_hours: null },
    });
    expect((await world.patch(`/api/keys/${id}`, { suspended: false })).body.limits).toMatchObject({ asks_per_day: 0 });
    expect((await world.patch(`/api/keys/${id}`, { limits: {} })).body.limits).toBeNull();
    expect((await world.patch(`/api/keys/${id}`, { limits: null })).body.limits).toBeNull();
    expect(await world.patch(`/api/keys/${id}`, {})).toMatchObject({ status: 422 });
    const bad = [
      { dials_per_day: -1 },
      { dials_per_day: 1.5 },
      { calls: 3 },
      { quiet_hours: { from: '21:00', until: '21:00' } },
      { quiet_hours: { from: '24:00', until: '08:00' } },
      { quiet_hours: { from: '21:00' } },
      { quiet_hours: { ...quiet_hours, time_zone: 'Mars/Olympus' } },
    ];
    for (const limits of bad) expect([limits, (await world.patch(`/api/keys/${id}`, { limits })).status]).toEqual([limits, 422]);
  });

  it('refuse what is beyond with the next local midnight, send nothing, and begin anew then', async () => {
    await open({ COMPLIANCE_TIME_ZONE: 'America/Mexico_City' });
    const { authorization } = await made({ dials_per_day: 2 });
    for (let index = 0; index < 2; index += 1) expect((await callThrough(HUGO, authorization)).status).toBe(201);
    const before = sent();
    const refused = await dial(HUGO, authorization);
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({
      code: 'key_budget_used',
      limit: 'dials_per_day',
      retry_at: '2026-11-24T06:00:00.000Z',
      retryable: true,
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_600);
    expect(sent()).toBe(before);
    world.clock.time = Date.parse('2026-11-24T06:00:00.000Z') - 1_000;
    expect((await dial(HUGO, authorization)).status).toBe(429);
    world.clock.time += 1_000;
    expect((await callThrough(HUGO, authorization)).status).toBe(201);
    expect((await dial(HUGO, {})).status).toBe(201);
  });

  it('refuse in quiet hours until their end, also where a new day would begin within them', async () => {
    await open();
    const { id, authorization } = await made({ dials_per_day: 1, quiet_hours: { from: '11:00', until: '13:30' } });
    expect((await dial(HUGO, authorization)).body).toMatchObject({
      code: 'key_budget_used',
      limit: 'quiet_hours',
      retry_at: '2026-11-23T13:30:00.000Z',
    });
    expect((await world.do('request-permission', { to: HUGO }, authorization)).body.code).toBe('key_budget_used');
    await world.patch(`/api/keys/${id}`, {
      limits: { dials_per_day: 1, quiet_hours: { from: '21:00', until: '08:00', time_zone: 'Europe/Madrid' } },
    });
    expect((await callThrough(HUGO, authorization)).status).toBe(201);
    expect((await dial(HUGO, authorization)).body).toMatchObject({ limit: 'dials_per_day', retry_at: '2026-11-24T07:00:00.000Z' });
  });

  it('count permission requests apart from dials, also the one of a call', async () => {
    await open();
    const { authorization } = await made({ asks_per_day: 1, dials_per_day: 1 });
    const asked = await world.do('make-call', { to: '5215512340001' }, authorization);
    expect([asked.status, asked.body.state]).toEqual([202, 'awaiting_permission']);
    expect((await world.do('request-permission', { to: '5215512340002' }, authorization)).body).toMatchObject({
      ...{ code: 'key_budget_used', limit: 'asks_per_day', retry_at: '2026-11-24T00:00:00.000Z' },
    });
    await world.pass(5);
    const connected = await world.do('connect', { id: asked.body.id, session: offer() }, authorization);
    expect(connected.status).toBe(201);
    expect((await dial(HUGO, authorization)).body.limit).toBe('dials_per_day');
    expect(await used()).toEqual(
      expect.arrayContaining([
        { kind: 'ask', day: '2026-11-23', used: 1 },
        { kind: 'dial', day: '2026-11-23', used: 1 },
      ]),
    );
  });

  it('count a request with an Idempotency-Key once, and give back what was refused before it was sent', async () => {
    await open();
    const { authorization } = await made({ dials_per_day: 2 });
    const once = { ...authorization, 'idempotency-key': 'one' };
    const first = await dial(HUGO, once);
    for (let index = 0; index < 3; index += 1) expect((await dial(HUGO, once)).body.id).toBe(first.body.id);
    expect(await used()).toMatchObject([{ used: 1 }]);
    await world.do('terminate', { id: first.body.id });
    await world.pass(2);
    await world.app.get(Store).write((tx) => tx.updateTable('numbers').set({ state: 'paused' }).execute());
    expect((await dial(HUGO, authorization)).status).toBe(409);
    await world.app.get(Store).write((tx) => tx.updateTable('numbers').set({ state: 'active' }).execute());
    expect(await used()).toMatchObject([{ used: 1 }]);
    // 360dialog refuses: it was sent, and counts.
    world.fault('connect', { instead: { status: 400, body: { error: { code: 138000, message: 'Calling not enabled' } } } as never });
    expect((await dial(HUGO, authorization)).status).toBeGreaterThanOrEqual(400);
    expect(await used()).toMatchObject([{ used: 2 }]);
  });

  it('are those of the key for its browser tokens and sessions', async () => {
    await open();
    const { authorization } = await made({ dials_per_day: 1 });
    const { body } = await world.post('/api/tokens', { scopes: ['calls:dial'] }, authorization);
    expect((await callThrough(HUGO, { authorization: `Bearer ${body.token}` })).status).toBe(201);
    expect((await dial(HUGO, authorization)).body.code).toBe('key_budget_used');
    expect((await dial(HUGO, { authorization: `Bearer ${body.token}` })).body.code).toBe('key_budget_used');
  });

  it('are passed on by no key that has them', async () => {
    await open();
    const { id, authorization } = await made({ dials_per_day: 1 }, ['calls:dial', 'calls:read', 'keys:admin']);
    const make = (scopes: string[]) => world.post('/api/keys', { name: 'more', scopes }, authorization);
    expect(await make(['calls:dial'])).toMatchObject({ status: 422, body: { errors: [{ field: 'scopes' }] } });
    expect((await make(['calls:read'])).status).toBe(201);
    expect(await world.patch(`/api/keys/${id}`, { limits: null }, authorization)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'limits' }] },
    });
    const environment = (await world.get('/api/keys')).body.data[0].id;
    expect((await world.patch(`/api/keys/${environment}`, { limits: { dials_per_day: 1 } })).status).toBe(422);
    expect((await world.patch(`/api/keys/${environment}`, { suspended: true })).status).toBe(422);
  });

  it('let exactly 20 of 1,000 dials at once through, over all replicas', async () => {
    await open();
    const urls = [world.url];
    for (let index = 1; index < replicasOn(engine); index += 1) {
      const app = await world.startAnother();
      more.push(app);
      urls.push(`http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`);
    }
    const { authorization } = await made({ dials_per_day: 20 });
    const all = people(1_000);
    for (const who of all) world.allow(who);
    const before = sent();
    const told = await Promise.all(
      all.map(async (to, index): Promise<Told> => {
        // A busy machine may have no transaction for a thousand at once: what was refused for that reason is asked again.
        for (;;) {
          const answer = await fetch(`${urls[index % urls.length]}/api/calling/make-call`, {
            method: 'POST',
            headers: { ...authorization, 'content-type': 'application/json' },
            body: JSON.stringify({ to, session: offer(), permission_request: { mode: 'never' } }),
          });
          const body = await answer.json();
          if (answer.status !== 503) return { status: answer.status, body };
          expect(body.code).toBe('store_unavailable');
        }
      }),
    );
    const counts = new Map<string, number>();
    for (const { status, body } of told)
      counts.set(
        `${status} ${body.code ?? ''} ${body.retry_at ?? ''}`,
        (counts.get(`${status} ${body.code ?? ''} ${body.retry_at ?? ''}`) ?? 0) + 1,
      );
    expect(Object.fromEntries(counts)).toEqual({ '201  ': 20, '429 key_budget_used 2026-11-24T00:00:00.000Z': 980 });
    expect(sent() - before).toBe(20);
    expect(await used()).toEqual([{ kind: 'dial', day: '2026-11-23', used: 20 }]);
  }, 300_000);
});

/** SQLite has one process. */
const replicasOn = (engine: Engine): number => (engine === 'postgres' ? 3 : 1);
