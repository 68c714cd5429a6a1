import { sql } from 'kysely';
import { TABLES } from '#privacy/person/person-tables.js';
import { Store } from '#store/store.js';
import { raw } from '#store/temporary-store.fixture.js';
import type { World } from './world.js';

/** The number of the gateway in tests, and another. */
export const [FIRST, SECOND] = ['300000000000001', '300000000000002'];
export const [FIRST_DISPLAY, SECOND_DISPLAY] = ['5215500000001', '5215500000002'];

type Table = keyof typeof TABLES;
type Row = Record<string, unknown>;
/** Each row of each table as one text. */
export type Rows = Record<Table, string[]>;

/** One row per number, or none that belongs to a number. */
const NOT_COPIED: ReadonlySet<Table> = new Set(['meta', 'numbers', 'api_keys', 'sessions', 'queues', 'forwards', 'audit', 'seen']);

const textOf = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value);
const lineOf = (row: Row): string => JSON.stringify(Object.entries(row).map(([name, value]) => [name, textOf(value)]));

/** Every table of the schema, whole. */
export async function rowsOf(world: World): Promise<Rows> {
  const rows = {} as Rows;
  for (const table of Object.keys(TABLES) as Table[]) {
    const { rows: found } = await sql<Row>`select * from ${sql.table(table)}`.execute(raw(world.app.get(Store)));
    rows[table] = found.map(lineOf);
  }
  return rows;
}

/** Those of `rows` that are not in `others`. */
export const without = (rows: Rows, others: Rows): Rows =>
  Object.fromEntries(
    (Object.keys(rows) as Table[]).map((table) => {
      const known = new Set(others[table]);
      return [table, rows[table].filter((row) => !known.has(row))];
    }),
  ) as Rows;

/** What one number knows of the same user, said of another: other ids of our own and of Meta's, the same user. */
export const asOfSecond = (text: string): string =>
  text
    .replaceAll(FIRST, SECOND)
    .replaceAll(FIRST_DISPLAY, SECOND_DISPLAY)
    .replace(/\b(usr|call|snap|snp|rep)_0/g, '$1_Z')
    .replace(/\b(wacid|wamid)\./g, '$1.B');

/** A second number that is kept and has sent and heard nothing; as one of an environment the gateway knows only its rows. */
export async function addSecond(world: World, source: 'environment' | 'api' = 'environment'): Promise<void> {
  const db = raw(world.app.get(Store));
  await db
    .insertInto('numbers')
    .values({
      ...{ phone_number_id: SECOND, display_phone_number: SECOND_DISPLAY, waba_id: '200000000000001', key_digest: null },
      ...{ learned_at: world.clock.now(), address_scope: SECOND, source },
    })
    .execute();
}

/**
 * Copies every row that belongs to the first number for the second: the same users wrote, called and were asked there.
 * @returns the rows of the second number
 */
export async function copyToSecond(world: World): Promise<Rows> {
  const db = raw(world.app.get(Store));
  const before = await rowsOf(world);
  for (const table of (Object.keys(TABLES) as Table[]).filter((name) => !NOT_COPIED.has(name))) {
    const { rows } = await sql<Row>`select * from ${sql.table(table)}`.execute(db);
    for (const row of rows) {
      const copy = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, copied(value)]));
      if (lineOf(copy) === lineOf(row) && table !== 'addresses') continue;
      if (typeof copy.id === 'number') delete copy.id;
      delete copy.xid;
      if (table === 'addresses') copy.address = `${SECOND}|${copy.address}`;
      if (table === 'idempotency') copy.key = `${copy.key} of the second`;
      await db
        .insertInto(table)
        .values(copy as never)
        .execute();
    }
  }
  return without(await rowsOf(world), before);
}

function copied(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(asOfSecond(Buffer.from(value).toString('utf8')));
  return typeof value === 'string' ? asOfSecond(value) : value;
}
