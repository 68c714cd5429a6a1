import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import { OutboxService } from '#events/outbox.service.js';
import { Store } from '#store/store.js';
import { World } from './world.js';

/** By so much the transaction ids of the server where the dump was made are ahead of those of this one. */
const AHEAD = 1_000_000_000;
const TABLES = ['events', 'dispatches', 'subscriptions', 'deliveries', 'forwards'];

(process.env.TEST_POSTGRES_URL ? describe : describe.skip)('a dump that is restored on a server with younger transaction ids', () => {
  it('goes on: a subscription gets each new event once, and none of before', async () => {
    const got: number[] = [];
    const endpoint = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { type, sequence } = JSON.parse(Buffer.concat(parts).toString());
      if (type === 'settings.updated') got.push(sequence);
      response.writeHead(204).end();
    });
    await new Promise<void>((listens) => endpoint.listen(0, '127.0.0.1', listens));
    const world = await World.open({ engine: 'postgres', env: { EVENTS_ALLOW_PRIVATE_TARGETS: 'true' } });
    await world.greet();
    const publish = async (sequence: number) => {
      const event = { type: 'settings.updated', subject: 'settings', sequence, phoneNumberId: null, expiresAt: null } as const;
      await world.app
        .get(Store)
        .write((tx) => world.app.get(OutboxService).append(tx, { ...event, occurredAt: world.clock.now(), data: { calling: {} } }));
      await world.app.get(DeliveriesService).flush();
    };
    const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/hook`;
    expect((await world.post('/api/subscriptions', { url, types: ['settings.updated'] })).status).toBe(201);
    await publish(1);
    expect(got).toEqual([1]);

    await world.stop();
    if (world.database.kind !== 'postgres') throw new Error('not on Postgres');
    const owner = new pg.Client({ connectionString: world.database.url.reveal() });
    await owner.connect();
    // As the release before ordered them: by the transactions of the server where they were written.
    await owner.query(TABLES.map((table) => `update ${table} set xid = ${AHEAD} + xid % 1000`).join(';'));
    await owner.end();
    await world.start();
    for (const sequence of [2, 3, 4, 5, 6]) await publish(sequence);
    expect(got).toEqual([1, 2, 3, 4, 5, 6]);
    await world.close();
    endpoint.close();
  });
});
