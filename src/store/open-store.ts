import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { type DatabaseUrl, DEFAULT_POSTGRES_LIMITS } from '#config/read-database.js';
import type { Settings } from '#config/settings.js';
import { DatabaseFile } from './database-file.js';
import type { InstanceLock } from './instance-lock.js';
import { Migrations, READABLE_SINCE } from './migrations/index.js';
import { claimGeneration } from './postgres/generation.js';
import { Notifications } from './postgres/notifications.js';
import { openPostgres, openPostgresForOwner } from './postgres/open-postgres.js';
import type { Schema } from './schema.js';
import { openSqlite, readSqlite } from './sqlite.js';
import { startFaultOf, WrongDatabase } from './start-fault.js';
import { type Databases, readMeta, Store, writeMeta } from './store.js';

/**
 * Opens the database, brings its schema up to date, and checks that it belongs to the configured mode.
 * @throws WrongDatabase, DatabaseAway
 */
export async function openStore(settings: Pick<Settings, 'database' | 'mode'>, options: Options = {}): Promise<Store> {
  try {
    return await open(settings, options);
  } catch (error) {
    throw startFaultOf(error, settings.database);
  }
}

async function open({ database, mode }: Pick<Settings, 'database' | 'mode'>, options: Options): Promise<Store> {
  const databases = connect(database, options.duty);
  const store = new Store(databases, database.kind, guardOf(database, options.lock), notificationsOf(database, databases));
  try {
    await migrate(store, database, databases.common);
    await claimGeneration(store);
    await claimMode(store, mode);
    await store.compactIfAsked();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * The database of a gateway that may be running, for a command beside it: nothing of the schema is changed.
 * @throws WrongDatabase, DatabaseAway
 */
export async function openBeside(database: DatabaseUrl): Promise<Store> {
  const none = new WrongDatabase('DATABASE_URL points at no database of a gateway');
  if (database.kind === 'sqlite' && modeOf(database.path) === null) throw none;
  const store = new Store(connect(database, 'gateway'), database.kind, () => undefined);
  try {
    await store.read.selectFrom('meta').select('key').limit(1).execute();
    return store;
  } catch (error) {
    await store.close();
    throw (error as { code?: string }).code === NO_SUCH_TABLE ? none : startFaultOf(error, database);
  }
}

const NO_SUCH_TABLE = '42P01';

interface Options {
  /** A move into Postgres is one transaction, whose limits are those of a migration. */
  duty?: 'gateway' | 'move';
  /** The lock on a SQLite file, which the store looks after. */
  lock?: InstanceLock | null;
}

function notificationsOf(database: DatabaseUrl, { keeping }: Databases): Notifications | null {
  if (database.kind === 'sqlite') return null;
  const send = (channel: string, payload: string) => sql`select pg_notify(${channel}, ${payload})`.execute(keeping);
  return new Notifications(database.listenUrl ?? database.url, send);
}

/** What every write on a SQLite file checks. */
function guardOf(database: DatabaseUrl, lock: Options['lock']): () => void {
  if (database.kind === 'postgres' || database.path === ':memory:') return () => undefined;
  const file = new DatabaseFile(database.path);
  return () => {
    file.assertInPlace();
    lock?.assertHeld();
  };
}

function connect(database: DatabaseUrl, duty: Options['duty']): Databases {
  if (database.kind === 'sqlite') return sameForAll(openSqlite(database.path));
  const { url, limits = DEFAULT_POSTGRES_LIMITS } = database;
  return duty === 'move' ? sameForAll(openPostgresForOwner(url)) : openPostgres(url, limits);
}

const sameForAll = (db: Kysely<Schema>): Databases => ({ common: db, keeping: db, locking: db, long: db });

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

/** On Postgres migrations have a connection of their own, with limits of their own. */
async function migrate(store: Store, database: DatabaseUrl, handle: Kysely<Schema>): Promise<void> {
  if (database.kind === 'sqlite') return migrateOn(handle, store);
  const db = openPostgresForOwner(database.url);
  await migrateOn(db, store).finally(() => db.destroy());
}

async function migrateOn(db: Kysely<Schema>, store: Store): Promise<void> {
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
