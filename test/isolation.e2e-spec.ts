import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import { ReportsService } from '#compliance/reports/reports.service.js';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import { Endpoint } from '#delivery/subscriptions/delivery.fixture.js';
import { writeCursor } from '#events/cursor.js';
import { OutboxService } from '#events/outbox.service.js';
import { Reader } from '#events/stream-reader.fixture.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { operationsIn } from './openapi-rules.js';
import { answer, offer } from './sdp.js';
import { addSecond, copyToSecond, FIRST, SECOND, SECOND_DISPLAY } from './second-number.js';
import { type Body, type Reply, World } from './world.js';

const ANA = '5215512340001';
const NOBODY = '399999999999999';
/** What may stand in no answer to a key of the first number. */
const CANARIES = [SECOND, SECOND_DISPLAY, 'CanaryName', 'canary-sdp', 'call_Z', 'snap_Z', 'rep_Z', 'usr_Z', 'wacid.B', 'wamid.B'];

/** Ids of what one number has, or of nothing. */
type Ids = Record<
  'call' | 'wacid' | 'snapshot' | 'report' | 'reportDelivery' | 'subscription' | 'key' | 'event' | 'delivery' | 'number',
  string
>;
type Ask = { path: string; body?: object };
/** How a route is asked about what belongs to a number; `none`: nothing of any number is in it, and the reason. */
type Kind = { by: 'id' | 'number'; asks: (ids: Ids) => Ask[] } | { by: 'list'; path: string } | { by: 'none'; why: string };

const none = (why: string): Kind => ({ by: 'none', why });
const list = (path: string): Kind => ({ by: 'list', path });
const byId = (...asks: Array<(ids: Ids) => Ask | Ask[]>): Kind => ({ by: 'id', asks: (ids) => asks.flatMap((ask) => ask(ids)) });
const byNumber = (path: string, body?: object): Kind => ({
  by: 'number',
  asks: ({ number }) => [body && 'to' in body ? { path, body: { ...body, phone_number_id: number } } : ofQuery(path, number, body)],
});
const ofQuery = (path: string, number: string, body?: object): Ask => ({
  path: `${path}${path.includes('?') ? '&' : '?'}phone_number_id=${number}`,
  ...(body ? { body } : {}),
});
const aCall = (path: string, body?: object): Kind =>
  byId(({ call, wacid }) => [call, wacid].map((id) => ({ path: path.replace('{id}', encodeURIComponent(id)), ...(body ? { body } : {}) })));
const aVerb = (verb: string, more: object = {}): Kind =>
  byId(({ call, wacid }) => [call, wacid].map((id) => ({ path: `/api/calling/${verb}`, body: { call_id: id, ...more } })));
const subscription = (end: string, body?: object): Kind =>
  byId(({ subscription: id }) => ({ path: `/api/subscriptions/${id}${end}`, ...(body ? { body } : {}) }));
const number = (end: string, body?: object): Kind =>
  byId(({ number: id }) => ({ path: `/api/numbers/${id}${end}`, ...(body ? { body } : {}) }));

/** Every operation of the API. One that is not here fails: say how it is asked about another's number. */
const MATRIX: Record<string, Kind> = {
  'get /api/calling/calls': list('/api/calling/calls?limit=200'),
  'get /api/calling/calls/{id}': aCall('/api/calling/calls/{id}'),
  'get /api/calling/calls/{id}/timeline': aCall('/api/calling/calls/{id}/timeline'),
  'get /api/calling/calls/{id}/bundle': aCall('/api/calling/calls/{id}/bundle?full=true'),
  'put /api/calling/calls/{id}/lease': aCall('/api/calling/calls/{id}/lease', { holder: 'window_0123456789abcdef' }),
  'delete /api/calling/calls/{id}/lease': aCall('/api/calling/calls/{id}/lease?holder=window_0123456789abcdef'),
  'post /api/calling/make-call': byNumber('/api/calling/make-call', { to: '4915112345678', permission_request: { mode: 'never' } }),
  'post /api/calling/request-permission': byNumber('/api/calling/request-permission', { to: '4915112345678' }),
  'post /api/calling/connect': aVerb('connect', { session: offer() }),
  'post /api/calling/pre-accept': aVerb('pre-accept', { session: answer() }),
  'post /api/calling/accept': aVerb('accept', { session: answer() }),
  'post /api/calling/reject': aVerb('reject'),
  'post /api/calling/release': aVerb('release'),
  'post /api/calling/terminate': aVerb('terminate'),
  'get /api/calling/permissions/{user}': byNumber(`/api/calling/permissions/${ANA}`),
  'get /api/calling/preflight': byNumber(`/api/calling/preflight?to=${ANA}&session=false`),
  'get /api/calling/status': byNumber('/api/calling/status'),
  'get /api/calling/settings': byNumber('/api/calling/settings'),
  'patch /api/calling/settings': byNumber('/api/calling/settings', { calling: { callback_permission_status: 'ENABLED' } }),
  'get /api/calling/conversation-requirements': byNumber('/api/calling/conversation-requirements'),
  'get /api/calling/ice-servers': none('servers of the gateway'),
  'get /api/calling/errors': none('the catalogue'),
  'get /api/calling/errors/{code}': none('the catalogue'),
  'post /api/calling/errors/explain': none('the catalogue'),
  'get /api/compliance/eligibility': byNumber('/api/compliance/eligibility'),
  'post /api/compliance/check': byNumber('/api/compliance/check', {}),
  'get /api/compliance/snapshots': list('/api/compliance/snapshots?limit=200'),
  'get /api/compliance/snapshots/{id}': byId(({ snapshot }) => ({ path: `/api/compliance/snapshots/${snapshot}` })),
  'get /api/compliance/declarations': byNumber('/api/compliance/declarations'),
  'put /api/compliance/declarations': byNumber('/api/compliance/declarations', { messaging_limit: 'TIER_2K' }),
  'get /api/compliance/reports': list('/api/compliance/reports?limit=200'),
  'get /api/compliance/reports/overview': list('/api/compliance/reports/overview?format=json'),
  'get /api/compliance/reports/periods': list('/api/compliance/reports/periods?format=json'),
  'get /api/compliance/reports/latest': byNumber('/api/compliance/reports/latest'),
  'get /api/compliance/reports/{id}': byId(({ report }) =>
    ['json', 'csv', 'html'].map((format) => ({ path: `/api/compliance/reports/${report}?format=${format}` })),
  ),
  'get /api/compliance/report-deliveries': list('/api/compliance/report-deliveries?limit=200'),
  'post /api/compliance/report-deliveries': byId(({ number: id }) => ({
    path: '/api/compliance/report-deliveries',
    body: { to: 'http://127.0.0.1:9/x', every: 'day', phone_number_id: id },
  })),
  'get /api/compliance/report-deliveries/{id}': byId(({ reportDelivery: id }) => ({ path: `/api/compliance/report-deliveries/${id}` })),
  'delete /api/compliance/report-deliveries/{id}': byId(({ reportDelivery: id }) => ({ path: `/api/compliance/report-deliveries/${id}` })),
  'get /api/keys': list('/api/keys?limit=200'),
  'post /api/keys': byId(({ number: id }) => ({ path: '/api/keys', body: { name: 'made', scopes: ['calls:read'], numbers: [id] } })),
  'patch /api/keys/{id}': byId(({ key }) => ({ path: `/api/keys/${key}`, body: { numbers: [FIRST] } })),
  'delete /api/keys/{id}': byId(({ key }) => ({ path: `/api/keys/${key}` })),
  'get /api/audit': list('/api/audit?limit=200'),
  'post /api/tokens': none('a token of the key itself'),
  'post /api/session': none('the session of the key itself'),
  'get /api/session': none('the session itself'),
  'delete /api/session': none('the session itself'),
  'get /api/events': none('its own test below'),
  'get /api/subscriptions': list('/api/subscriptions?limit=200'),
  'post /api/subscriptions': byId(({ number: id }) => ({
    path: '/api/subscriptions',
    body: { url: 'http://127.0.0.1:9/x', phone_number_id: id },
  })),
  'get /api/subscriptions/{id}': subscription(''),
  'patch /api/subscriptions/{id}': subscription('', { description: 'x' }),
  'delete /api/subscriptions/{id}': subscription(''),
  'post /api/subscriptions/{id}/rotate-secret': subscription('/rotate-secret', {}),
  'get /api/subscriptions/{id}/deliveries': subscription('/deliveries'),
  'post /api/subscriptions/{id}/replay': subscription('/replay', {}),
  'post /api/subscriptions/{id}/test': subscription('/test', {}),
  'get /api/forwarding/set-aside': list('/api/forwarding/set-aside?limit=200'),
  'post /api/forwarding/replay': byId(({ delivery }) => ({ path: '/api/forwarding/replay', body: { ids: [Number(delivery)] } })),
  'get /api/users': list('/api/users?search=a&limit=200'),
  'delete /api/users/{user}': none('test/two-numbers.e2e-spec.ts'),
  'get /api/users/{user}/export': list(`/api/users/${ANA}/export`),
  'get /api/numbers': list('/api/numbers?limit=200'),
  'post /api/numbers': none('refused to a key with a list: test below'),
  'get /api/numbers/{phone_number_id}': number(''),
  'patch /api/numbers/{phone_number_id}': number('', { name: 'x' }),
  'delete /api/numbers/{phone_number_id}': number(''),
  'post /api/numbers/{phone_number_id}/webhook': number('/webhook', { dry_run: true }),
  'delete /api/numbers/{phone_number_id}/webhook': number('/webhook'),
  'post /api/numbers/{phone_number_id}/rotate-webhook-token': number('/rotate-webhook-token', {}),
  'get /api/partner/channels': none('refused to a key with a list: test/adoption.e2e-spec.ts'),
  'post /api/partner/channels/{id}/adopt': none('refused to a key with a list: test/adoption.e2e-spec.ts'),
  'get /api/webhooks/360dialog': none('answers nothing'),
  'post /api/webhooks/360dialog': none('answers nothing'),
  'get /api/webhooks/360dialog/{phone_number_id}': none('answers nothing'),
  'post /api/webhooks/360dialog/{phone_number_id}': none('answers nothing'),
  'get /health/live': none('open'),
  'get /health/ready': none('open'),
  'get /metrics': none('its own test below'),
};

describe.each(engines)('what a key of one number is told of another on %s', (engine) => {
  let world: World;
  let hook: Endpoint;
  let operations: string[];
  const keys = {} as Record<'a' | 'b' | 'both' | 'all', { id: string; headers: Record<string, string> }>;
  const ids = {} as Record<'a' | 'b' | 'nobody', Ids>;

  const ask = (method: string, { path, body }: Ask, headers: Record<string, string | undefined>): Promise<Reply> => {
    if (method === 'get') return world.get(path, headers);
    if (method === 'delete') return world.delete(path, headers);
    return world[method as 'post' | 'put' | 'patch'](path, body ?? {}, headers);
  };
  const textOf = ({ status, headers, body }: Reply): string =>
    JSON.stringify([status, [...headers].filter(([name]) => !/^(date|x-request-id|x-ratelimit.*|ratelimit.*)$/.test(name)), body]);
  const leaksIn = (text: string): string[] =>
    [...CANARIES, ids.b.event, ids.b.subscription, ids.b.reportDelivery, keys.b.id, keys.both.id, keys.all.id].filter((canary) =>
      text.includes(canary),
    );
  const without = (text: string, of: Ids): string =>
    Object.values(of).reduce((left, id) => left.replaceAll(encodeURIComponent(id), '*').replaceAll(id, '*'), text);
  const append = async (phoneNumberId: string | null, subject: string) => {
    await world.app.get(Store).write((tx) =>
      world.app.get(OutboxService).append(tx, {
        type: 'call.updated',
        subject,
        sequence: 1,
        phoneNumberId,
        occurredAt: world.clock.now(),
        expiresAt: null,
        data: { id: subject, session: null },
      }),
    );
  };
  const eventOf = async (phoneNumberId: string) => {
    const { xid, id } = await raw(world.app.get(Store))
      .selectFrom('events')
      .select(['xid', 'id'])
      .where('phone_number_id', '=', phoneNumberId)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    return writeCursor({ xid, id: Number(id) });
  };

  beforeAll(async () => {
    world = await World.open({ engine, env: { EVENTS_ALLOW_PRIVATE_TARGETS: 'true' } });
    hook = await new Endpoint().open();
    await world.greet();
    world.allow(ANA);
    await world.do('make-call', { to: ANA, session: offer(), reference: 'crm-1' });
    await world.pass(6);
    const [made] = (await world.get('/api/calling/calls')).body.data;
    await world.do('terminate', { id: made.id });
    await world.pass(2);
    const { headers } = await world.post('/api/compliance/check');
    for (let state = 'running'; state === 'running'; ) ({ state } = (await world.get(headers.get('location') ?? '')).body);
    world.clock.time += 26 * 3_600_000;
    await world.app.get(ReportsService).writeDue(await world.app.get(NumbersService).require({ numbers: null }), () => true);
    await addSecond(world, 'api');
    await copyToSecond(world);
    await world.app.get(NumbersService).refresh();
    const db = raw(world.app.get(Store));
    await sql`update people set name = 'CanaryName' where phone_number_id = ${SECOND}`.execute(db);
    await sql`update events set data = replace(data, '"Ana"', '"CanaryName"') where phone_number_id = ${SECOND}`.execute(db);
    await sql`update calls set knowledge = replace(knowledge, 'v=0', 'v=0 canary-sdp') where phone_number_id = ${SECOND}`.execute(db);
    for (const [name, numbers] of Object.entries({ a: [FIRST], b: [SECOND], both: [FIRST, SECOND], all: null })) {
      const { status, body } = await world.post('/api/keys', { name, scopes: ALL_SCOPES, numbers });
      expect([status, body.numbers]).toEqual([201, numbers]);
      keys[name as 'a'] = { id: body.id, headers: { authorization: `Bearer ${body.key}` } };
    }
    for (const [name, phoneNumberId] of [
      ['a', FIRST],
      ['b', SECOND],
    ] as const) {
      const first = async (table: string) =>
        (await sql<Body>`select * from ${sql.table(table)} where phone_number_id = ${phoneNumberId} order by 1`.execute(db)).rows[0];
      const call = await first('calls');
      const sub = await world.post('/api/subscriptions', { url: hook.url, types: ['call.updated'] }, keys[name].headers);
      const wanted = { to: `http://127.0.0.1:9/${name}`, every: 'day', phone_number_id: phoneNumberId };
      const reports = await world.post('/api/compliance/report-deliveries', wanted, keys[name].headers);
      ids[name] = {
        reportDelivery: reports.body.id,
        call: call.id,
        wacid: call.wacid,
        snapshot: (await first('snapshots')).id,
        report: (await first('reports')).id,
        delivery: String((await first('deliveries'))?.id ?? 0),
        subscription: sub.body.id,
        key: keys[name].id,
        event: await eventOf(phoneNumberId),
        number: phoneNumberId,
      };
    }
    const turned = (id: string) => id.replace(/[0-9A-Z](?=.{3}$)/, (letter) => (letter === '7' ? '8' : '7'));
    ids.nobody = Object.fromEntries(Object.entries(ids.b).map(([name, id]) => [name, turned(id)])) as Ids;
    Object.assign(ids.nobody, { number: NOBODY, wacid: `${ids.b.wacid}x`, delivery: '88888888' });
    ids.nobody.event = 'evt_0000000000000000zzzzzz';
    operations = operationsIn((await world.get('/openapi.json')).body).flatMap(({ name }) => (name.includes(' /') ? name : []));
  });
  afterAll(async () => {
    hook?.close();
    await world?.close();
  });

  it('asks every operation of the document, and no other', () => {
    expect([...operations].sort()).toEqual(Object.keys(MATRIX).sort());
  });

  // Before any request with an id of the other: the audit log shows what a key itself has asked for.
  it('tells a key of the one about its own, and nothing of the other; whom it belongs to sees it', async () => {
    for (const [name, kind] of Object.entries(MATRIX)) {
      const [method] = name.split(' ');
      if (method !== 'get' || kind.by === 'none') continue;
      const asks = (of: Ids): Ask[] => (kind.by === 'list' ? [{ path: kind.path }, ofQuery(kind.path, of.number)] : kind.asks(of));
      for (const asked of kind.by === 'list' ? asks(ids.a).slice(0, 1) : asks(ids.a)) {
        const reply = await ask('get', asked, keys.a.headers);
        expect([name, reply.status, leaksIn(textOf(reply))]).toEqual([name, 200, []]);
      }
      if (kind.by !== 'id' || name.includes('/api/numbers')) continue;
      for (const asked of asks(ids.b))
        for (const by of ['b', 'both', 'all'] as const) {
          expect([name, by, (await ask('get', asked, keys[by].headers)).status]).toEqual([name, by, 200]);
        }
      for (const asked of asks(ids.a)) expect((await ask('get', asked, { authorization: 'Bearer none' })).status).toBe(401);
    }
  });

  /** How a key of the first number may come: with itself, with the console's cookie, with a browser token. */
  const credentials = async (): Promise<Record<'key' | 'session' | 'token', Record<string, string | undefined>>> => {
    const page = { 'x-requested-with': 'console', 'sec-fetch-site': 'same-origin', origin: world.url };
    const signedIn = await world.post('/api/session', { key: keys.a.headers.authorization?.slice('Bearer '.length) }, page);
    const scopes = ALL_SCOPES.filter((scope) => !['keys:admin', 'data:erase', 'data:export'].includes(scope));
    const token = await world.post('/api/tokens', { scopes, ttl_seconds: 900 }, keys.a.headers);
    const cookie = String(signedIn.headers.get('set-cookie')).split(';', 1)[0] as string;
    return {
      key: keys.a.headers,
      session: { ...page, authorization: undefined, cookie },
      token: { authorization: `Bearer ${token.body.token}` },
    };
  };

  it.each(['key', 'session', 'token'] as const)('answers a %s about the other exactly as about nobody', async (credential) => {
    const headers = (await credentials())[credential];
    expect((await world.get(`/api/calling/calls/${ids.a.call}`, headers)).status).toBe(200);
    for (const [name, kind] of Object.entries(MATRIX)) {
      if (kind.by !== 'id' && kind.by !== 'number') continue;
      const [method = ''] = name.split(' ');
      for (const [i, asked] of kind.asks(ids.b).entries()) {
        const theirs = textOf(await ask(method, asked, headers));
        const nobodys = textOf(await ask(method, kind.asks(ids.nobody)[i] as Ask, headers));
        expect([name, without(theirs, ids.b)]).toEqual([name, without(nobodys, ids.nobody)]);
        expect([name, leaksIn(without(theirs, ids.b))]).toEqual([name, []]);
      }
    }
  });

  it('lists of a key with both, and of all, have both; as CSV too', async () => {
    for (const path of [
      '/api/calling/calls',
      '/api/calling/calls?format=csv',
      '/api/compliance/snapshots',
      '/api/compliance/reports',
      '/api/compliance/report-deliveries',
      '/api/keys',
      '/api/subscriptions',
    ])
      for (const [by, expected] of [
        ['a', false],
        ['b', true],
        ['both', true],
        ['all', true],
      ] as const) {
        const text = textOf(await world.get(path, keys[by].headers));
        expect([path, by, leaksIn(text).length > 0]).toEqual([path, by, expected]);
      }
    expect((await world.get(`/api/calling/calls?phone_number_id=${SECOND}`, keys.a.headers)).status).toBe(422);
    expect((await world.get('/api/calling/status', keys.both.headers)).body.code).toBe('number_required');
    expect(leaksIn(textOf(await world.get('/metrics')))).toEqual([]);
  });

  it('makes no wider key, adds no number, and answers under the Idempotency-Key of another anew', async () => {
    const wish = { name: 'wider', scopes: ['calls:read'] };
    for (const numbers of [null, [FIRST, SECOND], [SECOND]])
      expect((await world.post('/api/keys', { ...wish, numbers }, keys.a.headers)).status).toBe(422);
    expect((await world.post('/api/keys', wish)).body.errors[0].field).toBe('numbers');
    expect((await world.post('/api/numbers', { api_key: 'a-key-of-360dialog-0123456789' }, keys.a.headers)).status).toBe(403);
    const once = { 'idempotency-key': 'shared' };
    const theirs = await world.post('/api/keys', { ...wish, numbers: [SECOND] }, { ...keys.b.headers, ...once });
    const own = await world.post('/api/keys', { ...wish, numbers: [FIRST] }, { ...keys.a.headers, ...once });
    expect([theirs.status, own.status, own.headers.get('idempotency-replayed')]).toEqual([201, 201, null]);
  });

  it('a browser token and a session reach what their key does, and lose it with it', async () => {
    const { body: made } = await world.post('/api/keys', { name: 'lent', scopes: ALL_SCOPES, numbers: [FIRST, SECOND] });
    const key = { authorization: `Bearer ${made.key}` };
    const page = { 'x-requested-with': 'console', 'sec-fetch-site': 'same-origin', origin: world.url };
    const signedIn = await world.post('/api/session', { key: made.key }, page);
    const cookie = { ...page, authorization: undefined, cookie: String(signedIn.headers.get('set-cookie')).split(';', 1)[0] as string };
    const token = { authorization: `Bearer ${(await world.post('/api/tokens', { scopes: ['calls:read'] }, key)).body.token}` };
    const once = { ...key, 'idempotency-key': 'before' };
    const test = () => world.do('terminate', { call_id: ids.b.call }, once);
    await test();
    const path = `/api/calling/calls/${ids.b.call}`;
    const statuses = async () => Promise.all([key, token, cookie].map(async (headers) => (await world.get(path, headers)).status));
    expect(await statuses()).toEqual([200, 200, 200]);
    expect(signedIn.body.numbers).toEqual([FIRST, SECOND]);
    expect((await world.patch(`/api/keys/${made.id}`, { numbers: [FIRST] })).body.numbers).toEqual([FIRST]);
    expect(await statuses()).toEqual([404, 404, 404]);
    expect(leaksIn(textOf(await test()))).toEqual([]);
  });

  it('a stream hears its own numbers, live and after an id of the other, whose id is as nobody’s', async () => {
    const open = async (headers: Record<string, string>, query = '') => {
      const { port, hostname } = new URL(world.url);
      const response = await new Promise<IncomingMessage>((resolve, reject) =>
        get({ port, hostname, path: `/api/events${query}`, agent: false, headers }, resolve).on('error', reject),
      );
      return new Reader(response);
    };
    const readers: Reader[] = [];
    for (const start of [undefined, ids.b.event, ids.nobody.event, ids.a.event]) {
      readers.push(await open({ ...keys.a.headers, ...(start ? { 'last-event-id': start } : {}) }));
    }
    readers.push(await open(keys.all.headers));
    await append(SECOND, 'call_ZZZZZZ');
    await append(null, 'about-none-canary');
    await append(FIRST, `marker-${engine}`);
    for (const reader of readers) await reader.until(() => reader.frames.some(({ data }) => data?.includes('marker')));
    const texts = readers.map((reader) => JSON.stringify(reader.frames));
    for (const text of texts.slice(0, 4)) expect([...leaksIn(text), ...(text.includes('about-none') ? ['none'] : [])]).toEqual([]);
    expect(texts.map((text) => text.includes('"reset"'))).toEqual([false, true, true, false, false]);
    expect(texts[4]).toMatch(/call_ZZZZZZ.*about-none/);
    for (const reader of readers) reader.leave();
  });

  it('a subscription delivers and replays its own numbers', async () => {
    await world.app.get(DeliveriesService).flush();
    hook.got.length = 0;
    await append(SECOND, 'call_ZZZZZY');
    await append(FIRST, 'call_OWN');
    await world.app.get(DeliveriesService).flush();
    const { data } = (await world.get(`/api/subscriptions/${ids.a.subscription}/deliveries?limit=200`, keys.a.headers)).body;
    const subjects = data.map(({ subject }: { subject: string }) => subject);
    expect([subjects.includes('call_OWN'), leaksIn(JSON.stringify(data))]).toEqual([true, []]);
    expect(hook.got.map(({ event }) => event.data.id).sort()).toEqual(['call_OWN', 'call_ZZZZZY']);
    const replay = async (event: string) =>
      (await world.post(`/api/subscriptions/${ids.a.subscription}/replay`, { event_ids: [event] }, keys.a.headers)).body.count;
    // Both are of a type that the subscription is about.
    expect([await replay(await eventOf(SECOND)), await replay(ids.nobody.event), await replay(await eventOf(FIRST))]).toEqual([0, 0, 1]);
  });
});
