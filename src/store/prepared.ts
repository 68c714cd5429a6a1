import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Reader } from './store.js';

/** Rows per statement. Each number of rows is a text of its own. */
const PIECE = 64;

/** A placeholder in a statement for a value that each run brings. */
class Slot {
  constructor(
    readonly row: number,
    readonly name: string,
  ) {}
}

/** What `Reader` and `Tx` can do at run time. */
interface Executor {
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>>;
}

const slotsOf = <Values extends object>(row: number): Values => new Proxy({}, { get: (_, name) => new Slot(row, String(name)) }) as Values;

/**
 * A statement of a hot path over many rows, or for a list of values, built and compiled once for each number of them: building
 * one costs more than running it. `build` gets placeholders instead of values, so its text must not depend on them. One that
 * writes takes a transaction (`Db` is `Tx`), and so does its `run`.
 *
 * One belongs to one database, since the text is that of its engine.
 */
export class PreparedRows<Values extends object, Row = unknown, Db extends Reader = Reader> {
  readonly #compiled = new Map<number, CompiledQuery<Row>>();

  constructor(private readonly build: (db: Db, rows: Values[]) => Compilable<Row>) {}

  /** The rows that all pieces have found, and how many they have changed. */
  async run(db: Db, rows: readonly Values[]): Promise<{ rows: Row[]; changed: number }> {
    const all = { rows: [] as Row[], changed: 0 };
    for (const piece of this.pieces(db, rows)) {
      const done = await (db as unknown as Executor).executeQuery<Row>(piece);
      all.rows = all.rows.length ? [...all.rows, ...done.rows] : done.rows;
      all.changed += Number(done.numAffectedRows ?? 0n);
    }
    return all;
  }

  /** The statements that `run` executes. */
  pieces(db: Db, rows: readonly Values[]): CompiledQuery<Row>[] {
    return Array.from({ length: Math.ceil(rows.length / PIECE) }, (_, n) => {
      const piece = rows.slice(n * PIECE, (n + 1) * PIECE);
      return withValues(this.#of(db, piece.length), piece);
    });
  }

  #of(db: Db, count: number): CompiledQuery<Row> {
    const known = this.#compiled.get(count);
    if (known) return known;
    const compiled = this.build(
      db,
      Array.from({ length: count }, (_, row) => slotsOf<Values>(row)),
    ).compile();
    this.#compiled.set(count, compiled);
    return compiled;
  }
}

/** The same for one set of values. */
export class Prepared<Values extends object, Row = unknown, Db extends Reader = Reader> {
  readonly #rows: PreparedRows<Values, Row, Db>;

  constructor(build: (db: Db, values: Values) => Compilable<Row>) {
    this.#rows = new PreparedRows((db, [values]) => build(db, values as Values));
  }

  run(db: Db, values: Values): Promise<{ rows: Row[]; changed: number }> {
    return this.#rows.run(db, [values]);
  }

  /** The statement that `run` executes. */
  compiled(db: Db, values: Values): CompiledQuery<Row> {
    return this.#rows.pieces(db, [values])[0] as CompiledQuery<Row>;
  }

  async first(db: Db, values: Values): Promise<Row | undefined> {
    return (await this.run(db, values)).rows[0];
  }
}

/** These members of `values`, by name: a set of placeholders has no members that could be listed. */
export const pick = <Values extends object, Name extends keyof Values>(values: Values, names: readonly Name[]): Pick<Values, Name> =>
  Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<Values, Name>;

function withValues<Row>(compiled: CompiledQuery<Row>, rows: readonly object[]): CompiledQuery<Row> {
  const values = rows as ReadonlyArray<Readonly<Record<string, unknown>>>;
  const parameters = compiled.parameters.map((one) => (one instanceof Slot ? values[one.row]?.[one.name] : one));
  return { ...compiled, parameters };
}
