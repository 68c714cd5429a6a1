import { existsSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '#store/schema.js';
import { readSqlite } from '#store/sqlite.js';
import { WrongDatabase } from '#store/start-fault.js';
import type { Store } from '#store/store.js';
import { Migrations } from './index.js';

/** The row of `meta` with the oldest release that can run on the schema: see `READABLE_SINCE`. */
export const READABLE_SINCE_KEY = 'readable_since';
const NEWER = 'DATABASE_URL points at a database that a newer release has written; start that release, or restore a backup';

/** How the schema of a database stands to this release. */
export interface SchemaState {
  /** Migrations of this release that the database lacks, in their order. Empty when a newer release has migrated it. */
  readonly pending: readonly string[];
  /** A newer release has migrated the database. */
  readonly isNewer: boolean;
  /** It has its first tables. */
  readonly isBegun: boolean;
}

/** Compares the schema with this release. @throws WrongDatabase when a newer release has removed what this one needs */
export async function readSchemaState(db: Kysely<Schema>, engine: Store['engine']): Promise<SchemaState> {
  const tables = (await db.introspection.getTables({ withInternalKyselyTables: true })).map(({ name }) => name);
  const { rows } = tables.includes('kysely_migration')
    ? await sql<{ name: string }>`select name from kysely_migration`.execute(db)
    : { rows: [] };
  const isBegun = tables.includes('meta');
  const applied = rows.map(({ name }) => name);
  // A release writes the row before it migrates, so the row is valid during the migration, too.
  return stateOf(engine, applied, isBegun, async () => (isBegun ? readReadableSince(db) : undefined));
}

/** Of the oldest release that can run on the schema, its last migration; undefined when the database does not say. */
export async function readReadableSince(db: Kysely<Schema>): Promise<string | undefined> {
  return (await db.selectFrom('meta').select('value').where('key', '=', READABLE_SINCE_KEY).executeTakeFirst())?.value;
}

/** The same of a SQLite file that another process may hold; nothing is written, and no file is made. */
export async function readSchemaStateOfFile(path: string): Promise<SchemaState> {
  if (!existsSync(path)) return stateOf('sqlite', [], false, async () => undefined);
  const { applied, since, isBegun } = readSqlite(path, (file) => {
    const has = (table: string) => file.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").get(table) !== undefined;
    const meta = has('meta');
    return {
      applied: has('kysely_migration') ? (file.prepare('select name from kysely_migration').pluck().all() as string[]) : [],
      since: meta
        ? (file.prepare('select value from meta where key = ?').pluck().get(READABLE_SINCE_KEY) as string | undefined)
        : undefined,
      isBegun: meta,
    };
  });
  return stateOf('sqlite', applied, isBegun, async () => since);
}

async function stateOf(
  engine: Store['engine'],
  applied: readonly string[],
  isBegun: boolean,
  readableSince: () => Promise<string | undefined>,
): Promise<SchemaState> {
  const ours = Object.keys(new Migrations(engine).all()).sort();
  if (applied.every((name) => ours.includes(name)))
    return { pending: ours.filter((name) => !applied.includes(name)), isNewer: false, isBegun };
  const since = await readableSince();
  if (since === undefined || since > (ours.at(-1) ?? '')) throw new WrongDatabase(NEWER);
  return { pending: [], isNewer: true, isBegun };
}
