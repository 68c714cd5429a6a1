import type { Writable } from 'node:stream';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type pg from 'pg';
import { AheadStatement, Attachment, type Batch, BehindStatement, LastStatement } from '#store/batch/batch.js';
import type { StatementNames } from './statement-names.js';

/** How long Postgres lets a transaction take, in ms. */
export interface TimeLimits {
  statementMs: number;
  lockMs: number;
  idleMs: number;
}

/**
 * The beginning of every transaction. The settings are part of it and end with it: a pooler between the gateway and Postgres
 * gives each transaction another session, and refuses settings in the start-up of a connection. Besides the limits:
 * - a named statement is planned anew each time: a plan that was made for an empty table reads all of a full one;
 * - no statement starts processes of its own: they cost more than a page of a search, and read far beyond it.
 */
const beginWith = ({ statementMs, lockMs, idleMs }: TimeLimits): string =>
  `begin; set local statement_timeout = ${statementMs}; set local lock_timeout = ${lockMs}; ` +
  `set local idle_in_transaction_session_timeout = ${idleMs}; set local plan_cache_mode = force_custom_plan; ` +
  'set local max_parallel_workers_per_gather = 0';

/** For a statement with a name that could be planned in no other way: planning is a third of what it costs. */
const KEEP_THE_PLAN = 'set local plan_cache_mode = force_generic_plan';

/** After these the session is of no use any more, or its state is not known. */
const isSessionOver = (error: unknown): boolean => {
  const { code, severity } = error as { code?: string; severity?: string };
  return severity === undefined || severity === 'FATAL' || severity === 'PANIC' || code === undefined;
};

/** A query that was sent, and the error when it failed; it never rejects. */
type Sent = Promise<{ result: pg.QueryResult } | { error: unknown }>;

/**
 * A connection whose every query runs within the limits. The beginning of a transaction is sent without waiting for its answer, and
 * a query outside of a transaction gets one of its own in the same way, so the limits cost no round trip.
 */
export class TimedConnection implements DatabaseConnection {
  readonly #begin: string;
  #begun: Sent | null = null;
  #over = false;
  /** The transaction has ended, and the next one has not begun. */
  #ended = false;
  #batch: Batch | null = null;
  #last: LastStatement | null = null;
  #behind: string | null = null;

  /** @param names null where a name would be lost between two transactions */
  constructor(
    private readonly client: pg.PoolClient,
    limits: TimeLimits,
    private readonly names: StatementNames | null,
  ) {
    this.#begin = beginWith(limits);
  }

  /** Begins a transaction; its first query reports when that failed. */
  begin(): void {
    this.#batch = null;
    this.#last = null;
    this.#behind = null;
    this.#ended = false;
    this.#begun = this.#send(this.#begin);
  }

  /** Sends the last statement, the commit and what follows it without waiting for an answer between them. @throws Error when Postgres answers a commit with a rollback, since a statement had failed */
  async commit(): Promise<void> {
    this.#ended = true;
    if (this.#last?.hasOnePlan && this.names) void this.#send(KEEP_THE_PLAN);
    const last = this.#last && this.#send(this.#last.statement.sql, this.#last.statement.parameters);
    const commit = this.#send('commit');
    if (this.#behind !== null) this.#sendBehind(this.#behind);
    if (last) await this.#answer(last);
    const { command } = await this.#answer(commit);
    this.#begun = null;
    if (command === 'ROLLBACK') throw new Error('the transaction was rolled back, since one of its statements had failed');
  }

  /** Never rejects: a session that cannot roll back is closed, which does the same. */
  async rollback(): Promise<void> {
    this.#ended = true;
    const sent = await this.#send('rollback');
    this.#begun = null;
    if ('error' in sent) this.#over = true;
  }

  async executeQuery<Row>(query: CompiledQuery | Attachment | LastStatement | AheadStatement | BehindStatement): Promise<QueryResult<Row>> {
    if (query instanceof Attachment) this.#batch = query.batch;
    else if (query instanceof LastStatement) this.#last = query;
    else if (query instanceof BehindStatement) this.#behind = query.statement;
    else if (query instanceof AheadStatement) query.answer = this.#sendAhead(query.statement);
    else return this.#execute(query);
    return { rows: [] };
  }

  async #execute<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    await this.#batch?.before(query);
    const { sql, parameters } = query;
    if (this.#begun) return resultOf(await this.#answer(this.#send(sql, parameters)));
    this.begin();
    const answer = this.#send(sql, parameters);
    const end = this.#send('commit');
    try {
      const found = await this.#answer(answer);
      await this.#answer(end);
      return resultOf(found);
    } finally {
      await end;
      this.#begun = null;
    }
  }

  /** The commit is a message of its own: when the statement fails it ends the transaction, and the next on this connection begins as ever. */
  #sendBehind(statement: string): void {
    void this.#send(`${this.#begin}; ${statement}`);
    void this.#send('commit');
  }

  /** @throws Error after the end of the transaction: nothing of it may happen outside */
  #sendAhead({ sql, parameters }: CompiledQuery): Promise<pg.QueryResult> {
    if (this.#ended) throw new Error('a statement was sent ahead after its transaction had ended');
    const answer = this.#answer(this.#send(sql, parameters));
    answer.catch(() => undefined);
    return answer;
  }

  // biome-ignore lint/correctness/useYield: it refuses before it could yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('rows are read in pages, not streamed: a stream would hold its transaction for as long as its reader takes');
  }

  /** Gives the connection back to its pool, or closes it after an error that ends the session. */
  release(): void {
    this.client.release(this.#over);
  }

  #send(sql: string, parameters: readonly unknown[] = []): Sent {
    this.#joinWrites();
    const name = parameters.length > 0 ? this.names?.of(sql) : undefined;
    const query = { text: sql, values: [...parameters], ...(name === undefined ? {} : { name }) };
    return this.client.query(query).then(
      (result) => ({ result }),
      (error: unknown) => {
        if (isSessionOver(error)) this.#over = true;
        return { error };
      },
    );
  }

  /** What is sent within one turn of the event loop leaves with one system call, and wakes Postgres once. */
  #joinWrites(): void {
    const { stream } = (this.client as unknown as { connection: { stream: Writable } }).connection;
    if (stream.writableCorked > 0) return;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }

  /** @throws the error of the beginning before that of the query, which only follows from it */
  async #answer(sent: Sent): Promise<pg.QueryResult> {
    const answer = await sent;
    if ('result' in answer) return answer.result;
    const begun = await this.#begun;
    throw begun && 'error' in begun ? begun.error : answer.error;
  }
}

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

const resultOf = <Row>({ command, rowCount, rows }: pg.QueryResult): QueryResult<Row> => ({
  ...(CHANGES.has(command) ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}),
  rows: (rows ?? []) as Row[],
});
