import type { Compilable, CompiledQuery } from 'kysely';
import type { Reader } from './store.js';

/** So many rows go into one statement; each number of rows is a text of its own. */
const PIECE = 64;

/** Stands in a statement for a value that each run brings. */
class Slot {
  constructor(
    readonly row: number,
    readonly name: string,
  ) {}
}

const slotsOf = <Values extends object>(row: number): Values => new Proxy({}, { get: (_, name) => new Slot(row, String(name)) }) as Values;

/**
 * A statement of a hot path over many rows, or for a list of values, built and compiled once for each number of them: to build
 * one costs more than to run it. `build` sees no values, only their places, so its text must not depend on them.
 *
 * One belongs to one database, since the text is that of its engine.
 */
export class PreparedRows<Values extends object, Row = unknown> {
  readonly #compiled = new Map<number, CompiledQuery<Row>>();

  constructor(private readonly build: (reader: Reader, rows: Values[]) => Compilable<Row>) {}

  /** What all pieces have found, and how many rows they have changed. */
  async run(reader: Reader, rows: readonly Values[]): Promise<{ rows: Row[]; changed: number }> {
    const all = { rows: [] as Row[], changed: 0 };
    for (let from = 0; from < rows.length; from += PIECE) {
      const piece = rows.slice(from, from + PIECE);
      const done = await reader.executeQuery<Row>(withValues(this.#of(reader, piece.length), piece));
      all.rows = all.rows.length ? [...all.rows, ...done.rows] : done.rows;
      all.changed += Number(done.numAffectedRows ?? 0n);
    }
    return all;
  }

  #of(reader: Reader, count: number): CompiledQuery<Row> {
    const known = this.#compiled.get(count);
    if (known) return known;
    const compiled = this.build(
      reader,
      Array.from({ length: count }, (_, row) => slotsOf<Values>(row)),
    ).compile();
    this.#compiled.set(count, compiled);
    return compiled;
  }
}

/** The same for one set of values. */
export class Prepared<Values extends object, Row = unknown> {
  readonly #rows: PreparedRows<Values, Row>;

  constructor(build: (reader: Reader, values: Values) => Compilable<Row>) {
    this.#rows = new PreparedRows((reader, [values]) => build(reader, values as Values));
  }

  run(reader: Reader, values: Values): Promise<{ rows: Row[]; changed: number }> {
    return this.#rows.run(reader, [values]);
  }

  async first(reader: Reader, values: Values): Promise<Row | undefined> {
    return (await this.run(reader, values)).rows[0];
  }
}

/** These members of `values`, by name: a place has no members of its own that could be counted. */
export const pick = <Values extends object, Name extends keyof Values>(values: Values, names: readonly Name[]): Pick<Values, Name> =>
  Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<Values, Name>;

function withValues<Row>(compiled: CompiledQuery<Row>, rows: readonly object[]): CompiledQuery<Row> {
  const values = rows as ReadonlyArray<Readonly<Record<string, unknown>>>;
  const parameters = compiled.parameters.map((one) => (one instanceof Slot ? values[one.row]?.[one.name] : one));
  return { ...compiled, parameters };
}
