import { type RawBuilder, sql } from 'kysely';

/** The types of the columns of a table, as Postgres names them, in the order in which they are written. */
export type ColumnTypes<Row> = { readonly [Name in keyof Row]-?: 'text' | 'bigint' | 'integer' | 'bytea' };

/**
 * Rows as one statement inserts them: `insert into table (columns) select … from unnest(…)`, in their order, so that ids drawn
 * from a sequence rise with it. Its text is the same for every number of rows.
 */
export function insertAll<Row extends object>(
  table: string,
  types: ColumnTypes<Row>,
  rows: readonly Row[],
  onConflict: RawBuilder<unknown> = sql``,
): RawBuilder<unknown> {
  const names = Object.keys(types) as (keyof Row & string)[];
  const columns = sql.join(names.map((name) => sql.ref(name)));
  return sql`insert into ${sql.table(table)} (${columns}) select ${columns} from ${unnested(types, rows)} order by n ${onConflict}`;
}

/** Rows as a table named `given`, with `n` as their order. */
export function unnested<Row extends object>(types: ColumnTypes<Row>, rows: readonly Row[]): RawBuilder<unknown> {
  const names = Object.keys(types) as (keyof Row & string)[];
  const arrays = names.map((name) => sql`${rows.map((row) => row[name])}::${sql.raw(types[name])}[]`);
  return sql`unnest(${sql.join(arrays)}) with ordinality as given(${sql.join(names.map((name) => sql.ref(name)))}, n)`;
}

/** `on conflict (keys) do update`, with every other column as it is given. */
export function replacing<Row extends object>(types: ColumnTypes<Row>, keys: readonly (keyof Row & string)[]): RawBuilder<unknown> {
  const others = (Object.keys(types) as (keyof Row & string)[]).filter((name) => !keys.includes(name));
  const set = sql.join(others.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`));
  return sql`on conflict (${sql.join(keys.map((key) => sql.ref(key)))}) do update set ${set}`;
}
