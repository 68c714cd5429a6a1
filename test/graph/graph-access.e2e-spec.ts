import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HeaderGates } from '#access/authorization/header-gates.service.js';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { routesOf } from '../routes.js';
import { offer } from '../sdp.js';
import { addSecond, SECOND } from '../second-number.js';
import { type Body, type Reply, World } from '../world.js';
import { ANA, faultsOfError, HUGO, NUMBER, openGraph } from './graph-world.js';

/** Who may, route by route. The scope of a call is that of its action. */
const MATRIX: ReadonlyArray<readonly [route: string, scope: Scope, body: object | undefined]> = [
  ['GET ', 'status:read', undefined],
  [`GET /call_permissions?user_wa_id=${ANA}`, 'permissions:read', undefined],
  ['GET /settings', 'settings:read', undefined],
  ['POST /settings', 'settings:write', {}],
  ['POST /messages', 'permissions:ask', { to: ANA, type: 'interactive', interactive: { type: 'call_permission_request' } }],
  ['POST /calls', 'calls:dial', { action: 'connect' }],
  ['POST /calls', 'calls:dial', { to: '5215512340003', session: offer() }],
  ...['pre_accept', 'accept', 'reject', 'terminate', 'hold'].map((action) => ['POST /calls', 'calls:control', { action }] as const),
];

describe('who may use the Graph API', () => {
  let world: World;
  const keys = new Map<string, string>();
  beforeAll(async () => {
    world = await openGraph({ env: { CORS_ORIGINS: 'https://crm.example' } });
    await world.greet();
    world.allow(HUGO);
    for (const scope of ALL_SCOPES)
      keys.set(scope, (await world.post('/api/keys', { name: scope, scopes: [scope], numbers: [NUMBER] })).body.key);
    await addSecond(world, 'api');
    await world.app.get(NumbersService).refresh();
  });
  afterAll(() => world.close());

  const ask = (route: string, number: string, key: string | null, body?: object): Promise<Reply> => {
    const [method, end = ''] = route.split(' ');
    const headers = { authorization: key === null ? undefined : `Bearer ${key}` };
    const path = `/graph/v23.0/${number}${end}`;
    return method === 'GET' ? world.get(path, headers) : world.post(path, body ?? {}, headers);
  };
  const graphRoutes = (of: World): string[] =>
    routesOf((of.app.getHttpAdapter().getInstance() as unknown as FastifyInstance).printRoutes({ commonPrefix: false })).filter((route) =>
      route.includes('/graph'),
    );

  it('has a line for every route, each with and without a version, and a gate that decides before the body', () => {
    const found = graphRoutes(world);
    const ends = [...new Set(MATRIX.map(([route]) => route.replace(/\?.*/, '')))];
    const paths = ['/graph/:phone_number_id', '/graph/:version(^v\\d+\\.\\d+$)/:phone_number_id'];
    expect(found.sort()).toEqual(paths.flatMap((path) => ends.map((end) => end.replace(' ', ` ${path}`))).sort());
    const gates = world.app.get(HeaderGates);
    const withoutGate = found.filter((route) => {
      const [method = '', url = ''] = route.split(' ');
      return gates.of({ method, routeOptions: { url } } as FastifyRequest) === undefined;
    });
    expect(withoutGate).toEqual([]);
  });

  it.each(MATRIX)('%s takes a key with %s, and no other', async (route, needed, body) => {
    const stranger = await ask(route, NUMBER, null, body);
    expect([stranger.status, stranger.body.error.code, stranger.body.error.gateway_code]).toEqual([401, 190, 'unauthenticated']);
    for (const scope of ALL_SCOPES) {
      const { status, body: answered } = await ask(route, NUMBER, keys.get(scope) ?? '', body);
      const lacks = status === 403 && answered.error?.gateway_code === 'insufficient_scope' && answered.error.code === 10;
      expect([scope, lacks]).toEqual([scope, scope !== needed]);
    }
  });

  it.each(MATRIX)('%s of %s answers about another’s number exactly as about none', async (route, needed, body) => {
    const textOf = ({ status, headers, body: answered }: Reply, number: string): string => {
      const { fbtrace_id: _, ...error } = (answered as Body).error;
      return JSON.stringify([status, headers.get('content-type'), error]).replaceAll(number, '{number}');
    };
    const key = keys.get(needed) ?? '';
    const theirs = await ask(route, SECOND as string, key, body);
    const nobodys = await ask(route, '399999999999999', key, body);
    expect(textOf(theirs, SECOND as string)).toBe(textOf(nobodys, '399999999999999'));
    expect([theirs.status, theirs.body.error.code, theirs.body.error.error_subcode]).toEqual([400, 100, 33]);
  });

  it('a call of another number is not there', async () => {
    const made = await world.post(`/graph/${NUMBER}/calls`, { to: HUGO, session: offer() });
    const [{ id }] = made.body.calls;
    const elsewhere = await world.post(`/graph/${SECOND}/calls`, { action: 'terminate', call_id: id });
    expect([elsewhere.status, elsewhere.body.error.gateway_code]).toEqual([400, 'call_not_found']);
    expect((await world.post(`/graph/${NUMBER}/calls`, { action: 'terminate', call_id: id })).status).toBe(200);
    await world.pass(3);
  });

  it('a suspended key and a used budget are refusals in Meta’s shape', async () => {
    const made = (await world.post('/api/keys', { name: 'few', scopes: ['calls:dial'], numbers: [NUMBER], limits: { dials_per_day: 1 } }))
      .body;
    const dial = () => world.post(`/graph/${NUMBER}/calls`, { to: HUGO, session: offer() }, { authorization: `Bearer ${made.key}` });
    const first = await dial();
    // The same request again spends nothing.
    expect((await dial()).body).toEqual(first.body);
    await world.post(`/graph/${NUMBER}/calls`, { action: 'terminate', call_id: first.body.calls[0].id });
    await world.pass(3);
    const used = await dial();
    expect([used.status, used.body.error.code, used.body.error.is_transient, used.headers.get('retry-after') !== null]).toEqual([
      ...[429, 4, true, true],
    ]);
    await world.patch(`/api/keys/${made.id}`, { suspended: true });
    const suspended = await dial();
    expect([suspended.status, suspended.body.error.code, suspended.body.error.gateway_code]).toEqual([403, 10, 'key_suspended']);
  });

  it('refuses bodies in Meta’s shape: JSON, types, encodings, sizes', async () => {
    const send = async (init: RequestInit): Promise<Reply> => {
      const headers = { authorization: `Bearer ${World.KEY}`, 'content-type': 'application/json', ...(init.headers as object) };
      const response = await fetch(`${world.url}/graph/${NUMBER}/calls`, { method: 'POST', ...init, headers });
      return { status: response.status, headers: response.headers, body: await response.json() };
    };
    for (const [init, status, code] of [
      [{ body: '{' }, 400, 'invalid_json'],
      [{ body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'unsupported_media_type'],
      [{ body: '{}', headers: { 'content-encoding': 'zip' } }, 415, 'unsupported_content_encoding'],
      [{ body: JSON.stringify('x'.repeat(300_000)) }, 413, 'payload_too_large'],
      [{ body: '[1]' }, 400, 'invalid_request'],
      [{ body: '' }, 400, 'invalid_request'],
    ] as const) {
      const reply = await send(init);
      expect([code, reply.status, reply.body.error?.gateway_code, reply.body.error?.code, faultsOfError(reply.body)]).toEqual([
        ...[code, status, code, 100, []],
      ]);
    }
  });

  it('has the headers of the API, and lets listed pages in', async () => {
    const { headers } = await world.get(`/graph/${NUMBER}`, { authorization: `Bearer ${World.KEY}`, origin: 'https://crm.example' });
    expect(['cache-control', 'x-gateway-mode', 'access-control-allow-origin'].map((name) => headers.get(name))).toEqual([
      ...['no-store', 'live', 'https://crm.example'],
    ]);
    expect(headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('stands in no description of the API, since Meta describes it', async () => {
    expect(Object.keys((await world.get('/openapi.json')).body.paths).filter((path) => path.startsWith('/graph'))).toEqual([]);
  });

  it('is not there by default', async () => {
    const bare = await World.open();
    try {
      expect(graphRoutes(bare)).toEqual([]);
      const { status, body } = await bare.get(`/graph/${NUMBER}`);
      expect([status, body.code]).toEqual([404, 'route_not_found']);
    } finally {
      await bare.close();
    }
  });
});

describe('a key in the URL', () => {
  const asked = async (env: Record<string, string>, path: string, headers: Record<string, string | undefined> = {}) => {
    const world = await openGraph({ env });
    try {
      return (await world.get(path.replace('{key}', World.KEY), { authorization: undefined, ...headers })).status;
    } finally {
      await world.close();
    }
  };

  it('is nothing unless the operator allows it, and then a key of the Graph API alone', async () => {
    expect(await asked({}, `/graph/${NUMBER}?access_token={key}`)).toBe(401);
    const allowed = { GRAPH_QUERY_TOKEN: 'true' };
    expect(await asked(allowed, `/graph/${NUMBER}?access_token={key}`)).toBe(200);
    expect(await asked(allowed, `/graph/${NUMBER}?access_token=other`)).toBe(401);
    expect(await asked(allowed, `/graph/${NUMBER}?access_token={key}`, { authorization: 'Bearer other' })).toBe(401);
    expect(await asked(allowed, '/api/calling/status?access_token={key}')).toBe(401);
  });
});
