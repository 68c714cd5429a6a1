import { type Kysely, sql } from 'kysely';
import type { Store, Tx } from '#store/store.js';
import { EMPTY, type Fingerprint, fingerprintOf } from './fingerprint.js';

/** A reason why nothing was moved. */
export type MoveRefusal = 'target_is_in_use' | 'target_differs';

export class MoveRefused extends Error {
  constructor(
    readonly reason: MoveRefusal,
    /** The table that gave it away. */
    readonly table: string,
  ) {
    super(`${reason}: ${table}`);
  }
}

export interface Moved {
  table: string;
  rows: number;
}

type Row = Record<string, unknown>;
type Tables = Kysely<Record<string, Row>>;
/** How far a table has come, told after each batch. */
export type OnProgress = (moved: Moved) => void;

const BATCH = 500;
/** The migrator's own tables: the target has its own. */
const NOT_OURS = /^(kysely_|sqlite_)/;

/**
 * Copies every row of a SQLite database into an empty Postgres one, ids and cursors included, and compares both sides before it
 * commits: either everything is there, or nothing is. Both schemas must be up to date, and nobody may write to the source.
 * @throws MoveRefused
 */
export async function move(source: Store, target: Store, onProgress: OnProgress = () => undefined): Promise<Moved[]> {
  // Every column of every table, whatever its type: this goes around the types of the store.
  const from = source.read as unknown as Tables;
  const tables = await tablesOf(from);
  return target.write(async (tx) => {
    const into = tx as unknown as Tables;
    await refuseRows(into, tables);
    const moved: Moved[] = [];
    for (const table of tables) {
      const sent = await copy(from, into, table, onProgress);
      const arrived = await fingerprint(tx, table);
      if (sent.rows !== arrived.rows || sent.sum !== arrived.sum) throw new MoveRefused('target_differs', table);
      await continueNumbers(from, into, table);
      moved.push({ table, rows: sent.rows });
    }
    return moved;
  });
}

async function tablesOf(source: Tables): Promise<string[]> {
  const tables = await source.introspection.getTables();
  return tables
    .map(({ name }) => name)
    .filter((name) => !NOT_OURS.test(name))
    .sort();
}

/** Which mode a database is for stands in `meta` as soon as it is opened; it comes over with the rest. */
async function refuseRows(target: Tables, tables: readonly string[]): Promise<void> {
  await target.deleteFrom('meta').execute();
  for (const table of tables) {
    const row = await target.selectFrom(table).select(sql`1`.as('one')).limit(1).executeTakeFirst();
    if (row) throw new MoveRefused('target_is_in_use', table);
  }
}

async function copy(source: Tables, target: Tables, table: string, onProgress: OnProgress): Promise<Fingerprint> {
  let print = EMPTY;
  let after: unknown = -1;
  for (;;) {
    const read =
      await sql<Row>`select rowid as rowid_, * from ${sql.table(table)} where rowid > ${after} order by rowid limit ${BATCH}`.execute(
        source,
      );
    const rows = read.rows.map(({ rowid_, ...row }) => {
      after = rowid_;
      return row;
    });
    if (rows.length === 0) return print;
    await target.insertInto(table).values(rows).execute();
    print = fingerprintOf(rows, print);
    onProgress({ table, rows: print.rows });
  }
}

/** What has arrived, read back from Postgres a batch at a time. */
async function fingerprint(tx: Tx, table: string): Promise<Fingerprint> {
  await sql`declare moved no scroll cursor for select * from ${sql.table(table)}`.execute(tx);
  let print = EMPTY;
  for (;;) {
    const { rows } = await sql<Row>`fetch ${sql.lit(BATCH)} from moved`.execute(tx);
    if (rows.length === 0) break;
    print = fingerprintOf(rows, print);
  }
  await sql`close moved`.execute(tx);
  return print;
}

/** A number that was given once is never given again, even if its row is gone. */
async function continueNumbers(source: Tables, target: Tables, table: string): Promise<void> {
  const known = await sql<{ seq: number }>`select seq from sqlite_sequence where name = ${table}`.execute(source);
  const last = known.rows[0]?.seq;
  if (last === undefined || last < 1) return;
  await sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${last})`.execute(target);
}
