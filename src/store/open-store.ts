import Database from 'better-sqlite3';
import { Migrator } from 'kysely/migration';
import type { Settings } from '#config/settings.js';
import { Migrations } from './migrations/index.js';
import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';
import { Store } from './store.js';

/** A database that this build or this configuration must not touch; the start ends with exit code 78. */
export class WrongDatabase extends Error {}

/** Opens the database, brings its schema up to date, and checks that it belongs to the configured mode. */
export async function openStore(settings: Pick<Settings, 'database' | 'mode'>): Promise<Store> {
  const { database } = settings;
  const store =
    database.kind === 'sqlite' ? new Store(openSqlite(database.path), 'sqlite') : new Store(openPostgres(database.url), 'postgres');
  try {
    await migrate(store);
    await claimMode(store, settings.mode);
    await store.compactIfAsked();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The mode that a SQLite file was made for, without a change to it. @returns null for what is no database of a gateway */
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

async function migrate(store: Store): Promise<void> {
  const migrator = new Migrator({ db: store.read, provider: new Migrations(store.engine) });
  const { error } = await migrator.migrateToLatest();
  if (!error) return;
  if (error instanceof Error && /corrupted migrations/.test(error.message)) {
    throw new WrongDatabase('DATABASE_URL points at a database that a newer release has written; start that release, or restore a backup');
  }
  throw error;
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
