import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import type { DatabaseUrl } from '#config/read-database.js';
import { Secret } from '#kernel/secret.js';
import { openStore } from '#store/open-store.js';
import { openPostgresForMigrations } from '#store/postgres/open-postgres.js';
import { openSqlite } from '#store/sqlite.js';
import { DatabaseAway, WrongDatabase } from '#store/start-fault.js';
import { emptyDatabase, engines } from '#store/temporary-database.fixture.js';
import { applyMigrations } from './apply-migrations.js';
import { Migrations } from './index.js';
import { migrateDatabase, schemaStateOf } from './migrate-database.js';

const PATIENT = { lockWaitMs: 60_000 };
const onServer = process.env.TEST_POSTGRES_URL ? describe : describe.skip;
const open = (database: DatabaseUrl) => (database.kind === 'sqlite' ? openSqlite(database.path) : openPostgresForMigrations(database.url));

describe.each(engines)('the migrations on %s', (engine) => {
  const all = Object.keys(new Migrations(engine).all());

  it('are applied once, said as they begin, and pending until then', async () => {
    const { database, erase } = await emptyDatabase(engine);
    expect((await schemaStateOf(database)).pending).toEqual(all);
    const begun: string[] = [];
    expect(await migrateDatabase(database, { ...PATIENT, onBegin: (name) => begun.push(name) })).toEqual(all);
    expect([begun, await migrateDatabase(database, PATIENT), (await schemaStateOf(database)).pending]).toEqual([all, [], []]);
    await erase();
  });

  it('leave nothing of one that breaks off, so that the next attempt begins anew', async () => {
    const { database, erase } = await emptyDatabase(engine);
    await migrateDatabase(database, PATIENT);
    const db = open(database);
    await sql`delete from kysely_migration where name = '0010-account'`.execute(db);
    await sql`drop index windows_of_agent`.execute(db);
    await sql`alter table windows drop column thread_holder`.execute(db);
    // Its second statement fails, since this column is still there.
    await expect(applyMigrations(db, engine, PATIENT)).rejects.toThrow(/thread_at/);
    const windows = (await db.introspection.getTables()).find(({ name }) => name === 'windows');
    expect(windows?.columns.map(({ name }) => name)).not.toContain('thread_holder');
    await db.destroy();
    await erase();
  });

  it('are left to npm run migrate by a start with MIGRATE=false', async () => {
    const { database, erase } = await emptyDatabase(engine);
    await expect(openStore({ database, mode: 'live' }, { isMigrated: true })).rejects.toThrow(DatabaseAway);
    await migrateDatabase(database, PATIENT);
    await (await openStore({ database, mode: 'live' }, { isMigrated: true })).close();
    await erase();
  });
});

onServer('the migrations of several processes on Postgres', () => {
  const clientOf = async (database: DatabaseUrl) => {
    const client = new pg.Client({ connectionString: database.kind === 'postgres' ? database.url.reveal() : '' });
    await client.connect();
    return client;
  };

  it('are applied once each when two begin at once', async () => {
    const { database, erase } = await emptyDatabase('postgres');
    const both = await Promise.all([migrateDatabase(database, PATIENT), migrateDatabase(database, PATIENT)]);
    expect(both.flat().sort()).toEqual(Object.keys(new Migrations('postgres').all()).sort());
    await erase();
  });

  it('let others use a table while a transaction keeps the migration from its lock', async () => {
    const { database, erase } = await emptyDatabase('postgres');
    await migrateDatabase(database, PATIENT);
    const [reader, writer] = [await clientOf(database), await clientOf(database)];
    await writer.query("delete from kysely_migration where name = '0016-number-proof'; alter table numbers drop column key_digest");
    await reader.query('begin; select * from numbers');
    const waits = Promise.withResolvers<void>();
    const migrated = migrateDatabase(database, { ...PATIENT, onWait: () => waits.resolve() });
    await waits.promise;
    // The limit that a replica gives its own statements; the migration waits again and again meanwhile.
    await writer.query('set lock_timeout = 2000');
    for (const id of ['1', '2', '3', '4']) await writer.query('insert into numbers (phone_number_id, learned_at) values ($1, 0)', [id]);
    await reader.query('commit');
    expect(await migrated).toEqual(['0016-number-proof']);
    await Promise.all([reader.end(), writer.end()]);
    await erase();
  });

  it('are not given up before their time, and then name what holds them up', async () => {
    const { database, erase } = await emptyDatabase('postgres');
    const other = await clientOf(database);
    await other.query('begin; select pg_advisory_xact_lock(3853314791062309107)');
    await expect(migrateDatabase(database, { lockWaitMs: 1 })).rejects.toMatchObject({ code: '55P03' });
    await other.end();
    await migrateDatabase(database, PATIENT);
    await erase();
  });

  it('need a role that may change the schema; the gateway needs none', async () => {
    const { database, erase } = await emptyDatabase('postgres');
    const admin = await clientOf(database);
    const role = `rows_${Date.now()}`;
    await admin.query(`create role ${role} login password 'rows'; revoke create on schema public from public`);
    await admin.query(
      `alter default privileges in schema public grant select, insert, update, delete on tables to ${role};
      alter default privileges in schema public grant usage, select, update on sequences to ${role}`,
    );
    const url = new URL(database.kind === 'postgres' ? database.url.reveal() : '');
    Object.assign(url, { username: role, password: 'rows' });
    const asRole: DatabaseUrl = { kind: 'postgres', url: new Secret(url.toString()) };
    await expect(openStore({ database: asRole, mode: 'live' })).rejects.toThrow(WrongDatabase);
    await migrateDatabase(database, PATIENT);
    const store = await openStore({ database: asRole, mode: 'live' }, { isMigrated: true });
    await store.write((tx) => tx.insertInto('seen').values({ key: 'a', at: 1 }).execute());
    await store.close();
    // A restore elsewhere, which the next start notices.
    await admin.query(`update meta set value = jsonb_set(value::jsonb, '{system}', '"another"') where key = 'generation'`);
    await (await openStore({ database: asRole, mode: 'live' }, { isMigrated: true })).close();
    const { rows } = await admin.query(
      "select value::jsonb ->> 'generation' as generation, event_stretch() as stretch from meta where key = 'generation'",
    );
    expect(rows).toEqual([{ generation: '1', stretch: String(2 ** 48 + 1_024) }]);
    await admin.query(`drop owned by ${role}; drop role ${role}`);
    await admin.end();
    await erase();
  });
});
