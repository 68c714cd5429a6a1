import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import { OutboxService } from '#events/outbox.service.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { World, type WorldOptions } from './world.js';

const DAY_SECONDS = 86_400;
const OURS = '300000000000001';

describe.each(engines)('subscriptions on %s', (engine) => {
  let world: World;
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    await world.close();
  });

  const open = async (env: Record<string, string> = {}, prepare?: WorldOptions['prepare']) => {
    world = await World.open({ engine, env: { EVENTS_ALLOW_PRIVATE_TARGETS: 'true', ...env }, ...(prepare ? { prepare } : {}) });
  };
  /** An endpoint that says yes to everything and means nothing by it. */
  const endpoint = async (): Promise<string> => {
    const made = createServer((request, response) => {
      request.resume();
      response.writeHead(204).end();
    });
    server = made;
    await new Promise<void>((listening) => made.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}/hook`;
  };

  it('are made for a consumer that only ever answers 2xx, and their secret is kept readable in no answer', async () => {
    await open();
    const url = await endpoint();
    const make = () => world.post('/api/subscriptions', { url, types: ['call.ended'] }, { 'idempotency-key': 'one' });
    const [first, again] = [await make(), await make()];
    expect(first).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^sub_/), state: 'active', gap: null } });
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true']);
    const rotate = () => world.post(`/api/subscriptions/${first.body.id}/rotate-secret`, undefined, { 'idempotency-key': 'two' });
    const rotated = await rotate();
    expect((await rotate()).body).toEqual(rotated.body);
    const kept = JSON.stringify(await world.app.get(Store).read.selectFrom('idempotency').selectAll().execute());
    expect(JSON.parse(kept)).toHaveLength(2);
    expect(kept).not.toContain('whsec_');
    expect((await world.get('/api/subscriptions')).body.data).toHaveLength(1);
  });

  it('refuse a number that is not ours, in both languages', async () => {
    await open();
    const url = await endpoint();
    const make = (phone_number_id: string, language = 'en') =>
      world.post('/api/subscriptions', { url, phone_number_id }, { 'accept-language': language });
    expect(await make('300000000000002')).toMatchObject({
      status: 422,
      body: { code: 'unknown_number', errors: [{ field: 'phone_number_id', message: `must be ${OURS}` }] },
    });
    expect((await make('300000000000002', 'es')).body.errors).toEqual([{ field: 'phone_number_id', message: `debe ser ${OURS}` }]);
    expect(await make(OURS)).toMatchObject({ status: 201, body: { phone_number_id: OURS } });
  });

  it('take any number while ours is unknown', async () => {
    await open({}, ({ simulator }) =>
      simulator.requestFaults.add({
        operation: 'health',
        user: null,
        times: 1_000,
        delayMs: 0,
        answerDelayMs: 0,
        instead: 'drop',
        afterwards: null,
      }),
    );
    expect(await world.post('/api/subscriptions', { url: await endpoint(), phone_number_id: '300000000000002' })).toMatchObject({
      status: 201,
    });
  });

  it('must prove that they want events where the gateway asks', async () => {
    await open({ EVENTS_CHALLENGE: 'true' });
    const url = await endpoint();
    const refused = await world.post('/api/subscriptions', { url });
    expect(refused).toMatchObject({ status: 422, body: { code: 'endpoint_not_verified' } });
    expect(refused.body.errors).toEqual([{ field: 'url', message: 'answered 204 without the challenge' }]);
    expect(refused.body.remedy).toContain('endpoint.verify');
    const spanish = await world.post('/api/subscriptions', { url }, { 'accept-language': 'es' });
    expect(spanish.body.errors).toEqual([{ field: 'url', message: 'respondió 204 sin el valor de challenge' }]);
    expect(spanish.body.title).toContain('no confirmó');
  });

  /** An endpoint that keeps what it gets, and an event that reaches every subscription. */
  const listening = async () => {
    const got: Array<{ id: string; type: string; data: { calling?: unknown; disabled_reason?: string } }> = [];
    const made = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      got.push(JSON.parse(Buffer.concat(parts).toString()));
      response.writeHead(204).end();
    });
    server = made;
    await new Promise<void>((listens) => made.listen(0, '127.0.0.1', listens));
    return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}/hook`, got };
  };
  const happen = async () => {
    await world.app.get(Store).write((tx) =>
      world.app.get(OutboxService).append(tx, {
        type: 'settings.updated',
        subject: 'settings',
        sequence: 1,
        phoneNumberId: OURS,
        occurredAt: world.clock.now(),
        expiresAt: null,
        data: { calling: {} },
      }),
    );
    await world.app.get(DeliveriesService).flush();
  };
  const makeKey = async (scopes: readonly string[]) => {
    const { id, key } = (await world.post('/api/keys', { name: 'consumer', scopes })).body;
    return { id, headers: { authorization: `Bearer ${key}` } };
  };

  it('need events:read and the scopes of what they carry; the refusal names what is missing', async () => {
    await open();
    const { headers } = await makeKey(['subscriptions:write', 'settings:read']);
    const body = { url: await endpoint(), types: ['settings.updated', 'call.ended'] };
    const refused = await world.post('/api/subscriptions', body, headers);
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect(refused.body.detail).toContain('events:read, calls:read');
    const spanish = await world.post('/api/subscriptions', body, { ...headers, 'accept-language': 'es' });
    expect(spanish.body.detail).toContain('le falta lo que esta solicitud exige: events:read, calls:read.');
    expect((await world.get('/api/subscriptions')).body.data).toEqual([]);
  });

  it('get nothing more once the key that made them is deleted, and the answer and the status count them', async () => {
    await open();
    const { url, got } = await listening();
    const consumer = await makeKey(['subscriptions:write', 'events:read', 'settings:read']);
    const body = { url, types: ['settings.updated'] };
    const { id, key_id } = (await world.post('/api/subscriptions', body, consumer.headers)).body;
    expect(key_id).toBe(consumer.id);
    await happen();
    expect(got).toHaveLength(1);
    expect(await world.delete(`/api/keys/${consumer.id}`)).toMatchObject({
      status: 200,
      body: { id: consumer.id, subscriptions_paused: 1 },
    });
    await happen();
    expect(got).toHaveLength(1);
    expect((await world.get(`/api/subscriptions/${id}`)).body).toMatchObject({
      state: 'paused',
      disabled_reason: 'key_deleted',
      disabled_at: expect.any(String),
    });
    expect((await world.get('/api/calling/status')).body.subscriptions_paused).toBe(1);
    expect((await world.patch(`/api/subscriptions/${id}`, { paused: false })).body).toMatchObject({
      state: 'active',
      disabled_reason: null,
    });
    await world.app.get(DeliveriesService).flush();
    expect(got).toHaveLength(2);
    expect((await world.get('/api/calling/status')).body.subscriptions_paused).toBe(0);
  });

  it('go on under another API_KEY', async () => {
    await open();
    const { url, got } = await listening();
    const { id, key_id } = (await world.post('/api/subscriptions', { url, types: ['settings.updated'] })).body;
    await world.stop();
    const next = 'another-key-of-the-owner-0123456789';
    world.rotate(next);
    await world.start();
    const headers = { authorization: `Bearer ${next}` };
    expect((await world.get('/api/subscriptions')).status).toBe(401);
    const after = (await world.get(`/api/subscriptions/${id}`, headers)).body;
    expect(after).toMatchObject({ state: 'active', created_by: key_id });
    expect(after.key_id).not.toBe(key_id);
    await happen();
    expect(got).toHaveLength(1);
  });

  it('say what was lost to a pause of more than a week', async () => {
    await open();
    const { id } = (await world.post('/api/subscriptions', { url: await endpoint(), types: ['call.ended', 'call.incoming'] })).body;
    const patch = async (body: object) =>
      (
        await fetch(`${world.url}/api/subscriptions/${id}`, {
          method: 'PATCH',
          headers: { authorization: `Bearer ${World.KEY}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json();
    await patch({ paused: true });
    const callIn = async () => {
      const user = world.simulator.context.users.meet('fede');
      if (!user) throw new Error('nobody is called fede');
      world.simulator.callSimulation.callIn(user, { giveUpAfterSeconds: 50 });
      await world.pass(120);
    };
    const from = new Date(world.clock.now()).toISOString();
    await callIn();
    world.clock.time += 8 * DAY_SECONDS * 1_000;
    await callIn();
    await world.app.get(OutboxService).purge(world.clock.now() - 7 * DAY_SECONDS * 1_000);
    const resumed = await patch({ paused: false });
    expect(resumed).toMatchObject({ state: 'active', gap: { events: 2 } });
    expect(resumed.gap.from >= from && resumed.gap.from < resumed.gap.until).toBe(true);
    expect((await world.get(resumed.gap.calls)).body.data).toHaveLength(1);
    expect((await world.events()).filter(({ type }) => type === 'subscription.gap')).toMatchObject([{ subject: id, data: { events: 2 } }]);
  });
});
