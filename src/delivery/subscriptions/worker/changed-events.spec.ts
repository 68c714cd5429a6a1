import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Endpoint, type Gateway, OWNER, TestBed } from '#delivery/subscriptions/delivery.fixture.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { SECOND } from '#kernel/clock.js';
import { engines } from '#store/temporary-database.fixture.js';

describe.each(engines)('an event that an erasure has changed before it is sent, on %s', (engine) => {
  let bed: TestBed;
  let gateway: Gateway;
  let hook: Endpoint;

  beforeEach(async () => {
    bed = new TestBed((store) => new OutboxService(new OutboxStore(store), store));
    gateway = await bed.open(engine);
    hook = await bed.endpoint();
  });
  afterEach(() => bed.close());

  const erase = () =>
    gateway.store.write((tx) =>
      tx
        .updateTable('events')
        .set({ data: JSON.stringify({ id: 'erased' }) })
        .where('sequence', '=', 2)
        .execute(),
    );

  it('is sent as it is kept, although it waited in memory', async () => {
    const held: ServerResponse[] = [];
    const asked = new Promise<void>((resolve) => {
      hook.answer = (_, response) => {
        held.push(response);
        resolve();
      };
    });
    await gateway.subscribe(hook.url);
    await gateway.publish({ sequence: 1, data: { id: 'call_1' } }, { sequence: 2, data: { id: 'call_1' } });
    await gateway.feed.flush();
    await asked;
    await erase();
    gateway.clock.pass(5 * SECOND);
    hook.answer = (_, response) => response.writeHead(204).end();
    for (const response of held) response.writeHead(204).end();
    await gateway.workers.flush();
    expect(hook.got.map(({ event }) => event.data.id)).toEqual(['call_1', 'erased']);
  });

  it('is sent as it is kept to a subscription that is resumed', async () => {
    const { id } = await gateway.subscribe(hook.url);
    await gateway.service.change(OWNER, id, { paused: true });
    await gateway.workers.flush();
    await gateway.publish({ sequence: 1, data: { id: 'call_1' } }, { sequence: 2, data: { id: 'call_1' } });
    await gateway.feed.flush();
    await erase();
    gateway.clock.pass(5 * SECOND);
    await gateway.service.change(OWNER, id, { paused: false });
    await gateway.workers.flush();
    expect(hook.got.map(({ event }) => event.data.id)).toEqual(['call_1', 'erased']);
  });
});
