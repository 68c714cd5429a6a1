import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SubscriptionsService } from '#delivery/subscriptions/subscriptions.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { RemovalsService } from '#onboarding/removal/removals.service.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type Asked, type HostedNumber, NumbersAt360dialog } from './numbers-at-360dialog.js';
import { offer } from './sdp.js';
import { type Body, World } from './world.js';

const [KEY_A, KEY_B] = ['simulator-key', 'canary-key-of-b-0001'];
const FIRST = '300000000000001';
const ANA = '5215512340001';

describe.each(engines)('requests about a number at the same time on %s', (engine) => {
  let hosted: NumbersAt360dialog;
  let world: World;
  let b: HostedNumber;

  beforeEach(async () => {
    hosted = await NumbersAt360dialog.open();
    hosted.host('1', KEY_A);
    b = hosted.host('2', KEY_B);
    const env = { D360_BASE_URL: hosted.url, EVENTS_ALLOW_PRIVATE_TARGETS: 'true', SECRETS_KEY: randomBytes(32).toString('base64') };
    world = await World.open({ engine, env });
  });
  afterEach(async () => {
    hosted.hold = async () => undefined;
    await world.close();
    hosted.close();
  });

  const add = (more: object = {}) => world.post('/api/numbers', { api_key: KEY_B, ...more });
  const path = (more = '') => `/api/numbers/${b.phoneNumberId}${more}`;
  const isWrite = ({ method, path: asked }: Asked) => method === 'POST' && asked === '/v1/configs/webhook';
  /** Holds the first request that `is` says, until the returned function is called. */
  const holdFirst = (is: (asked: Asked) => boolean) => {
    const held = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    let isFirst = true;
    hosted.hold = async (asked) => {
      if (!isFirst || !is(asked)) return;
      isFirst = false;
      arrived.resolve();
      await held.promise;
    };
    return { arrived: arrived.promise, release: held.resolve };
  };
  const deliver = async () => {
    const headers = { ...b.webhook.headers, 'content-type': 'application/json' };
    return (await fetch(`${world.url}/api/webhooks/360dialog`, { method: 'POST', headers, body: '{"entry":[]}' })).status;
  };

  it('two additions of which neither sees the other keep one row and one token', async () => {
    const first = holdFirst(({ method, key, path: asked }) => method === 'GET' && key === KEY_B && asked === '/v1/configs/webhook');
    const one = add({ name: 'one' });
    await first.arrived;
    const two = await add({ name: 'two' });
    first.release();
    expect([two.status, (await one).status, (await one).body.code]).toEqual([201, 409, 'number_exists']);
    b.webhook = { url: '', headers: two.body.webhook.register.headers };
    expect([(await world.get(path())).body.name, await deliver()]).toEqual(['two', 200]);
  });

  it('two rotations leave a token registered that is valid, whichever is written last', async () => {
    await add({ webhook: 'register' });
    const first = holdFirst(isWrite);
    const one = world.post(path('/rotate-webhook-token'));
    await first.arrived;
    const two = await world.post(path('/rotate-webhook-token'));
    first.release();
    expect([(await one).status, two.status]).toEqual([200, 200]);
    expect(await deliver()).toBe(200);
  });

  it('a removal that erases erases, though another that does not was asked for at the same time', async () => {
    b.webhook = { url: 'https://chat.example.com/in', headers: {} };
    await add({ webhook: 'register', replaces: b.webhook.url });
    // The webhook cannot be restored meanwhile, so the number stays.
    hosted.fault = () => 500;
    const number = await world.app.get(NumbersService).require({ numbers: null }, b.phoneNumberId);
    const by = { keyId: 'key_1', name: 'owner', scopes: new Set(['data:erase'] as const), numbers: null };
    const removals = world.app.get(RemovalsService);
    await removals.begin(number, by, true);
    // As a replica has it that has not heard of the first one.
    expect((await removals.begin(number, by, false)).removal).toMatchObject({ erases: true });
  });

  it('a new key is not noted as refused when 360dialog refuses the one before', async () => {
    await add();
    const call = { to: ANA, phone_number_id: b.phoneNumberId, session: offer() };
    await world.do('make-call', call);
    hosted.numbers.set('a-newer-key-of-b', b);
    const held = holdFirst(({ key, path: asked }) => key === KEY_B && asked !== '/health_status');
    const asked = world.get(`/api/calling/status?refresh=true&phone_number_id=${b.phoneNumberId}`);
    await held.arrived;
    expect((await world.patch(path(), { api_key: 'a-newer-key-of-b' })).status).toBe(200);
    hosted.numbers.delete(KEY_B);
    held.release();
    await asked;
    for (let i = 0; i < 50; i += 1) await new Promise((next) => void setImmediate(next));
    expect((await world.get(path())).body.key_rejected_at).toBeNull();
    expect((await world.events()).filter(({ type }) => type === 'number.key_rejected')).toEqual([]);
  });

  it('a subscription of a replica that does not know of the second number yet is one of all, and is limited by no third', async () => {
    const numbers = world.app.get(NumbersService);
    await world.app
      .get(Store)
      .write((tx) =>
        tx
          .insertInto('numbers')
          .values({ phone_number_id: b.phoneNumberId, learned_at: world.clock.now(), address_scope: b.phoneNumberId, source: 'api' })
          .execute(),
      );
    expect(numbers.all()).toHaveLength(1);
    const { body: made } = await world.post('/api/subscriptions', { url: 'http://127.0.0.1:9/x', types: ['call.ended'] });
    await numbers.refresh();
    const { body: added } = await world.post('/api/numbers', { api_key: hosted.host('3', 'a-key-of-c-0123456789').key });
    expect([made.phone_number_id, added.pinned]).toEqual([null, []]);
    expect((await world.app.get(SubscriptionsService).require({ numbers: null }, made.id)).phoneNumberId).toBeNull();
  });

  it('a subscription that another key takes over keeps that it is one of all on purpose', async () => {
    await add();
    const { body: made } = await world.post('/api/subscriptions', { url: 'http://127.0.0.1:9/x', types: ['call.ended'] });
    const { body: key } = await world.post('/api/keys', {
      name: 'next',
      scopes: ['subscriptions:write', 'events:read', 'calls:read'],
      numbers: null,
    });
    const headers = { authorization: `Bearer ${key.key}` };
    expect((await world.patch(`/api/subscriptions/${made.id}`, { description: 'mine' }, headers)).status).toBe(200);
    const { body: added } = await world.post('/api/numbers', { api_key: hosted.host('3', 'a-key-of-c-0123456789').key });
    expect(added.pinned).toEqual([]);
  });

  const keyWith = async (more: object): Promise<Body> => (await world.post('/api/keys', { name: 'client', ...more })).body;

  it('a subscription reaches no further after its key is deleted, whoever resumes it', async () => {
    await add();
    const scopes = ['subscriptions:write', 'events:read', 'calls:read'];
    const { id: keyId, key } = await keyWith({ scopes, numbers: [FIRST] });
    const wish = { url: 'http://127.0.0.1:9/x', types: ['call.ended'] };
    const headers = { authorization: `Bearer ${key}` };
    const made = [await world.post('/api/subscriptions', wish, headers), await world.post('/api/subscriptions', wish, headers)];
    const [active, paused] = made.map(({ body }) => body.id) as [string, string];
    await world.patch(`/api/subscriptions/${paused}`, { paused: true }, headers);
    await world.delete(`/api/keys/${keyId}`);
    for (const id of [active, paused]) {
      expect((await world.patch(`/api/subscriptions/${id}`, { paused: false })).status).toBe(200);
      const { numbers, state } = await world.app.get(SubscriptionsService).require({ numbers: null }, id);
      expect([state, numbers]).toEqual(['active', [FIRST]]);
    }
  });

  it('the answer says which keys must name a number from now on', async () => {
    const [made, narrow] = [await keyWith({ scopes: ['numbers:admin'] }), await keyWith({ scopes: ['calls:read'] })];
    const { body } = await add();
    const { data } = (await world.get('/api/keys')).body;
    const ofEnvironment = data.find(({ source }: Body) => source === 'environment').id;
    expect([body.pinned, [...body.exempt].sort()]).toEqual([[narrow.id], [made.id, ofEnvironment].sort()]);
  });

  it('the key that API_KEY sets reaches every number, whoever wants it otherwise', async () => {
    await add();
    const { id } = (await world.get('/api/keys')).body.data.find(({ source }: Body) => source === 'environment');
    const { status, body } = await world.patch(`/api/keys/${id}`, { numbers: [FIRST] });
    expect([status, body.errors[0].field]).toEqual([422, 'numbers']);
    expect((await world.get(path())).status).toBe(200);
  });

  it('what belongs to the environment is changed there: its webhook is not registered, restored or rotated here', async () => {
    const of = `/api/numbers/${FIRST}`;
    const asked = [
      await world.post(`${of}/webhook`, {}),
      await world.post(`${of}/webhook`, { dry_run: true }),
      await world.delete(`${of}/webhook`),
      await world.post(`${of}/rotate-webhook-token`),
      await world.patch(of, { forward: { url: 'https://crm.example.com/in' } }),
    ];
    expect(asked.map(({ status, body }) => [status, body.code])).toEqual(asked.map(() => [409, 'environment_number']));
    expect(hosted.asked.filter(({ path: one }) => one === '/v1/configs/webhook')).toEqual([]);
  });

  it('what a number forwards to is shown without its secrets', async () => {
    const forward = { url: 'https://me:canary-1@crm.example.com/in?key=canary-2', headers: { 'X-Key': 'canary-3' } };
    const { body } = await add({ forward: { ...forward, url: 'https://crm.example.com/in?key=canary-2' } });
    const shown = { url: 'https://crm.example.com/in?key=[redacted]', headers: { 'X-Key': '[redacted]' } };
    expect([body.forward, (await world.get(path())).body.forward]).toEqual([shown, shown]);
    expect((await world.patch(path(), { forward })).body.errors?.[0].field).toBe('forward.url');
  });

  it('a rotation keeps the token that 360dialog sends, and where it cannot be asked makes no third', async () => {
    await add({ webhook: 'register' });
    const isRead = ({ method, path: asked }: Asked) => method === 'GET' && asked === '/v1/configs/webhook';
    hosted.fault = (asked) => (isWrite(asked) ? 'drop' : undefined);
    for (let i = 0; i < 3; i += 1) {
      expect((await world.post(path('/rotate-webhook-token'))).body).toMatchObject({ problem: expect.any(String) });
      expect(await deliver()).toBe(200);
    }
    hosted.fault = (asked) => (isWrite(asked) || isRead(asked) ? 'drop' : undefined);
    expect((await world.post(path('/rotate-webhook-token'))).status).toBe(502);
    expect(await deliver()).toBe(200);
  });

  it('the audit log of a key of the first number has no entry about the number that was added beside it', async () => {
    const headers = { authorization: `Bearer ${(await keyWith({ scopes: ['keys:admin'], numbers: [FIRST] })).key}` };
    await add();
    await world.settle();
    const text = async (by?: Record<string, string>) => JSON.stringify((await world.get('/api/audit?limit=200', by)).body);
    expect(await text()).toContain(b.phoneNumberId);
    expect(await text(headers)).not.toContain(b.phoneNumberId);
  });
});
