import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import type { DatabaseUrl } from '#config/settings.js';
import { Clock } from '#kernel/clock.js';
import { Secret } from '#kernel/secret.js';
import { openStore } from './open-store.js';
import type { Store, Tx } from './store.js';

export type Engine = Store['engine'];

/** SQLite always; Postgres too where the tests are given one in TEST_POSTGRES_URL. */
export const engines: readonly Engine[] = process.env.TEST_POSTGRES_URL ? ['sqlite', 'postgres'] : ['sqlite'];

/** An empty database of its own. */
export interface TemporaryDatabase {
  database: DatabaseUrl;
  erase(): Promise<void>;
}

export const temporaryDatabase = (engine: Engine): Promise<TemporaryDatabase> => (engine === 'sqlite' ? file() : server());

/** An empty database for one test; `open` again for a second process on the same data. */
export interface TemporaryStore {
  open(): Promise<Store>;
  /** Closes everything that was opened and removes the data. */
  remove(): Promise<void>;
}

export async function temporaryStore(engine: Engine): Promise<TemporaryStore> {
  const { database, erase } = await temporaryDatabase(engine);
  const opened: Store[] = [];
  return {
    async open() {
      const store = await openStore({ database, mode: 'simulator' });
      opened.push(store);
      return store;
    },
    async remove() {
      await Promise.all(opened.map((store) => store.close()));
      await erase();
    },
  };
}

/** Raw SQL outside of a transaction, which the types of the store keep from production code. */
export const raw = ({ read }: Store): Tx => read as unknown as Tx;

/**
 * Waits until what is committed by now is seen by readers that stay below the oldest open transaction. On Postgres those of
 * every database of the server count, of other tests too.
 */
export async function othersDone(store: Store): Promise<void> {
  if (store.engine === 'sqlite') return;
  const ask = async (snapshot: 'xmin' | 'xmax') => {
    const at = sql<{ at: string }>`select ${sql.raw(`pg_snapshot_${snapshot}`)}(pg_current_snapshot())::text as at`;
    return BigInt((await at.execute(raw(store))).rows[0]?.at ?? 0);
  };
  const now = await ask('xmax');
  while ((await ask('xmin')) < now) await pause(25);
}

/** A clock that stands until it is moved. */
export class StoppedClock extends Clock {
  constructor(private time = Date.UTC(2026, 10, 22, 12)) {
    super();
  }

  now(): number {
    return this.time;
  }

  pass(ms: number): void {
    this.time += ms;
  }
}

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
