import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const USER = '5215512340001';
/** Routes that must ask the database. */
const ROUTES: readonly (readonly [method: 'get' | 'post' | 'delete', path: string, body?: object])[] = [
  ['get', '/api/calling/calls'],
  ['get', '/api/calling/calls?format=csv'],
  ['get', '/api/calling/calls/call_1'],
  ['get', '/api/calling/calls/call_1/timeline'],
  ['get', '/api/calling/calls/call_1/bundle'],
  ['get', `/api/calling/permissions/${USER}`],
  ['get', `/api/calling/preflight?to=${USER}`],
  ['get', '/api/calling/conversation-requirements'],
  ['post', '/api/calling/make-call', { to: USER, session: offer() }],
  ['post', '/api/calling/connect', { id: 'call_1', session: offer() }],
  ['post', '/api/calling/request-permission', { to: USER, request: { text: 'May we call you?' } }],
  ['post', '/api/calling/terminate', { id: 'call_1' }],
  ['get', '/api/compliance/snapshots'],
  ['post', '/api/compliance/check'],
  ['get', '/api/compliance/reports'],
  ['get', '/api/compliance/reports/latest'],
  ['get', '/api/subscriptions'],
  ['get', '/api/subscriptions/sub_1'],
  ['post', '/api/subscriptions/sub_1/test'],
  ['delete', '/api/subscriptions/sub_1'],
  ['get', '/api/keys'],
  ['post', '/api/keys', { name: 'crm', scopes: ['calls:read'] }],
  ['delete', '/api/keys/key_1'],
  ['get', '/api/audit'],
  ['get', '/api/events'],
  ['delete', `/api/users/${USER}`],
  ['post', '/api/webhooks/360dialog'],
];

const FAULTS = { sqlite: 'SQLITE_IOERR', postgres: '57P01' };

describe.each(engines)('while the database fails, on %s', (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await World.open({ engine });
    await world.greet();
    // The key is known by now, so that a request comes as far as its handler.
    await world.get('/api/calling/calls');
    const fault = Object.assign(new Error('as the driver says it'), { code: FAULTS[engine] });
    const store = world.app.get(Store);
    const fail = () => {
      throw fault;
    };
    for (const name of ['write', 'writeBatch', 'writeBatchNow', 'keep', 'inBatches'] as const)
      jest.spyOn(store, name).mockRejectedValue(fault);
    const broken = new Proxy({}, { get: () => fail });
    jest.spyOn(store, 'read', 'get').mockReturnValue(broken as Store['read']);
    jest.spyOn(store, 'readLong', 'get').mockReturnValue(broken as Store['read']);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await world.close();
  });

  it.each(ROUTES)('%s %s is refused until later', async (...[method, path, body]) => {
    const token = path.startsWith('/api/webhooks') ? { authorization: 'Bearer world-webhook-token-0123456789' } : {};
    const reply = method === 'get' || method === 'delete' ? await world[method](path) : await world[method](path, body ?? {}, token);
    expect([reply.status, reply.body.code, reply.body.retryable]).toEqual([503, 'store_unavailable', true]);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.stringify(reply.body)).not.toContain('as the driver says it');
  });

  it('every route says so in the description of the API', async () => {
    const { body } = await world.get('/openapi.json');
    const silent = Object.entries(body.paths as Record<string, Record<string, { responses: Record<string, { description: string }> }>>)
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { responses }]) => ({ route: `${method} ${path}`, text: responses['503']?.description })),
      )
      .filter(({ text }) => !text?.includes('store_unavailable'));
    expect(silent).toEqual([]);
  });
});
