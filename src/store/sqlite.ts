import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, type Driver, Kysely, SqliteDialect } from 'kysely';
import type { Schema } from './schema.js';

/** How long one attempt waits for another process that holds the file. It blocks this process, so it is short. */
const BUSY_TIMEOUT_MS = 50;
/** Pages of 4 kB in the log before they are written back. A flood of webhooks fills SQLite's 1,000 six times a second. */
const CHECKPOINT_PAGES = 4_000;

/**
 * One handle on a SQLite file. WAL with `synchronous=FULL`: a commit is on the disk before it is answered. FULL is set
 * after WAL on purpose, since better-sqlite3 falls back to NORMAL for WAL files and would lose commits in a power cut.
 */
export function openSqlite(path: string): Kysely<Schema> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.pragma('foreign_keys = ON');
  database.pragma('secure_delete = ON');
  if (path !== ':memory:') chmodSync(path, 0o600);
  return new Kysely<Schema>({ dialect: new ImmediateSqliteDialect({ database: new PreparedOnce(database) }) });
}

/** Runs `work` on a SQLite file that nothing changes through this handle. @throws what SQLite throws, such as for a missing file */
export function readSqlite<T>(path: string, work: (file: Database.Database) => T): T {
  const file = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return work(file);
  } finally {
    file.close();
  }
}

/** A SQLite file that nothing changes through this handle. @throws what SQLite throws, such as for a missing file */
export const openSqliteToRead = (path: string): Kysely<Schema> =>
  new Kysely<Schema>({ dialect: new SqliteDialect({ database: new Database(path, { readonly: true, fileMustExist: true }) }) });

/** More than the stores have, so that only statements with unusual numbers of rows leave the cache. */
const CACHE_SIZE = 500;

/** A cache of prepared statements by their text: preparing one costs more than running it. */
class PreparedOnce {
  readonly #statements = new Map<string, Database.Statement>();

  constructor(private readonly database: Database.Database) {}

  prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    // A statement that is being iterated over cannot run a second time meanwhile.
    if (known && !known.busy) return known;
    const fresh = this.database.prepare(sql);
    if (known) return fresh;
    this.#statements.set(sql, fresh);
    const oldest = this.#statements.size > CACHE_SIZE ? this.#statements.keys().next().value : undefined;
    if (oldest !== undefined) this.#statements.delete(oldest);
    return fresh;
  }

  close(): void {
    this.database.close();
  }
}

/** Writers begin `IMMEDIATE`: a read that turns into a write would fail at once when another process wrote in between. */
class ImmediateSqliteDialect extends SqliteDialect {
  override createDriver(): Driver {
    const driver = super.createDriver();
    driver.beginTransaction = async (connection: DatabaseConnection) => {
      await connection.executeQuery(CompiledQuery.raw('begin immediate'));
    };
    return driver;
  }
}
