import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import { Endpoint } from '#delivery/subscriptions/delivery.fixture.js';
import { OutboxService } from '#events/outbox.service.js';
import { Reader } from '#events/stream-reader.fixture.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from './sdp.js';
import { FIRST } from './second-number.js';
import { World } from './world.js';

const ANA = '5215512340001';
const OTHERS = Array.from({ length: 39 }, (_, i) => `4000000000000${10 + i}`);
const CONSUMER = ALL_SCOPES.filter((scope) => scope !== 'numbers:admin');

describe.each(engines)('what was written for one number on %s', (engine) => {
  let world: World;
  let hook: Endpoint;
  beforeEach(async () => {
    world = await World.open({ engine, env: { EVENTS_ALLOW_PRIVATE_TARGETS: 'true' } });
    hook = await new Endpoint().open();
  });
  afterEach(async () => {
    hook.close();
    await world.close();
  });

  const add = (id: string): Promise<string[]> => {
    const numbers = world.app.get(NumbersService);
    return numbers.addNew(id, { source: 'api', displayPhoneNumber: id }, async (tx, [first]) =>
      first ? (await numbers.pin(tx, first)).pinned : [],
    );
  };
  const publish = (phoneNumberId: string | null, id: string): Promise<void> =>
    world.app.get(Store).write((tx) =>
      world.app.get(OutboxService).append(tx, {
        ...{ type: 'call.updated', subject: id, sequence: 1, phoneNumberId, occurredAt: world.clock.now(), expiresAt: null },
        data: { id, session: null },
      }),
    );
  const listen = async (headers: Record<string, string>): Promise<Reader> => {
    const { port, hostname } = new URL(world.url);
    const options = { port, hostname, path: '/api/events', agent: false as const, headers };
    return new Reader(await new Promise<IncomingMessage>((resolve, reject) => get(options, resolve).on('error', reject)));
  };

  it('works unchanged and hears nothing else before, while and after 39 more are added and used', async () => {
    const made = async (scopes: readonly string[]) => (await world.post('/api/keys', { name: 'client', scopes })).body;
    const [consumer, admin] = [await made(CONSUMER), await made(ALL_SCOPES)];
    const headers = { authorization: `Bearer ${consumer.key}` };
    const wish = { url: hook.url, types: ['call.updated', 'call.ended'] };
    const [own, ofOwner] = [await world.post('/api/subscriptions', wish, headers), await world.post('/api/subscriptions', wish)];
    const [stream, ofAdmin] = [await listen(headers), await listen({ authorization: `Bearer ${admin.key}` })];
    await publish(FIRST, 'call_before');
    await stream.until(() => stream.heard.length === 1);

    // The event of each follows its number at once: this process may know of neither yet.
    const pinned = await add(OTHERS[0] as string);
    await publish(OTHERS[0] as string, 'call_of_another');
    await publish(null, 'call_of_none');
    expect(pinned.sort()).toEqual([consumer.id, own.body.id, ofOwner.body.id].sort());
    const all = await world.post('/api/keys', { name: 'of all', scopes: ['events:read', 'calls:read'], numbers: null });
    expect(all.body.numbers).toBeNull();
    for (const id of OTHERS.slice(1)) {
      // What is limited is limited once; what reaches all on purpose stays.
      expect(await add(id)).toEqual([]);
      await publish(id, 'call_of_another');
    }

    // The client names no number, and does all that it did.
    world.allow(ANA);
    await world.greet();
    const dialled = await world.do('make-call', { to: ANA, session: offer() }, headers);
    expect([dialled.status, dialled.body.phone_number_id]).toEqual([201, FIRST]);
    await world.pass(5);
    expect((await world.do('terminate', { call_id: dialled.body.call_id }, headers)).status).toBe(200);
    for (const path of ['/api/calling/status', '/api/calling/calls', '/api/calling/settings', `/api/calling/permissions/${ANA}`])
      expect([path, (await world.get(path, headers)).status]).toEqual([path, 200]);
    expect((await world.post('/api/keys', { name: 'another', scopes: ['calls:read'] }, headers)).status).toBe(422);
    expect((await world.post('/api/keys', { name: 'another', scopes: ['calls:read'], numbers: [FIRST] }, headers)).body.numbers).toEqual([
      FIRST,
    ]);
    // Exempt keys name a number from now on.
    for (const exempt of [{}, { authorization: `Bearer ${admin.key}` }]) {
      const refused = await world.get('/api/calling/status', exempt);
      expect([refused.status, refused.body.code, JSON.stringify(refused.body).includes(FIRST)]).toEqual([422, 'number_required', false]);
      expect((await world.get(`/api/calling/status?phone_number_id=${FIRST}`, exempt)).status).toBe(200);
      expect((await world.post('/api/keys', { name: 'another', scopes: ['calls:read'] }, exempt)).status).toBe(422);
    }

    await publish(FIRST, 'call_after');
    for (const reader of [stream, ofAdmin])
      await reader.until(() => reader.events.some(({ data }) => JSON.stringify(data).includes('call_after')));
    await world.app.get(DeliveriesService).flush();
    const foreign = /call_of_another|call_of_none|40000000000/;
    expect(JSON.stringify(stream.frames)).not.toMatch(foreign);
    expect([stream.closed, JSON.stringify(ofAdmin.frames).match(/call_of_another/g)?.length]).toEqual([false, 39]);
    const delivered = hook.got.map(({ body }) => body).join();
    expect(delivered).toMatch(/call_before.*call_after/s);
    expect(delivered).not.toMatch(foreign);
    for (const reader of [stream, ofAdmin]) reader.leave();
  });

  it('a number that is taken from a key ends its streams, and what it holds keeps to the rest', async () => {
    const [second] = OTHERS as [string];
    await add(second);
    const wish = { name: 'client', scopes: CONSUMER, numbers: [FIRST, second] };
    const { body: key } = await world.post('/api/keys', wish);
    const headers = { authorization: `Bearer ${key.key}` };
    const { body: subscription } = await world.post('/api/subscriptions', { url: hook.url, types: ['call.updated'] }, headers);
    // A key that reaches more takes it over, and it reaches no more than before.
    await world.patch(`/api/subscriptions/${subscription.id}`, { description: 'of the owner' });
    await world.patch(`/api/subscriptions/${subscription.id}`, { description: 'of the client' }, headers);
    const stream = await listen(headers);
    await publish(second, 'call_one');
    await stream.until(() => stream.heard.length === 1);
    expect((await world.patch(`/api/keys/${key.id}`, { numbers: [FIRST] })).status).toBe(200);
    await stream.until(() => stream.closed);
    await world.app.get(DeliveriesService).flush();
    hook.got.length = 0;
    await add(OTHERS[1] as string);
    for (const id of [second, OTHERS[1] as string, FIRST]) await publish(id, `call_of_${id}`);
    await world.app.get(DeliveriesService).flush();
    expect(hook.got.map(({ event }) => event.data.id)).toEqual([`call_of_${FIRST}`]);
    expect((await world.patch(`/api/keys/${key.id}`, {})).status).toBe(422);
  });
});
