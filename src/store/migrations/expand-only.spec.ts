import { describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { openPostgresForMigrations } from '#store/postgres/open-postgres.js';
import { openSqlite } from '#store/sqlite.js';
import { type Engine, emptyDatabase, engines } from '#store/temporary-database.fixture.js';
import { Migrations, READABLE_SINCE } from './index.js';
import { lockFaults, shapeOf, stumblingBlocks } from './shape.fixture.js';

/** Triggers on tables of older releases that refuse no row of theirs and change none. */
const HARMLESS = ['events: trigger events_floor', 'deliveries: trigger deliveries_floor', 'people: trigger people_words'];
/** Before this one migrations had no rule about locks; they are released, and so stay. */
const FIRST_WITH_RULES = '0020';

const upTo = async (db: Kysely<unknown>, engine: Engine, from: string, to: string) => {
  for (const [name, migration] of Object.entries(new Migrations(engine).all()))
    if (name > from && name <= to) {
      await migration.up(db);
      // The table is empty and in nobody's use here.
      for (const text of migration.alone) await sql.raw(text.replaceAll(' concurrently', '')).execute(db);
    }
};

async function onEmpty(engine: Engine, work: (db: Kysely<unknown>) => Promise<void>): Promise<void> {
  const { database, erase } = await emptyDatabase(engine);
  const db = (database.kind === 'sqlite'
    ? openSqlite(database.path)
    : openPostgresForMigrations(database.url)) as unknown as Kysely<unknown>;
  await work(db)
    .finally(() => db.destroy())
    .finally(erase);
}

describe.each(engines)('the migrations since the oldest release that may still run, on %s', (engine) => {
  it('leave all that this release uses, and refuse no row that it writes', () =>
    onEmpty(engine, async (db) => {
      await upTo(db, engine, '', READABLE_SINCE);
      const old = await shapeOf(db, engine);
      await upTo(db, engine, READABLE_SINCE, '9999');
      expect(stumblingBlocks(old, await shapeOf(db, engine), HARMLESS)).toEqual([]);
    }));

  it.each([
    ['alter table seen drop column at', ['seen.at is gone or changed']],
    ['alter table seen rename column at to seen_at', ['seen.at is gone or changed', 'seen.seen_at needs a value']],
    ['drop table seen', ['seen.key is gone or changed', 'seen.at is gone or changed']],
    ["alter table seen add column kind text default 'x' not null", []],
    ['alter table seen add column kind text', []],
    ['create unique index seen_once on seen (at)', [expect.stringMatching(/^seen: unique/)]],
    ['create table fresh (key text primary key, at bigint not null)', []],
  ])('would be found to stumble over: %s', (statement, blocks) =>
    onEmpty(engine, async (db) => {
      await upTo(db, engine, '', '0001-first-ring');
      const old = await shapeOf(db, engine);
      await sql.raw(statement).execute(db);
      expect(stumblingBlocks(old, await shapeOf(db, engine))).toEqual(blocks);
    }),
  );
});

describe('a migration on Postgres', () => {
  const rules = Object.entries(new Migrations('postgres').all()).filter(([name]) => name >= FIRST_WITH_RULES);
  it.each(rules)('holds no lock for longer than a moment: %s', (_, { statements, alone }) => {
    expect(lockFaults(statements, alone)).toEqual([]);
  });

  it.each([
    [['create index events_at on events (occurred_at)'], []],
    [['alter table calls add column x text', "update calls set x = 'y'"], []],
    [['alter table calls alter column live type bigint'], []],
    [['alter table calls alter column input set not null'], []],
    [['alter table calls add constraint calls_live check (live in (0, 1))'], []],
    [['create table fresh (key text)'], ['create index concurrently events_at on events (occurred_at)']],
    [[], ['create index events_at on events (occurred_at)']],
  ])('would be found to hold one: %j %j', (statements, alone) => {
    expect(lockFaults(statements, alone)).toHaveLength(1);
  });

  it.each([
    [['create table fresh (key text)', 'create index fresh_key on fresh (key)'], []],
    [['alter table calls add column x text'], []],
    [[], ['drop index concurrently if exists events_at', 'create index concurrently events_at on events (occurred_at)']],
  ])('may do: %j %j', (statements, alone) => {
    expect(lockFaults(statements, alone)).toEqual([]);
  });
});
