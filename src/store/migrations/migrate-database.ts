import type { DatabaseUrl } from '#config/read-database.js';
import { openPostgresForMigrations, runOutsideOfTransaction } from '#store/postgres/open-postgres.js';
import { openSqlite } from '#store/sqlite.js';
import { startFaultOf } from '#store/start-fault.js';
import { applyMigrations, type MigrationReports } from './apply-migrations.js';
import { readSchemaState, readSchemaStateOfFile, type SchemaState } from './schema-state.js';

/**
 * Brings the schema of a database up to date, with connections of its own.
 * @returns the migrations that were applied
 * @throws WrongDatabase, DatabaseAway
 */
export async function migrateDatabase(database: DatabaseUrl, options: MigrationReports & { lockWaitMs: number }): Promise<string[]> {
  if (database.kind === 'sqlite') {
    const db = openSqlite(database.path);
    return applyMigrations(db, 'sqlite', options).finally(() => db.destroy());
  }
  const { url } = database;
  const db = openPostgresForMigrations(url);
  const runAlone = (statement: string) => runOutsideOfTransaction(url, statement);
  return applyMigrations(db, 'postgres', { ...options, runAlone }).finally(() => db.destroy());
}

/** Compares the schema of a database with this release, and changes nothing. @throws WrongDatabase, DatabaseAway */
export async function schemaStateOf(database: DatabaseUrl): Promise<SchemaState> {
  try {
    if (database.kind === 'sqlite') return await readSchemaStateOfFile(database.path);
    const db = openPostgresForMigrations(database.url);
    return await readSchemaState(db, 'postgres').finally(() => db.destroy());
  } catch (error) {
    throw startFaultOf(error, database);
  }
}
