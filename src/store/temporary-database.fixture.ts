import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DatabaseUrl } from '#config/read-database.js';
import { Secret } from '#kernel/secret.js';
import type { Store } from './store.js';

export type Engine = Store['engine'];

/** SQLite always; Postgres too where the tests are given one in TEST_POSTGRES_URL. */
export const engines: readonly Engine[] = process.env.TEST_POSTGRES_URL ? ['sqlite', 'postgres'] : ['sqlite'];

/** An empty database of its own. */
export interface TemporaryDatabase {
  database: DatabaseUrl;
  erase(): Promise<void>;
}

/** A database without a table, which a test may treat as it likes. */
export const emptyDatabase = (engine: Engine): Promise<TemporaryDatabase> => (engine === 'sqlite' ? file() : created());

/**
 * A database without a row. On Postgres it is one of a few that this test process uses again and again, because making and
 * migrating one takes 250 ms: its tables are already there, so a test that changes them takes an `emptyDatabase`.
 */
export const temporaryDatabase = (engine: Engine): Promise<TemporaryDatabase> => (engine === 'sqlite' ? file() : reused());

async function file(): Promise<TemporaryDatabase> {
  const folder = await mkdtemp(join(process.env.TEST_FOLDER ?? tmpdir(), 'gateway-'));
  return { database: { kind: 'sqlite', path: join(folder, 'gateway.db') }, erase: () => rm(folder, { recursive: true }) };
}

/** A database, not a schema: the migrator looks for its tables in every schema, so schemas would not keep tests apart. */
async function created(): Promise<TemporaryDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await run(`create database ${name}`);
  return { database: { kind: 'postgres', url: urlOf(name) }, erase: () => run(`drop database ${name} with (force)`) };
}

/** The databases in use by this test process; its others wait for their next user. */
const inUse = new Set<string>();

async function reused(): Promise<TemporaryDatabase> {
  const { TEST_RUN, JEST_WORKER_ID } = process.env;
  if (!TEST_RUN) return created();
  let n = 1;
  const name = () => `test_${TEST_RUN}_${JEST_WORKER_ID}_${n}`;
  while (inUse.has(name())) n++;
  const taken = name();
  inUse.add(taken);
  const url = urlOf(taken);
  try {
    await run(EMPTY, url.reveal());
  } catch (error) {
    if ((error as { code?: string }).code !== NO_SUCH_DATABASE) throw error;
    await run(`create database ${taken}`);
  }
  return { database: { kind: 'postgres', url }, erase: async () => void inUse.delete(taken) };
}

const NO_SUCH_DATABASE = '3D000';

/** Deletes what an earlier test left: its connections, its settings, its rows; sequences begin again. */
const EMPTY = `
do $$
declare name text;
begin
  perform pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
  execute format('alter database %I reset all', current_database());
  for name in select quote_ident(tablename) from pg_tables where schemaname = 'public' and tablename not like 'kysely%' loop
    execute 'delete from ' || name;
  end loop;
  perform setval(quote_ident(sequencename)::regclass, 1, false) from pg_sequences where schemaname = 'public';
end $$`;

function urlOf(name: string): Secret {
  const url = new URL(process.env.TEST_POSTGRES_URL ?? '');
  url.pathname = `/${name}`;
  return new Secret(url.toString());
}

async function run(sql: string, url = process.env.TEST_POSTGRES_URL ?? ''): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
