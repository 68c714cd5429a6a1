import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Settings } from '#config/settings.js';
import { Migrations, READABLE_SINCE } from './migrations/index.js';
import { openPostgres } from './postgres.js';
import type { Schema } from './schema.js';
import { openSqlite, readSqlite } from './sqlite.js';
import { readMeta, Store, writeMeta } from './store.js';

/** The database does not fit this build or this configuration; the start ends with exit code 78. */
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
    const mode = readSqlite(path, (file) => file.prepare("select value from meta where key = 'mode'").pluck().get());
    return mode === 'live' || mode === 'simulator' ? mode : null;
  } catch {
    return null;
  }
}

/** The row of `meta` with the oldest release that can run on the schema: see `READABLE_SINCE`. */
const READABLE_SINCE_KEY = 'readable_since';
const NEWER = 'DATABASE_URL points at a database that a newer release has written; start that release, or restore a backup';

async function migrate(store: Store, db: Kysely<Schema>): Promise<void> {
  const provider = new Migrations(store.engine);
  const ours = Object.keys(await provider.getMigrations()).sort();
  const latest = ours.at(-1) ?? '';
  const tables = (await db.introspection.getTables({ withInternalKyselyTables: true })).map(({ name }) => name);
  const applied = tables.includes('kysely_migration') ? await sql<{ name: string }>`select name from kysely_migration`.execute(db) : null;
  if (applied?.rows.some(({ name }) => !ours.includes(name))) {
    // A release writes the row before it migrates, so the row is valid during the migration, too.
    const since = await readMeta(store.read, READABLE_SINCE_KEY);
    if (since === undefined || since > latest) throw new WrongDatabase(NEWER);
    return;
  }
  if (tables.includes('meta')) await keepReadableSince(store);
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
  await keepReadableSince(store);
}

async function keepReadableSince(store: Store): Promise<void> {
  if ((await readMeta(store.read, READABLE_SINCE_KEY)) !== READABLE_SINCE)
    await store.write((tx) => writeMeta(tx, READABLE_SINCE_KEY, READABLE_SINCE));
}

/** A database keeps its mode, live or simulated. @throws WrongDatabase in the other mode */
async function claimMode(store: Store, mode: Settings['mode']): Promise<void> {
  const kept = await store.write(async (tx) => {
    const first = tx.insertInto('meta').values({ key: 'mode', value: mode });
    await first.onConflict((conflict) => conflict.doNothing()).execute();
    return readMeta(tx, 'mode');
  });
  if (kept === mode) return;
  throw new WrongDatabase(
    `DATABASE_URL points at a database of ${kept} calls, and this start is ${mode}: ${
      mode === 'live' ? 'give the real number a database of its own' : 'set D360_API_KEY, or give the simulator a database of its own'
    }`,
  );
}
