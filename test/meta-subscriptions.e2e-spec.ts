import { afterEach, describe, expect, it } from '@jest/globals';
import { ListenersService } from '#events/listeners.service.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { MetaConsumer } from './meta-consumer.js';
import { MetaWorld } from './meta-world.js';
import type { Body } from './world.js';

const { HUGO, OURS } = MetaWorld;
const HOUR_SECONDS = 3_600;

describe.each(engines)('subscriptions in the format of Meta on %s', (engine) => {
  let meta: MetaWorld;
  afterEach(() => meta.close());

  const keyWith = async (...scopes: string[]) => {
    const { body } = await meta.world.post('/api/keys', { name: 'narrow', scopes });
    return { authorization: `Bearer ${body.key}` };
  };
  const stored = () => meta.world.app.get(Store).read.selectFrom('subscriptions').selectAll().execute();

  it('are made after the handshake, with a secret that is shown once', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    const { status, body } = await meta.subscribe(one, { description: 'bot', phone_number_id: OURS });
    expect([status, body.format, body.types, body.scopes]).toEqual([201, 'meta', [], []]);
    expect(body.fields).toEqual(['calls', 'messages', 'account_settings_update']);
    expect(body.secret).toMatch(/^[0-9a-f]{32}$/);
    expect(one.handshakes.map((query) => [query.get('hub.mode'), query.get('hub.verify_token')])).toEqual([
      ['subscribe', MetaConsumer.TOKEN],
    ]);
    // Software that reads the challenge as an integer gives the same text back.
    expect(String(Number.parseInt(one.handshakes[0]?.get('hub.challenge') ?? '', 10))).toBe(one.handshakes[0]?.get('hub.challenge'));
    const shown = JSON.stringify([
      (await meta.world.get('/api/subscriptions')).body,
      (await meta.world.get(`/api/subscriptions/${body.id}`)).body,
    ]);
    for (const secret of [body.secret, MetaConsumer.TOKEN]) expect(shown).not.toContain(secret);
    const own = await meta.subscribe(one, { secret: 'an-app-secret-of-the-consumer', fields: ['calls'] });
    expect(own.body).toMatchObject({ secret: 'an-app-secret-of-the-consumer', fields: ['calls'] });
    expect((await meta.world.post('/api/subscriptions', { url: one.url, types: ['call.ended'] })).body).toMatchObject({
      format: 'standard',
      fields: null,
    });
  });

  it('are not made for an endpoint that fails the handshake, and nothing is kept', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    for (const [shake, message, spanish] of [
      [() => [403, 'no'], 'answered 403 to the handshake', 'respondió 403 al handshake'],
      [() => [200, 'welcome'], 'without hub.challenge as its text', 'sin hub.challenge como texto'],
      [(query) => [200, JSON.stringify(query.get('hub.challenge'))], 'without hub.challenge as its text', 'sin hub.challenge'],
      [() => [302, ''], 'answered 302 to the handshake', 'respondió 302'],
    ] as [MetaConsumer['shake'], string, string][]) {
      one.shake = shake;
      const refused = await meta.subscribe(one);
      expect([refused.status, refused.body.code, refused.body.errors[0].field]).toEqual([422, 'endpoint_not_verified', 'url']);
      expect(refused.body.errors[0].message).toContain(message);
      expect(refused.body.errors[0].message).not.toContain('welcome');
      expect((await meta.subscribe(one, {}, { 'accept-language': 'es' })).body.errors[0].message).toContain(spanish);
    }
    one.close();
    expect((await meta.subscribe(one)).body.errors[0].message).toContain('did not answer the handshake');
    expect(await stored()).toEqual([]);
  });

  it('are aimed at no address inside the network', async () => {
    meta = await MetaWorld.open(engine, { EVENTS_ALLOW_PRIVATE_TARGETS: 'false' });
    const one = await meta.consumer();
    for (const url of [one.url.replace('http:', 'https:'), 'https://169.254.169.254/latest', 'https://localhost/hook'])
      expect(await meta.subscribe(one, { url })).toMatchObject({
        status: 422,
        body: { code: 'invalid_request', errors: [{ field: 'url' }] },
      });
    expect(one.handshakes).toEqual([]);
  });

  it('need GRAPH_API, and their own members', async () => {
    meta = await MetaWorld.open(engine, { GRAPH_API: 'false' });
    const one = await meta.consumer();
    expect((await meta.subscribe(one)).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'format', message: 'must be standard: meta needs GRAPH_API=true' }],
    });
    const fields = async (body: object) =>
      (await meta.world.post('/api/subscriptions', { url: one.url, ...body })).body.errors.map((error: Body) => error.field);
    expect(await fields({ format: 'meta' })).toEqual(['verify_token']);
    expect(await fields({ format: 'meta', verify_token: 'x', types: ['call.ended'], scopes: ['calls:control'] })).toEqual([
      'types',
      'scopes',
    ]);
    expect(await fields({ verify_token: 'x', secret: 'x'.repeat(16), fields: ['calls'] })).toEqual(['fields', 'verify_token', 'secret']);
    expect(await fields({ format: 'meta', verify_token: 'x', fields: ['message_template_status_update'] })).toEqual(['fields']);
    expect(await fields({ format: 'xml' })).toEqual(['format']);
    expect([one.handshakes, await stored()]).toEqual([[], []]);
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.OFF')] });
    expect((await meta.metaEvents()).length).toBe(0);
    expect((await meta.world.get('/api/calling/calls')).body.data).toHaveLength(1);
  });

  it('need the scopes of their fields, and are paused with their key', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    const base = ['subscriptions:write', 'events:read'];
    const half = await keyWith(...base, 'calls:read', 'permissions:read');
    expect((await meta.subscribe(one, { fields: ['calls'] }, half)).body).toMatchObject({
      code: 'insufficient_scope',
      detail: expect.stringContaining('calls:control'),
    });
    expect((await meta.subscribe(one, {}, half)).body.fields).toEqual(['messages']);
    const none = await keyWith(...base);
    expect((await meta.subscribe(one, {}, none)).body.code).toBe('insufficient_scope');
    const whole = await meta.world.post('/api/keys', { name: 'whole', scopes: [...base, 'calls:read', 'calls:control'] });
    const made = await meta.subscribe(one, {}, { authorization: `Bearer ${whole.body.key}` });
    expect(made.body.fields).toEqual(['calls']);
    await meta.world.delete(`/api/keys/${whole.body.id}`);
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.KEY')] });
    await meta.flush();
    expect((await meta.world.get(`/api/subscriptions/${made.body.id}`)).body).toMatchObject({
      state: 'paused',
      disabled_reason: 'key_deleted',
    });
    expect(one.heard).toEqual([]);
  });

  it('end with 410, and are asked again at a new URL', async () => {
    meta = await MetaWorld.open(engine);
    const [one, next] = [await meta.consumer(), await meta.consumer()];
    const { id } = (await meta.subscribe(one, { fields: ['calls'] })).body;
    one.answer = () => 410;
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.GONE')] });
    await meta.flush();
    expect((await meta.world.get(`/api/subscriptions/${id}`)).body).toMatchObject({ state: 'disabled', disabled_reason: 'gone' });
    next.shake = () => [403, ''];
    expect((await meta.world.patch(`/api/subscriptions/${id}`, { url: next.url, paused: false })).body.code).toBe('endpoint_not_verified');
    next.shake = (query) => [query.get('hub.verify_token') === 'another' ? 200 : 403, query.get('hub.challenge') ?? ''];
    const moved = await meta.world.patch(`/api/subscriptions/${id}`, { url: next.url, verify_token: 'another', paused: false });
    expect([moved.status, moved.body.state]).toEqual([200, 'active']);
    const refused = await meta.world.patch(`/api/subscriptions/${id}`, { types: null });
    expect(refused.body.errors).toEqual([{ field: 'types', message: 'is for format standard alone' }]);
    await meta.world.patch(`/api/subscriptions/${id}`, { fields: ['messages'] });
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.UNWANTED', { from: HUGO })] });
    await meta.flush();
    expect(next.got).toEqual([]);
    expect((await meta.world.get(`/api/subscriptions/${id}`)).body.fields).toEqual(['messages']);
  });

  it('are signed with the new secret after a rotation, and for a day with the old one where that is refused', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    const made = (await meta.subscribe(one, { fields: ['calls'] })).body;
    const rotated = (await meta.world.post(`/api/subscriptions/${made.id}/rotate-secret`)).body;
    expect(rotated.secret).toMatch(/^[0-9a-f]{32}$/);
    let known = made.secret;
    one.answer = (posted) => (one.isSigned({ ...posted, status: 0 }, known) ? 200 : 401);
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.OLD')] });
    await meta.flush();
    expect(one.got.map(({ status }) => status)).toEqual([401, 200]);
    known = rotated.secret;
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.NEW', { from: HUGO })] });
    await meta.flush();
    expect(one.got.map(({ status }) => status)).toEqual([401, 200, 200]);
    known = made.secret;
    await meta.pass(25 * HOUR_SECONDS);
    const before = one.got.length;
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.LATER', { from: HUGO })] });
    await meta.flush();
    expect(one.got.slice(before).map(({ status }) => status)).toEqual([401]);
  });

  it('have a test of their own, signed and without an element', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    const { id, secret } = (await meta.subscribe(one, { fields: ['calls'], phone_number_id: OURS })).body;
    const { body } = await meta.world.post(`/api/subscriptions/${id}/test`);
    expect([body.delivered, body.request.body]).toEqual([true, one.got[0]?.raw]);
    expect(one.got[0]?.body.entry[0].changes).toEqual([
      { field: 'calls', value: { messaging_product: 'whatsapp', metadata: { display_phone_number: null, phone_number_id: OURS } } },
    ]);
    expect(one.isSigned(one.got[0] as never, secret)).toBe(true);
  });

  it('count as listeners of inbound calls, while the API in the shape of Meta is on', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    const count = () => meta.world.app.get(ListenersService).count(OURS);
    const none = engine === 'sqlite' ? 0 : null;
    await meta.subscribe(one, { fields: ['messages'] });
    expect(await count()).toBe(none);
    await meta.subscribe(one, { fields: ['calls'] });
    expect(await count()).toBe(1);
  });
});
