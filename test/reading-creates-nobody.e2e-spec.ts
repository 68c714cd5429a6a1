import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { TABLES } from '#privacy/person/person-tables.js';
import type { Schema } from '#store/schema.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { routesOf } from './routes.js';
import { World } from './world.js';

/** Tables with rows of people, as erasure has it. */
const OF_PEOPLE = (Object.keys(TABLES) as Array<keyof Schema>).filter((table) => TABLES[table] !== 'unrelated');
const STRANGERS = ['5215598765432', '+52 55 9876 5432', 'MX.aBcDeF0123456789'];

describe.each(engines)('asking about somebody, on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await world.close();
  });

  const rows = async () => {
    const { read } = world.app.get(Store);
    const counted = OF_PEOPLE.map(async (table) => {
      const { n } = await read
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      return [table, Number(n)] as const;
    });
    return Object.fromEntries(await Promise.all(counted));
  };
  const reads = () => jest.spyOn(world.line, 'readPermission');
  const get = async (path: string) => {
    const gone = new AbortController();
    const answer = await fetch(`${world.url}${path}`, { headers: { authorization: `Bearer ${World.KEY}` }, signal: gone.signal });
    if (answer.headers.get('content-type')?.startsWith('text/event-stream')) gone.abort();
    else await answer.arrayBuffer();
    return answer.status;
  };

  it('creates nobody, over every GET route that there is', async () => {
    const fastify = world.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    const routes = routesOf(fastify.printRoutes({ commonPrefix: false })).filter((route) => route.startsWith('GET '));
    expect(routes.length).toBeGreaterThan(25);
    const before = await rows();
    expect(before.people).toBeGreaterThan(0);
    for (const route of routes) {
      for (const stranger of STRANGERS) {
        const user = encodeURIComponent(stranger);
        const path = route
          .slice('GET '.length)
          .replace(/:user\b/, user)
          .replace(/:\w+/g, user)
          .replace('*', '');
        const address = stranger.includes('.') ? 'recipient' : 'to';
        // Under every name by which a query can say who is meant; routes refuse those that they do not have.
        for (const query of ['', `?${address}=${user}`, `?user=${user}`, `?search=${user}`]) {
          const status = await get(`${path}${query}`);
          expect([route, query, status < 500 || status === 503]).toEqual([route, query, true]);
        }
      }
      expect([route, await rows()]).toEqual([route, before]);
    }
  });

  it('answers about somebody who is not known, and asks 360dialog once a minute for all who look', async () => {
    const before = await rows();
    const asked = reads();
    for (let poll = 0; poll < 3; poll += 1) {
      const preflight = await world.get('/api/calling/preflight?to=5215598765432');
      expect([preflight.status, preflight.body.user.input]).toEqual([200, '5215598765432']);
      const permission = await world.get('/api/calling/permissions/+52%2055%209876%205432');
      expect([permission.status, permission.body.status]).toEqual([200, 'no_permission']);
    }
    expect(asked).toHaveBeenCalledTimes(1);
    await world.pass(61);
    await world.get('/api/calling/preflight?to=5215598765432');
    expect(asked).toHaveBeenCalledTimes(2);
    expect(await rows()).toEqual(before);
  });

  it('costs a dial no further question', async () => {
    const asked = reads();
    await world.get('/api/calling/preflight?to=5215598765432');
    const call = await world.post('/api/calling/make-call', { to: '5215598765432', permission_request: { mode: 'never' } });
    expect([call.status, call.body.code]).toEqual([409, 'permission_required']);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('shows nothing of somebody who was erased: 360dialog is asked anew', async () => {
    const asked = reads();
    await world.get('/api/calling/permissions/5215598765432');
    expect((await world.delete('/api/users/5215598765432')).status).toBe(200);
    await world.get('/api/calling/permissions/5215598765432');
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('keeps the reading of somebody who is known, as before', async () => {
    const asked = reads();
    await world.get('/api/calling/permissions/5215512340001');
    await world.get('/api/calling/preflight?to=5215512340001');
    expect(asked).toHaveBeenCalledTimes(1);
    expect((await rows()).permission_readings).toBe(1);
  });
});
