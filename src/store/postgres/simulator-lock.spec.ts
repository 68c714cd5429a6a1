import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { raw, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { SimulatorLock } from './simulator-lock.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;

onPostgres('the lock of a simulator', () => {
  let database: TemporaryStore;
  beforeEach(async () => {
    database = await temporaryStore('postgres');
  });
  afterEach(() => database.remove());

  it('has one holder, and lets an index be built meanwhile', async () => {
    const store = await database.open();
    if (database.database.kind !== 'postgres') throw new Error('this is about Postgres');
    const { url } = database.database;
    const lock = await SimulatorLock.take(url, () => undefined);
    expect(lock).not.toBeNull();
    const open = await sql<{ xmin: string | null }>`select backend_xmin::text as xmin from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction'`.execute(raw(store));
    expect(open.rows).toEqual([{ xmin: null }]);
    expect(await SimulatorLock.take(url, () => undefined)).toBeNull();
    await lock?.release();
  });
});
