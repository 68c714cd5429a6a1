import { join } from 'node:path';
import { onPostgres, SqliteDatabase } from '../prove/database.mjs';

/**
 * The figures of one measurement on SQLite and then on Postgres; without a Postgres server, of SQLite alone.
 * @template {{ folder: string }} C
 * @param {C} context
 * @param {(context: C & { database: import('../prove/database.mjs').Database, engine: string }) => Promise<import('./main.mjs').Figure[]>} measure
 */
export async function onBothEngines(context, measure) {
  const at = (engine) => join(context.folder, engine);
  const sqlite = await measure({
    ...context,
    folder: at('sqlite'),
    database: new SqliteDatabase(join(at('sqlite'), 'gateway.db')),
    engine: 'SQLite',
  });
  const postgres = await onPostgres((database) => measure({ ...context, folder: at('postgres'), database, engine: 'Postgres' }));
  return [...sqlite, ...(Array.isArray(postgres) ? postgres : [])];
}
