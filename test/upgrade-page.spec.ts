import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { Migrations } from '#store/migrations/index.js';
import { migrateDatabase } from '#store/migrations/migrate-database.js';
import { shapeOf } from '#store/migrations/shape.fixture.js';
import { openPostgresForMigrations, runOutsideOfTransaction } from '#store/postgres/open-postgres.js';
import { emptyDatabase } from '#store/temporary-database.fixture.js';

const PAGE = readFileSync('docs/operations/upgrade.md', 'utf8');
/** The migration that the way back undoes. */
const TAKEN_BACK = '0020-floor-lock';
const WAY_BACK = /```sql\n(begin;[\s\S]*?commit;)\n```/.exec(PAGE)?.[1] ?? '';

/** Functions of the schema, which no introspection of tables shows. */
const functionsOf = async (db: Kysely<unknown>) => {
  const { rows } = await sql<{
    name: string;
  }>`select proname as name from pg_proc where pronamespace = 'public'::regnamespace order by 1`.execute(db);
  return rows.map(({ name }) => name);
};

/** Without the tables in which the applied migrations are listed, and in an order of its own. */
const ownShapeOf = async (db: Kysely<unknown>) => {
  const { columns, required, barriers } = await shapeOf(db, 'postgres');
  const all = [...[...columns].map((column) => column.join(' ')), ...required, ...barriers];
  return all.filter((one) => !one.startsWith('kysely_')).sort();
};

(process.env.TEST_POSTGRES_URL ? it : it.skip)(
  'the way back of the page of upgrades leaves the schema of the release before, and the upgrade works again',
  async () => {
    const [back, before] = [await emptyDatabase('postgres'), await emptyDatabase('postgres')];
    const dbOf = ({ database }: typeof back) => {
      if (database.kind !== 'postgres') throw new Error('not Postgres');
      return { url: database.url, db: openPostgresForMigrations(database.url) as unknown as Kysely<unknown> };
    };
    const [one, other] = [dbOf(back), dbOf(before)];
    for (const [name, migration] of Object.entries(new Migrations('postgres').all())) if (name !== TAKEN_BACK) await migration.up(other.db);
    await migrateDatabase(back.database, { lockWaitMs: 60_000 });
    await runOutsideOfTransaction(one.url, WAY_BACK);
    expect(await ownShapeOf(one.db)).toEqual(await ownShapeOf(other.db));
    expect(await functionsOf(one.db)).toEqual(await functionsOf(other.db));
    expect(await migrateDatabase(back.database, { lockWaitMs: 60_000 })).toEqual([TAKEN_BACK]);
    await Promise.all([one.db.destroy(), other.db.destroy()]);
    await Promise.all([back.erase(), before.erase()]);
  },
);
