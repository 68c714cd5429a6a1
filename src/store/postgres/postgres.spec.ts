import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openStore } from '#store/open-store.js';
import type { Store, Tx } from '#store/store.js';
import { emptyDatabase, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;

onPostgres('a connection that Postgres ends', () => {
  let database: TemporaryDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await emptyDatabase('postgres');
    store = await openStore({ database: database.database, mode: 'live' });
  });
  afterEach(async () => {
    await store.close();
    await database.erase();
  });

  const pidOf = async (tx: Tx) => (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)).rows[0]?.pid;
  const isAlive = async (pid: number | undefined) =>
    (await sql<{ alive: boolean }>`select exists (select from pg_stat_activity where pid = ${pid}) as alive`.execute(raw(store))).rows[0]
      ?.alive;

  it('fails the transaction that used it and nothing else', async () => {
    const used = store.write(async (tx) => {
      const pid = await pidOf(tx);
      await sql`select pg_terminate_backend(${pid})`.execute(raw(store));
      while (await isAlive(pid)) await pause(5);
      // The client receives the end between two of its statements, when it has no query that could be rejected.
      for (;;) {
        await pause(1);
        await pidOf(tx);
      }
    });
    await expect(used).rejects.toThrow();
    await store.write((tx) => tx.insertInto('seen').values({ key: 'after', at: 1 }).execute());
    expect(await store.read.selectFrom('seen').select('key').execute()).toEqual([{ key: 'after' }]);
  });
});
