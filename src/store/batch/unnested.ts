import { type RawBuilder, sql } from 'kysely';
import { BatchStatement, type Write } from './batch-statement.js';

/** The types of the columns of a table, as Postgres names them, in the order in which they are written. */
export type ColumnTypes<Row> = { readonly [Name in keyof Row]-?: 'text' | 'bigint' | 'integer' | 'bytea' };

type Names<Row> = (keyof Row & string)[];

/** A statement of Postgres over rows that a batch brings. */
export class RowsStatement<Row extends object> {
  readonly #statement: BatchStatement;

  /**
   * @param build gets the rows as a table named `given`, with `n` as their order
   * @param hasOnePlan whether it reads no other table
   */
  constructor(
    private readonly types: ColumnTypes<Row>,
    build: (given: RawBuilder<unknown>) => RawBuilder<unknown>,
    hasOnePlan = false,
  ) {
    this.#statement = new BatchStatement(() => build(unnested(types, [])), hasOnePlan);
  }

  /** What writes these rows; nothing for none. */
  of(rows: readonly Row[]): Write[] {
    if (rows.length === 0) return [];
    const lists = (Object.keys(this.types) as Names<Row>).map((name) => rows.map((row) => row[name]));
    return [this.#statement.with(...lists)];
  }
}

/**
 * Inserts rows: `insert into table (columns) select … from unnest(…)`, in their order, so that ids drawn from a sequence rise with it.
 */
export function insertAll<Row extends object>(
  table: string,
  types: ColumnTypes<Row>,
  onConflict: RawBuilder<unknown> = sql``,
): RowsStatement<Row> {
  const columns = sql.join((Object.keys(types) as Names<Row>).map((name) => sql.ref(name)));
  return new RowsStatement(
    types,
    (given) => sql`insert into ${sql.table(table)} (${columns}) select ${columns} from ${given} order by n ${onConflict}`,
    true,
  );
}

/** Rows as a table named `given`, with `n` as their order. */
export function unnested<Row extends object>(types: ColumnTypes<Row>, rows: readonly Row[]): RawBuilder<unknown> {
  const names = Object.keys(types) as Names<Row>;
  const arrays = names.map((name) => sql`${rows.map((row) => row[name])}::${sql.raw(types[name])}[]`);
  return sql`unnest(${sql.join(arrays)}) with ordinality as given(${sql.join(names.map((name) => sql.ref(name)))}, n)`;
}

/** `on conflict (keys) do update`, with every other column as it is given. */
export function replacing<Row extends object>(types: ColumnTypes<Row>, keys: readonly (keyof Row & string)[]): RawBuilder<unknown> {
  const others = (Object.keys(types) as Names<Row>).filter((name) => !keys.includes(name));
  const set = sql.join(others.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`));
  return sql`on conflict (${sql.join(keys.map((key) => sql.ref(key)))}) do update set ${set}`;
}
