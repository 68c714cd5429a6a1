import Database from 'better-sqlite3';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Settings } from '#config/settings.js';
import { Migrations, READABLE_SINCE } from './migrations/index.js';
import { openPostgres } from './postgres.js';
import type { Schema } from './schema.js';
import { openSqlite } from './sqlite.js';
import { Store } from './store.js';

/** A database that this build or this configuration must not touch; the start ends with exit code 78. */
export class WrongDatabase extends Error {}

/** Opens the database, brings its schema up to date, and checks that it belongs to the configured mode. */
export async function openStore(settings: Pick<Settings, 'database' | 'mode'>): Promise<Store> {
  const { database } = settings;
  const db = database.kind === 'sqlite' ? openSqlite(database.path) : openPostgres(database.url);
  const store = new Store(db, database.kind);
  try {
    await migrate(store, db);
    await claimMode(store, settings.mode);
    await store.compactIfAsked();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The mode that a SQLite file was made for; the file is not changed. @returns null when it is no database of a gateway */
export function modeOf(path: string): Settings['mode'] | null {
  try {
    const file = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const row = file.prepare("select value from meta where key = 'mode'").get() as { value?: unknown } | undefined;
      return row?.value === 'live' || row?.value === 'simulator' ? row.value : null;
    } finally {
      file.close();
    }
  } catch {
    return null;
  }
}

/** The row of `meta` that says which releases can run on the schema: see `READABLE_SINCE`. */
const READABLE_SINCE_KEY = 'readable_since';
const NEWER = 'DATABASE_URL points at a database that a newer release has written; start that release, or restore a backup';

async function migrate(store: Store, db: Kysely<Schema>): Promise<void> {
  const provider = new Migrations(store.engine);
  const ours = Object.keys(await provider.getMigrations()).sort();
  const latest = ours.at(-1) ?? '';
  const tables = (await db.introspection.getTables({ withInternalKyselyTables: true })).map(({ name }) => name);
  const applied = tables.includes('kysely_migration') ? await appliedMigrations(db) : [];
  if (applied.some((name) => !ours.includes(name))) {
    // A release writes the row before it migrates, so the row holds during the migration, too.
    const since = await readableSince(store);
    if (since === undefined || since > latest) throw new WrongDatabase(NEWER);
    return;
  }
  if (tables.includes('meta')) await keepReadableSince(store);
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
  await keepReadableSince(store);
}

async function appliedMigrations(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return rows.map(({ name }) => name);
}

const readableSince = async (store: Store): Promise<string | undefined> =>
  (await store.read.selectFrom('meta').select('value').where('key', '=', READABLE_SINCE_KEY).executeTakeFirst())?.value;

async function keepReadableSince(store: Store): Promise<void> {
  if ((await readableSince(store)) === READABLE_SINCE) return;
  await store.write((tx) =>
    tx
      .insertInto('meta')
      .values({ key: READABLE_SINCE_KEY, value: READABLE_SINCE })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: READABLE_SINCE }))
      .execute(),
  );
}

/** A database remembers whether it holds real calls or simulated ones, and refuses the other kind. */
async function claimMode(store: Store, mode: Settings['mode']): Promise<void> {
  const kept = await store.write(async (tx) => {
    await tx
      .insertInto('meta')
      .values({ key: 'mode', value: mode })
      .onConflict((c) => c.doNothing())
      .execute();
    return tx.selectFrom('meta').select('value').where('key', '=', 'mode').executeTakeFirstOrThrow();
  });
  if (kept.value === mode) return;
  throw new WrongDatabase(
    `DATABASE_URL points at a database of ${kept.value} calls, and this start is ${mode}: ${
      mode === 'live' ? 'give the real number a database of its own' : 'set D360_API_KEY, or give the simulator a database of its own'
    }`,
  );
}
