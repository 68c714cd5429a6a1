import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { RemovalJob } from '#onboarding/removal/removal.job.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { type HostedNumber, NumbersAt360dialog } from './numbers-at-360dialog.js';
import { answer, offer } from './sdp.js';
import { type Body, World } from './world.js';

const FIRST_KEY = 'simulator-key';
const [KEY_B, KEY_C] = ['canary-key-of-b-0001', 'canary-key-of-c-0002'];
const PUBLIC = 'https://gateway.example.com';
const CHAT = { url: 'https://chat.example.com/in?token=canary-of-chat', headers: { 'X-Chat': 'canary-of-the-header' } };
const ANA = '5215512340001';

describe.each(engines)('/api/numbers on %s', (engine) => {
  let hosted: NumbersAt360dialog;
  let world: World;
  let b: HostedNumber;
  const env = () => ({ D360_BASE_URL: hosted.url, PUBLIC_URL: PUBLIC, SECRETS_KEY: randomBytes(32).toString('base64') });

  beforeEach(async () => {
    hosted = await NumbersAt360dialog.open();
    hosted.host('1', FIRST_KEY);
    b = hosted.host('2', KEY_B, CHAT);
    world = await World.open({ engine, env: env() });
  });
  afterEach(async () => {
    await world.close();
    hosted.close();
  });

  const add = (more: object = {}, key = KEY_B) => world.post('/api/numbers', { api_key: key, ...more });
  const path = (more = '') => `/api/numbers/${b.phoneNumberId}${more}`;
  const rows = () => world.app.get(Store).read.selectFrom('numbers').selectAll().orderBy('learned_at').execute();
  const deliver = (to: string, token: string, body: unknown = { entry: [] }) =>
    fetch(`${world.url}/api/webhooks/360dialog${to}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const tokenIn = ({ body }: { body: Body }): string => body.webhook.register.headers.Authorization.slice('Bearer '.length);
  const registeredToken = (): string => String(b.webhook.headers.Authorization).slice('Bearer '.length);

  it('a number is added by its key, proven by the health before anything else is sent', async () => {
    const { status, body } = await add({ name: 'Ventas', reference: 'crm-1', settings: { time_zone: 'America/Mexico_City' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      phone_number_id: b.phoneNumberId,
      display_phone_number: b.display,
      waba_id: b.wabaId,
      portfolio_id: b.portfolioId,
      name: 'Ventas',
      reference: 'crm-1',
      source: 'api',
      state: 'active',
      mode: 'live',
      forward: null,
      settings: { time_zone: 'America/Mexico_City', poll_cron: null },
      pinned: [],
      webhook: {
        url: 'https://chat.example.com/in?token=[redacted]',
        matches: false,
        register: {
          url: `${PUBLIC}/api/webhooks/360dialog/${b.phoneNumberId}`,
          headers: { Authorization: expect.stringMatching(/^Bearer \S{43}$/) },
        },
        problem: null,
      },
    });
    expect(hosted.askedWith(KEY_B)[0]).toBe('GET /health_status');
    expect(b.webhook).toEqual(CHAT);
    const { body: list } = await world.get('/api/numbers');
    expect(list.data.map((one: Body) => one.phone_number_id)).toEqual(['300000000000001', b.phoneNumberId]);
    expect(list.data[0]).toMatchObject({ source: 'environment', key_accepted_at: expect.any(String) });
    expect((await world.events()).filter(({ type }) => type === 'number.added')).toHaveLength(1);
    const dialled = await world.do('make-call', {
      to: ANA,
      phone_number_id: b.phoneNumberId,
      session: offer(),
    });
    expect([dialled.status, hosted.dials.map(({ key }) => key)]).toEqual([201, [KEY_B]]);
  });

  it('a refused key, a key of a number that is ours, and a silent 360dialog keep nothing', async () => {
    expect(await add({}, 'not-a-key-at-all')).toMatchObject({
      status: 422,
      body: { code: 'number_key_rejected', errors: [{ field: 'api_key' }] },
    });
    expect(await add({}, FIRST_KEY)).toMatchObject({ status: 409, body: { code: 'number_exists' } });
    hosted.fault = ({ path: asked }) => (asked === '/health_status' ? 'drop' : undefined);
    expect(await add()).toMatchObject({ status: 503, body: { code: 'upstream_unavailable' } });
    hosted.fault = ({ path: asked }) => (asked === '/health_status' ? 500 : undefined);
    expect(await add()).toMatchObject({ status: 503 });
    hosted.fault = () => undefined;
    expect(hosted.asked.filter(({ key, path: asked }) => key !== FIRST_KEY && asked !== '/health_status')).toEqual([]);
    expect(await rows()).toHaveLength(1);
    expect((await world.events()).filter(({ type }) => type.startsWith('number.'))).toEqual([]);
  });

  it('shows what the last poll of a number found, and nothing before the first', async () => {
    expect((await add()).body.last_check).toBeNull();
    const metrics = {
      outbound: { verdict: 'blocked', failed: ['limit'] },
      inbound: { verdict: 'available', failed: [] },
      webhookSilent: true,
    };
    const at = world.clock.now();
    const snapshot = { id: 'snp_of_b', phone_number_id: b.phoneNumberId, cause: 'schedule' as const, started_at: at, finished_at: at };
    await raw(world.app.get(Store))
      .insertInto('snapshots')
      .values({ ...snapshot, state: 'done', data: JSON.stringify(metrics) })
      .execute();
    const shown = { outbound: 'blocked', inbound: 'available', webhook_silent: true, checked_at: new Date(at).toISOString() };
    expect((await world.get(path())).body.last_check).toEqual(shown);
    const { data } = (await world.get('/api/numbers')).body;
    expect(data.map((one: Body) => one.last_check)).toEqual([null, shown]);
  });

  it('twice at once makes one row', async () => {
    const answers = await Promise.all([add(), add(), add()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.filter(({ status }) => status === 409).map(({ body }) => body.code)).toEqual(['number_exists', 'number_exists']);
    expect(await rows()).toHaveLength(2);
  });

  it('another webhook is replaced only when it is named, kept, and restored', async () => {
    expect(await add({ webhook: 'register' })).toMatchObject({
      status: 409,
      body: { code: 'webhook_occupied', registered_url: 'https://chat.example.com/in?token=[redacted]' },
    });
    expect(await rows()).toHaveLength(1);
    const added = await add({ webhook: 'register', replaces: 'https://chat.example.com/in?token=[redacted]' });
    expect(added).toMatchObject({ status: 201, body: { webhook: { matches: true, register: null, problem: null } } });
    expect(b.webhook.url).toBe(`${PUBLIC}/api/webhooks/360dialog/${b.phoneNumberId}`);
    expect((await deliver(`/${b.phoneNumberId}`, registeredToken())).status).toBe(200);
    const restored = await world.delete(path('/webhook'));
    expect(restored).toMatchObject({ status: 200, body: { matches: false, changed: true, registered: { headers: ['X-Chat'] } } });
    expect(b.webhook).toEqual(CHAT);
    expect(await world.delete(path('/webhook'))).toMatchObject({ status: 409, body: { code: 'webhook_not_replaced' } });
    expect(await world.post(path('/webhook'), { dry_run: true })).toMatchObject({
      status: 200,
      body: { changed: false, matches: false, replaced: { url: 'https://chat.example.com/in?token=[redacted]' } },
    });
    expect(await world.post(path('/webhook'), {})).toMatchObject({ status: 409, body: { code: 'webhook_occupied' } });
    expect(b.webhook).toEqual(CHAT);
    expect(await world.post(path('/webhook'), { replaces: CHAT.url })).toMatchObject({
      status: 200,
      body: { matches: true, changed: true },
    });
  });

  it('a registration that 360dialog refuses leaves the number, and says why', async () => {
    hosted.fault = ({ method, path: asked }) => (method === 'POST' && asked === '/v1/configs/webhook' ? 500 : undefined);
    const added = await add({ webhook: 'register', replaces: CHAT.url });
    expect(added).toMatchObject({ status: 201, body: { webhook: { register: { url: expect.any(String) }, problem: expect.any(String) } } });
    hosted.fault = () => undefined;
    expect(await world.post(path('/webhook'), { replaces: CHAT.url })).toMatchObject({ status: 200 });
    expect(registeredToken()).toBe(tokenIn(added));
  });

  it('deliveries go by path and token; a token of one number opens no path of another', async () => {
    const token = tokenIn(await add());
    const c = hosted.host('3', KEY_C);
    const tokenOfC = tokenIn(await add({}, KEY_C));
    const statuses = async (...asked: [string, string][]) =>
      Promise.all(asked.map(async ([to, bearer]) => (await deliver(to, bearer)).status));
    expect(await statuses(['', token], [`/${b.phoneNumberId}`, token], [`/${c.phoneNumberId}`, tokenOfC])).toEqual([200, 200, 200]);
    expect(await statuses([`/${c.phoneNumberId}`, token], [`/${b.phoneNumberId}`, tokenOfC], ['/300000000000001', token])).toEqual([
      401, 401, 401,
    ]);
    expect(await statuses([`/${b.phoneNumberId}`, 'wrong'], ['/399999999999999', token], ['', `${token}x`])).toEqual([401, 401, 401]);
    const bodies = await Promise.all(
      [deliver(`/${c.phoneNumberId}`, token), deliver(`/${c.phoneNumberId}`, 'wrong')].map(async (one) => (await one).text()),
    );
    expect(bodies[0]?.replace(/req_\w+/g, '')).toBe(bodies[1]?.replace(/req_\w+/g, ''));
    const kept = await world.app.get(Store).read.selectFrom('deliveries').select('phone_number_id').execute();
    expect(kept.map((one) => one.phone_number_id).sort()).toEqual([b.phoneNumberId, b.phoneNumberId, c.phoneNumberId].sort());
    expect((await world.get(path())).body.webhook.last_delivery_at).toEqual(expect.any(String));
    expect((await world.get('/api/numbers/300000000000001')).body.webhook.last_delivery_at).toBeNull();
  });

  it('what was kept before a number was added is not its last delivery', async () => {
    const first = '300000000000001';
    const keep = (received_at: number) =>
      world.app.get(Store).write((tx) =>
        tx
          .insertInto('deliveries')
          .values({ phone_number_id: '', received_at, body: Buffer.from('{}'), state: 'done', attempts: 1, summary: null })
          .execute(),
      );
    const lastDelivery = async () => (await world.get(`/api/numbers/${first}`)).body.webhook.last_delivery_at;
    const added = Date.parse((await world.get(`/api/numbers/${first}`)).body.created_at);
    await keep(added - 1_000);
    expect(await lastDelivery()).toBeNull();
    await keep(added + 1_000);
    expect(await lastDelivery()).toBe(new Date(added + 1_000).toISOString());
  });

  it('a key of another number is refused in PATCH, and nothing is dialled with it', async () => {
    await add();
    hosted.host('3', KEY_C);
    expect(await world.patch(path(), { api_key: KEY_C, name: 'never' })).toMatchObject({ status: 409, body: { code: 'other_number' } });
    expect(hosted.askedWith(KEY_C)).toEqual(['GET /health_status']);
    expect((await world.get(path())).body.name).toBeNull();
    hosted.numbers.set('a-newer-key-of-b', b);
    hosted.numbers.delete(KEY_B);
    expect(await world.patch(path(), { api_key: 'a-newer-key-of-b' })).toMatchObject({ status: 200 });
    const session = offer();
    expect((await world.do('make-call', { to: ANA, phone_number_id: b.phoneNumberId, session })).status).toBe(201);
    expect(hosted.dials.map(({ key }) => key)).toEqual(['a-newer-key-of-b']);
    const changed = (await world.events()).filter(({ type }) => type === 'number.changed');
    expect(changed.map(({ data }) => data.changed)).toEqual([['api_key']]);
  });

  it('a paused number dials nobody and asks nobody; resumed, it does', async () => {
    await add();
    const call = { to: ANA, phone_number_id: b.phoneNumberId, session: offer() };
    expect(await world.patch(path(), { state: 'paused' })).toMatchObject({ status: 200, body: { state: 'paused' } });
    expect(await world.do('make-call', call)).toMatchObject({ status: 409, body: { code: 'number_paused' } });
    expect(await world.do('request-permission', { to: ANA, phone_number_id: b.phoneNumberId })).toMatchObject({
      status: 409,
      body: { code: 'number_paused' },
    });
    expect((await world.get(`/api/calling/preflight?to=${ANA}&phone_number_id=${b.phoneNumberId}`)).body).toMatchObject({
      verdict: 'blocked',
      code: 'number_paused',
    });
    expect([hosted.dials, hosted.asked.filter(({ path: asked }) => asked === '/messages')]).toEqual([[], []]);
    expect((await world.do('make-call', { ...call, phone_number_id: '300000000000001' })).status).toBe(201);
    await world.patch(path(), { state: 'active' });
    expect((await world.do('make-call', call)).status).toBe(201);
  });

  it('what is wrong with a change names its member, and changes nothing', async () => {
    await add();
    const fields = async (change: object) => {
      const { status, body } = await world.patch(path(), change);
      return [status, body.errors?.[0]?.field];
    };
    expect(await fields({ settings: { time_zone: 'Mars/Olympus' } })).toEqual([422, 'settings.time_zone']);
    expect(await fields({ settings: { poll_cron: 'often' } })).toEqual([422, 'settings.poll_cron']);
    expect(await fields({ settings: { retention_days: 0 } })).toEqual([422, 'settings.retention_days']);
    expect(await fields({ settings: { recording: true } })).toEqual([422, 'settings.recording']);
    expect(await fields({ forward: { url: 'https://10.0.0.1/in' } })).toEqual([422, 'forward.url']);
    expect(await fields({ forward: { url: 'https://chat.example.com/in', headers: { Host: 'x' } } })).toEqual([422, 'forward.headers']);
    expect(await fields({ state: 'removing' })).toEqual([422, 'state']);
    const environment = await world.patch('/api/numbers/300000000000001', { api_key: KEY_B });
    expect(environment).toMatchObject({ status: 409, body: { code: 'environment_number' } });
    expect(await world.delete('/api/numbers/300000000000001')).toMatchObject({ status: 409, body: { code: 'environment_number' } });
    expect(await world.patch('/api/numbers/399999999999999', {})).toMatchObject({ status: 404, body: { code: 'not_found' } });
    const settings = { time_zone: 'America/Bogota', retention_days: 30, poll_cron: '0 * * * *' };
    await world.patch(path(), { settings });
    expect((await world.patch(path(), { settings: { retention_days: null } })).body.settings).toMatchObject({
      ...settings,
      retention_days: null,
    });
  });

  it('two tokens are valid until the new one was seen', async () => {
    await add({ webhook: 'register', replaces: CHAT.url });
    const old = registeredToken();
    expect(await world.post(path('/rotate-webhook-token'))).toMatchObject({ status: 200, body: { register: null, problem: null } });
    const fresh = registeredToken();
    expect(fresh).not.toBe(old);
    expect((await deliver('', old)).status).toBe(200);
    expect((await deliver('', old)).status).toBe(200);
    expect((await deliver(`/${b.phoneNumberId}`, fresh)).status).toBe(200);
    while ((world.app.get(NumbersService).byId(b.phoneNumberId)?.webhookTokenDigests.length ?? 0) > 1) await turn();
    expect((await deliver('', old)).status).toBe(401);
    expect((await deliver('', fresh)).status).toBe(200);
  });

  const stateOf = async () => (await rows()).find((one) => one.phone_number_id === b.phoneNumberId);
  const advance = () => world.app.get(RemovalJob).advance();
  const at = (): string => String(Math.floor(world.clock.now() / 1000));
  const rings = (wacid: string) => ({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: b.wabaId,
        changes: [
          {
            field: 'calls',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: b.display, phone_number_id: b.phoneNumberId },
              contacts: [{ wa_id: ANA, profile: { name: 'Ana' } }],
              calls: [
                { id: wacid, from: ANA, to: b.display, event: 'connect', timestamp: at(), direction: 'USER_INITIATED', session: offer() },
              ],
            },
          },
        ],
      },
    ],
  });
  const inbound = async (token: string, wacid: string): Promise<void> => {
    expect((await deliver(`/${b.phoneNumberId}`, token, rings(wacid))).status).toBe(200);
    await world.settle();
  };
  const typesOf = async (prefix: string) => (await world.events()).map(({ type }) => type).filter((type) => type.startsWith(prefix));

  it('a paused number announces no inbound call, which is known all the same', async () => {
    const token = tokenIn(await add());
    await inbound(token, 'wacid.BEFORE');
    await world.patch(path(), { state: 'paused' });
    await inbound(token, 'wacid.WHILE');
    expect((await typesOf('call.')).filter((type) => type === 'call.incoming')).toHaveLength(1);
    expect((await world.call('wacid.WHILE')).state).toBe('ringing');
  });

  it('a number is removed: no dials and no accepts, live calls end, the webhook is restored, its secrets are gone', async () => {
    await add({ webhook: 'register', replaces: CHAT.url, forward: { url: 'https://chat.example.com/in', headers: { a: 'b' } } });
    await inbound(registeredToken(), 'wacid.LIVE');
    const { status, body } = await world.delete(path());
    expect([status, body.state, body.removal]).toEqual([202, 'removing', { since: expect.any(String), erases: false }]);
    expect(await world.do('accept', { call_id: 'wacid.LIVE', session: answer() })).toMatchObject({
      status: 409,
      body: { code: 'number_removing' },
    });
    expect(await world.do('make-call', { to: '5215512340002', phone_number_id: b.phoneNumberId, session: offer() })).toMatchObject({
      status: 409,
      body: { code: 'number_removing' },
    });
    expect(await world.patch(path(), { state: 'active' })).toMatchObject({ status: 409, body: { code: 'number_removing' } });
    expect(await add()).toMatchObject({ status: 409, body: { code: 'number_exists' } });
    await advance();
    expect([b.webhook.url, (await stateOf())?.state]).toEqual([expect.stringContaining(PUBLIC), 'removing']);
    const token = registeredToken();
    await world.do('terminate', { call_id: 'wacid.LIVE' });
    await world.settle();
    expect((await world.call('wacid.LIVE')).state).toBe('ended');
    await advance();
    expect(b.webhook).toEqual(CHAT);
    expect(await stateOf()).toMatchObject({
      ...{ sealed_api_key: null, key_digest: null, webhook_token_digest: null, previous_webhook_token_digest: null },
      ...{ sealed_webhook_token: null, replaced_webhook: null, forward: null, removed_at: expect.anything() },
    });
    expect((await world.get(path())).status).toBe(404);
    expect((await deliver(`/${b.phoneNumberId}`, token)).status).toBe(401);
    expect((await world.call('wacid.LIVE')).phone_number_id).toBe(b.phoneNumberId);
    expect(await typesOf('number.')).toEqual(['number.added', 'number.changed', 'number.removed']);
    expect((await add()).status).toBe(201);
    expect(await stateOf()).toMatchObject({ state: 'active', removed_at: null, removal: null, forward: null });
  });

  it('a removal goes on where it was broken off, whatever step that was', async () => {
    await add({ webhook: 'register', replaces: CHAT.url });
    hosted.fault = ({ method, path: asked }) => (method === 'POST' && asked === '/v1/configs/webhook' ? 'drop' : undefined);
    await world.delete(path());
    await advance();
    expect(await stateOf()).toMatchObject({ state: 'removing', removed_at: null, replaced_webhook: expect.any(String) });
    await world.stop();
    hosted.fault = () => undefined;
    // The process ended after the webhook was restored and before that was noted.
    b.webhook = CHAT;
    await world.start();
    await advance();
    expect(await stateOf()).toMatchObject({ sealed_api_key: null, removed_at: expect.anything() });
    expect(b.webhook).toEqual(CHAT);
    expect(await typesOf('number.removed')).toHaveLength(1);
  });

  it('a webhook that somebody else has registered meanwhile stays, and a key that is refused holds no removal up', async () => {
    await add({ webhook: 'register', replaces: CHAT.url });
    const theirs = { url: 'https://next.example.com/hook', headers: {} };
    b.webhook = theirs;
    await world.delete(path());
    await advance();
    expect([(await stateOf())?.removed_at, b.webhook]).toEqual([expect.anything(), theirs]);
    await add();
    hosted.numbers.delete(KEY_B);
    await world.delete(path());
    await advance();
    expect((await stateOf())?.removed_at).toEqual(expect.anything());
  });

  it('with erase its calls, people and events go, too, and those of the other number stay', async () => {
    const token = tokenIn(await add());
    await world.do('make-call', { to: ANA, phone_number_id: '300000000000001', session: offer() });
    await inbound(token, 'wacid.GONE');
    await world.do('terminate', { call_id: 'wacid.GONE' });
    await world.settle();
    const narrow = await world.post('/api/keys', { name: 'no erasure', scopes: ['numbers:admin'], numbers: null });
    const headers = { authorization: `Bearer ${narrow.body.key}` };
    expect(await world.delete(`${path()}?erase=true`, headers)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect((await world.delete(`${path()}?erase=true`)).body.removal).toMatchObject({ erases: true });
    await advance();
    expect((await world.get('/api/calling/calls/wacid.GONE')).status).toBe(404);
    const store = world.app.get(Store).read;
    expect(await store.selectFrom('people').select('phone_number_id').execute()).toEqual([{ phone_number_id: '300000000000001' }]);
    expect((await store.selectFrom('calls').select('phone_number_id').execute()).map((one) => one.phone_number_id)).toEqual([
      '300000000000001',
    ]);
    expect((await store.selectFrom('audit').select('target').execute()).map(({ target }) => target)).toContain(b.phoneNumberId);
  });

  it('a refused key is published once, and makes the number unhealthy until it is accepted', async () => {
    await add();
    hosted.numbers.delete(KEY_B);
    const ask = () => world.get(`/api/calling/status?refresh=true&phone_number_id=${b.phoneNumberId}`);
    const unhealthy = async () => (await world.get('/api/numbers?unhealthy=true')).body.data.map((one: Body) => one.phone_number_id);
    await ask();
    while ((await typesOf('number.key_rejected')).length === 0) await turn();
    await ask();
    expect(await typesOf('number.key_rejected')).toHaveLength(1);
    expect((await world.get(path())).body.key_rejected_at).toEqual(expect.any(String));
    expect(await unhealthy()).toEqual([b.phoneNumberId]);
    expect((await world.get('/api/numbers?unhealthy=false')).body.data).toMatchObject([{ phone_number_id: '300000000000001' }]);
    hosted.numbers.set(KEY_B, b);
    await ask();
    expect((await world.get(path())).body.key_rejected_at).toBeNull();
  });
});
