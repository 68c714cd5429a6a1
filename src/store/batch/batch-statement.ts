import { CompiledQuery, createQueryId, PostgresQueryCompiler, type RawBuilder } from 'kysely';

/** A statement with the values of one batch. */
export interface Write {
  statement: BatchStatement;
  parameters: readonly unknown[];
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
    return { statement: this, parameters };
  }

  get text(): string {
    this.#text ??= compiler.compileQuery(this.build().toOperationNode(), createQueryId()).sql;
    return this.#text;
  }
}

export const compiledOf = <Row>({ statement, parameters }: Write): CompiledQuery<Row> =>
  CompiledQuery.raw(statement.text, [...parameters]) as CompiledQuery<Row>;

/** The texts of statements that were written together, by their own texts. */
const joined = new Map<string, string>();

/** One statement of many. Postgres runs the parts of a `with` that nothing reads from the last to the first. */
export function together(writes: readonly Write[]): CompiledQuery {
  const key = writes.map(({ statement }) => statement.text).join(';');
  const text = joined.get(key) ?? joinedText(writes);
  joined.set(key, text);
  return CompiledQuery.raw(
    text,
    writes.flatMap(({ parameters }) => parameters),
  );
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
