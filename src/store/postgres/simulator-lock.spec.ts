import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { temporaryDatabase } from '#store/temporary-database.fixture.js';
import { openPostgresForMove } from './open-postgres.js';
import { SimulatorLock } from './simulator-lock.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;

onPostgres('the lock of a simulator', () => {
  it('has one holder, and lets an index be built meanwhile', async () => {
    const { database, erase } = await temporaryDatabase('postgres');
    if (database.kind !== 'postgres') throw new Error('this is about Postgres');
    const db = openPostgresForMove(database.url);
    const lock = await SimulatorLock.take(database.url, () => undefined);
    try {
      expect(lock).not.toBeNull();
      const open = await sql<{ xmin: string | null }>`select backend_xmin::text as xmin from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction'`.execute(db);
      expect(open.rows).toEqual([{ xmin: null }]);
      expect(await SimulatorLock.take(database.url, () => undefined)).toBeNull();
    } finally {
      await lock?.release();
      await db.destroy();
      await erase();
    }
  });
});
