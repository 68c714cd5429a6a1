import { existsSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { type DatabaseUrl, DEFAULT_POSTGRES_LIMITS } from '#config/read-database.js';
import type { Settings } from '#config/settings.js';
import { SECOND } from '#kernel/clock.js';
import type { SealingKeys } from '#kernel/sealed.js';
import { DatabaseFile } from './database-file.js';
import type { InstanceLock } from './instance-lock.js';
import { applyMigrations } from './migrations/apply-migrations.js';
import { migrateDatabase } from './migrations/migrate-database.js';
import { readSchemaState } from './migrations/schema-state.js';
import { claimGeneration } from './postgres/generation.js';
import { Notifications } from './postgres/notifications.js';
import { openPostgres, openPostgresForMove } from './postgres/open-postgres.js';
import type { Schema } from './schema.js';
import { assertKeysAtHand } from './sealed/key-check.js';
import { beginSealing, isSealing } from './sealed/sealing-state.js';
import { openSqlite, openSqliteToRead, readSqlite } from './sqlite.js';
import { DatabaseAway, startFaultOf, WrongDatabase } from './start-fault.js';
import { type Databases, readMeta, Store } from './store.js';

/** What opening needs to know; without keys, as for a move, it is not asked whether they open what is sealed. */
type StoreSettings = Pick<Settings, 'database' | 'mode'> & Partial<Pick<Settings, 'secretsKeys'>>;

/**
 * Opens the database, brings its schema up to date, and checks that it belongs to the configured mode and keys.
 * @throws WrongDatabase, DatabaseAway, InvalidSettings
 */
export async function openStore(settings: StoreSettings, options: Options = {}): Promise<Store> {
  try {
    return await open(settings, options);
  } catch (error) {
    throw startFaultOf(error, settings.database);
  }
}

async function open({ database, mode, secretsKeys }: StoreSettings, options: Options): Promise<Store> {
  if (secretsKeys && database.kind === 'sqlite' && existsSync(database.path)) await assertKeysOfFile(database.path, secretsKeys);
  const databases = connect(database, options.duty);
  const store = new Store(databases, database.kind, guardOf(database, options.lock), notificationsOf(database, databases));
  try {
    if (secretsKeys && database.kind === 'postgres') await assertKeysAtHand(databases.common, secretsKeys);
    await migrate(store, database, databases.common, options.isMigrated ?? false);
    await claimGeneration(store);
    await claimMode(store, mode, secretsKeys?.sealingId != null);
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
  /** `npm run migrate` has brought the schema up to date: it is checked and not changed. */
  isMigrated?: boolean;
}

function notificationsOf(database: DatabaseUrl, { keeping }: Databases): Notifications | null {
  if (database.kind === 'sqlite') return null;
  const send = (channel: string, payloads: readonly string[]) =>
    sql`select pg_notify(${channel}, payload) from unnest(${[...payloads]}::text[]) as payload`.execute(keeping);
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
  return duty === 'move' ? sameForAll(openPostgresForMove(url)) : openPostgres(url, limits);
}

/** Transactions of SQLite come one after the other, whatever is under way. */
const SQLITE_WRITERS = 5;

const sameForAll = (db: Kysely<Schema>): Databases => ({
  common: db,
  keeping: db,
  locking: db,
  long: db,
  lockingConnections: SQLITE_WRITERS,
});

/** The mode that a SQLite file was made for; the file is not changed. @returns null when it is no database of a gateway */
export function modeOf(path: string): Settings['mode'] | null {
  try {
    const mode = readSqlite(path, (file) => file.prepare("select value from meta where key = 'mode'").pluck().get());
    return mode === 'live' || mode === 'simulator' ? mode : null;
  } catch {
    return null;
  }
}

/** How long a start tries for a lock that another start or a transaction holds. */
const LOCK_WAIT_MS = 30 * SECOND;
const NOT_MIGRATED = 'DATABASE_URL points at a database of an older release: run `npm run migrate`, or start without MIGRATE=false';

/** On Postgres migrations have connections of their own, with limits of their own. */
async function migrate(store: Store, database: DatabaseUrl, handle: Kysely<Schema>, isMigrated: boolean): Promise<void> {
  if (isMigrated) {
    if ((await readSchemaState(handle, store.engine)).pending.length > 0) throw new DatabaseAway(NOT_MIGRATED);
  } else if (database.kind === 'sqlite') await applyMigrations(handle, 'sqlite', { lockWaitMs: LOCK_WAIT_MS });
  else await migrateDatabase(database, { lockWaitMs: LOCK_WAIT_MS });
}

/** Before the file is opened for writing, which would already change it. */
async function assertKeysOfFile(path: string, keys: SealingKeys): Promise<void> {
  const db = openSqliteToRead(path);
  await assertKeysAtHand(db, keys).finally(() => db.destroy());
}

/**
 * A database keeps its mode, live or simulated. Secrets are sealed from the beginning where no older release can work beside: in a new
 * database, and in a SQLite file, which has one process.
 * @throws WrongDatabase in the other mode
 */
async function claimMode(store: Store, mode: Settings['mode'], hasKey: boolean): Promise<void> {
  const kept = await store.write(async (tx) => {
    const first = tx.insertInto('meta').values({ key: 'mode', value: mode });
    const { numInsertedOrUpdatedRows: isNew } = await first.onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
    const found = await readMeta(tx, 'mode');
    const isAlone = isNew === 1n || store.engine === 'sqlite';
    if (found === mode && hasKey && isAlone && !(await isSealing(tx))) await beginSealing(tx);
    return found;
  });
  if (kept === mode) return;
  throw new WrongDatabase(
    `DATABASE_URL points at a database of ${kept} calls, and this start is ${mode}: ${
      mode === 'live' ? 'give the real number a database of its own' : 'set D360_API_KEY, or give the simulator a database of its own'
    }`,
  );
}
