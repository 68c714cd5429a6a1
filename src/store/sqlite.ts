import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, type Driver, Kysely, SqliteDialect } from 'kysely';
import type { Schema } from './schema.js';

/** How long one attempt waits for another process that holds the file: short, since nothing else happens meanwhile. */
const BUSY_TIMEOUT_MS = 50;

/**
 * One handle on a SQLite file. WAL with `synchronous=FULL`: a commit is on the disk before it is answered. FULL is set
 * after WAL on purpose, since better-sqlite3 falls back to NORMAL for WAL files and would lose commits in a power cut.
 */
export function openSqlite(path: string): Kysely<Schema> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('secure_delete = ON');
  if (path !== ':memory:') chmodSync(path, 0o600);
  return new Kysely<Schema>({ dialect: new ImmediateSqliteDialect({ database: new PreparedOnce(database) }) });
}

/** So many texts of SQL: more than the stores have, so that only statements with unusual numbers of rows fall out. */
const MOST_STATEMENTS = 500;

/** Prepares each text of SQL once: to prepare one costs more than to run it. */
class PreparedOnce {
  readonly #statements = new Map<string, Database.Statement>();

  constructor(private readonly database: Database.Database) {}

  prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    // A statement that is being iterated over cannot be used meanwhile.
    if (known && !known.busy) return known;
    const fresh = this.database.prepare(sql);
    if (known) return fresh;
    this.#statements.set(sql, fresh);
    const oldest = this.#statements.size > MOST_STATEMENTS ? this.#statements.keys().next().value : undefined;
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
