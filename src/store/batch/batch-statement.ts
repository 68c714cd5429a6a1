import { CompiledQuery, createQueryId, PostgresQueryCompiler, type RawBuilder, sql } from 'kysely';

/** The texts of statements that were written together, by their own texts. */
const joined = new Map<string, string>();

/** A statement with the values of one batch. */
export class Write {
  /** @param parameters the lists that the statement takes, in their order */
  constructor(
    readonly statement: BatchStatement,
    readonly parameters: readonly unknown[],
  ) {}

  /** The statement alone. */
  compiled<Row>(): CompiledQuery<Row> {
    return CompiledQuery.raw(this.statement.text, [...this.parameters]) as CompiledQuery<Row>;
  }

  /** One statement of this one and others. Postgres runs the parts of a `with` that nothing reads from the last to the first. */
  togetherWith(others: readonly Write[]): CompiledQuery {
    const all = [this, ...others];
    const key = all.map(({ statement }) => statement.text).join(';');
    const text = joined.get(key) ?? joinedText(all);
    joined.set(key, text);
    return CompiledQuery.raw(
      text,
      all.flatMap(({ parameters }) => parameters),
    );
  }
}

const compiler = new PostgresQueryCompiler();

/**
 * A statement of Postgres that many batches write. It takes lists, so its text is the same for every number of rows: it is compiled once,
 * which costs more than to run it.
 */
export class BatchStatement {
  #text: string | null = null;

  /**
   * @param build the statement, with an empty list for each one that it takes
   * @param hasOnePlan whether it reads no table, so that Postgres would plan it in the same way for every size of one
   */
  constructor(
    private readonly build: () => RawBuilder<unknown>,
    readonly hasOnePlan = false,
  ) {}

  /** @param parameters the lists, in the order in which the statement names them */
  with(...parameters: readonly (readonly unknown[])[]): Write {
    return new Write(this, parameters);
  }

  get text(): string {
    this.#text ??= compiler.compileQuery(this.build().toOperationNode(), createQueryId()).sql;
    return this.#text;
  }
}

function joinedText(writes: readonly Write[]): string {
  let before = 0;
  const parts = writes.map(({ statement, parameters }, i) => {
    const part = statement.text.replace(/\$(\d+)/g, (_, n) => `$${Number(n) + before}`);
    before += parameters.length;
    return `"w${i}" as (${part})`;
  });
  return `with ${parts.join(', ')} select 1`;
}

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
