import { setTimeout as pause } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '#store/schema.js';
import type { Store, Tx } from '#store/store.js';
import { Migrations, READABLE_SINCE } from './index.js';
import { READABLE_SINCE_KEY, readReadableSince, readSchemaState } from './schema-state.js';

/** What a migration tells of itself while it works. */
export interface MigrationReports {
  /** It begins. */
  onBegin?(name: string): void;
  /** Another session holds a lock that it needs; it tries again. @param waitedMs since its first attempt */
  onWait?(name: string, waitedMs: number): void;
}

interface ApplyOptions extends MigrationReports {
  /** How long a lock that another session holds is tried for. */
  lockWaitMs: number;
  /** Runs a statement outside of any transaction; on Postgres only. */
  runAlone?(statement: string): Promise<void>;
}

/** The releases before migrate under this advisory lock, too: it is that of Kysely's own migrator. */
const MIGRATION_LOCK = '3853314791062309107';

const [FIRST_BACKOFF_MS, LONGEST_BACKOFF_MS] = [250, 5_000];
/** A lock was not given in time, a deadlock, and a SQLite file that another process holds. */
const AGAIN = new Set(['55P03', '40P01', 'SQLITE_BUSY']);

/**
 * Brings the schema up to date. Each migration is a transaction of its own, so that its locks end with it. It waits only briefly for a lock
 * and then lets others pass before it tries again: whoever uses a table queues behind a migration that waits for it.
 * @returns the migrations that this process has applied
 * @throws WrongDatabase, and the error of the database when a lock was not given within `lockWaitMs`
 */
export async function applyMigrations(db: Kysely<Schema>, engine: Store['engine'], options: ApplyOptions): Promise<string[]> {
  const applied: string[] = [];
  for (;;) {
    const { pending, isNewer, isBegun } = await readSchemaState(db, engine);
    if (isNewer) return applied;
    if (isBegun) await keepReadableSince(db);
    const [next] = pending;
    if (next === undefined) return applied;
    options.onBegin?.(next);
    if (await patiently(() => applyOne(db, engine, next, options), next, options)) applied.push(next);
  }
}

/** @returns false when another process has applied it meanwhile */
function applyOne(db: Kysely<Schema>, engine: Store['engine'], name: string, { runAlone }: ApplyOptions): Promise<boolean> {
  const { up, alone = [] } = new Migrations(engine).all()[name] ?? {};
  return db.transaction().execute(async (tx) => {
    if (engine === 'postgres') await sql`select pg_advisory_xact_lock(${sql.raw(MIGRATION_LOCK)})`.execute(tx);
    await makeMigrationTables(tx);
    const done = await sql`select 1 from kysely_migration where name = ${name}`.execute(tx);
    if (done.rows.length > 0) return false;
    await up?.(tx);
    if (runAlone && alone.length > 0) await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
    for (const statement of alone) await (runAlone ? runAlone(statement) : sql.raw(statement).execute(tx));
    await sql`insert into kysely_migration (name, timestamp) values (${name}, ${new Date().toISOString()})`.execute(tx);
    return true;
  });
}

/** The tables of Kysely's migrator, by which releases before this one know what was applied. */
async function makeMigrationTables(tx: Tx): Promise<void> {
  await sql`create table if not exists kysely_migration (
    name varchar(255) not null primary key, timestamp varchar(255) not null)`.execute(tx);
  await sql`create table if not exists kysely_migration_lock (
    id varchar(255) not null primary key, is_locked integer default 0 not null)`.execute(tx);
  await sql`insert into kysely_migration_lock (id) values ('migration_lock') on conflict (id) do nothing`.execute(tx);
}

async function patiently<T>(work: () => Promise<T>, name: string, { lockWaitMs, onWait }: ApplyOptions): Promise<T> {
  const began = performance.now();
  for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(2 * backoffMs, LONGEST_BACKOFF_MS)) {
    try {
      return await work();
    } catch (error) {
      const waitedMs = performance.now() - began;
      const mayPass = AGAIN.has((error as { code?: string }).code ?? '');
      if (!mayPass || waitedMs + backoffMs > lockWaitMs) throw error;
      onWait?.(name, waitedMs);
      await pause(backoffMs);
    }
  }
}

async function keepReadableSince(db: Kysely<Schema>): Promise<void> {
  // What is in the database may have raised it further.
  if (((await readReadableSince(db)) ?? '') >= READABLE_SINCE) return;
  const row = db.insertInto('meta').values({ key: READABLE_SINCE_KEY, value: READABLE_SINCE });
  await row.onConflict((conflict) => conflict.column('key').doUpdateSet({ value: READABLE_SINCE })).execute();
}
