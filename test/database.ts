import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DatabaseUrl } from '#config/settings.js';
import { Secret } from '#kernel/secret.js';

export type Engine = 'sqlite' | 'postgres';

/** SQLite always; Postgres too where the tests are given one in TEST_POSTGRES_URL. */
export const engines: readonly Engine[] = process.env.TEST_POSTGRES_URL ? ['sqlite', 'postgres'] : ['sqlite'];

export interface TemporaryDatabase {
  database: DatabaseUrl;
  erase(): Promise<void>;
}

/** An empty database of its own. */
export const temporaryDatabase = (engine: Engine): Promise<TemporaryDatabase> => (engine === 'sqlite' ? file() : server());

async function file(): Promise<TemporaryDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  return { database: { kind: 'sqlite', path: join(folder, 'gateway.db') }, erase: () => rm(folder, { recursive: true }) };
}

/** A database, not a schema: the migrator looks for its tables in every schema, so schemas would not keep tests apart. */
async function server(): Promise<TemporaryDatabase> {
  const base = process.env.TEST_POSTGRES_URL ?? '';
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: base });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`create database ${name}`);
  const url = new URL(base);
  url.pathname = `/${name}`;
  return { database: { kind: 'postgres', url: new Secret(url.toString()) }, erase: () => run(`drop database ${name} with (force)`) };
}
