import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { SECOND } from '#kernel/clock.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { QueuesStore } from './queues.store.js';

const KEYS = ['inbox:300000000000001', 'inbox:300000000000002'];

(engines.includes('postgres') ? describe : describe.skip)('leases that another replica holds, on Postgres', () => {
  let database: TemporaryStore;
  beforeEach(async () => {
    database = await temporaryStore('postgres');
  });
  afterEach(() => database.remove());

  it('are refused at once while their holder writes them, and wait for nothing', async () => {
    const [here, there] = [new QueuesStore(await database.open()), new QueuesStore(await database.open())];
    expect((await here.take(KEYS, 'here', 60 * SECOND)).size).toBe(2);
    const [written, refused] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const writing = (await database.open()).write(async (tx) => {
      await sql`update queues set held_by_until = held_by_until + 1 where holder = 'here'`.execute(tx);
      written.resolve();
      await refused.promise;
    });
    await written.promise;
    expect((await there.take(KEYS, 'there', SECOND)).size).toBe(0);
    refused.resolve();
    await writing;
    await here.release('here');
    expect([...(await there.take(KEYS, 'there', SECOND)).keys()].sort()).toEqual(KEYS);
  });

  it('are given to one of two that ask for a free one at once', async () => {
    const stores = [new QueuesStore(await database.open()), new QueuesStore(await database.open())];
    const taken = await Promise.all(stores.map((store, n) => store.take(KEYS, `replica ${n}`, 60 * SECOND)));
    expect(taken.map(({ size }) => size).sort()).toEqual([0, 2]);
  });
});
