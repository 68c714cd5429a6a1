import { type CompiledQuery, type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from '#store/schema.js';
import type { Write } from './batch-statement.js';

/** What a store knows and has changed of its tables in one batch. */
export interface Held {
  /** The statements that write what has changed since the last call; each must return nothing and touch other rows than the others. */
  takeWrites(): Write[];
  /** Forgets every row that was read: another statement may have changed it. */
  forget(): void;
}

/** What `Tx` can do at run time. */
interface Executor {
  executeQuery(query: CompiledQuery): Promise<unknown>;
}

const batches = new WeakMap<object, Batch>();

/** The batch of a transaction; undefined on SQLite, and for every transaction that applies no batch. */
export const batchOf = (reader: Pick<Kysely<Schema>, 'selectFrom'>): Batch | undefined => batches.get(reader);

/**
 * One transaction on Postgres that applies many facts. Stores read the rows of all facts at once, change them in memory, and write
 * them in one statement at the end, so a fact costs no round trip of its own.
 *
 * Stores that know nothing of a batch are safe in it: before any other statement the changes are written, and after one that
 * writes nothing is known any more.
 */
export class Batch {
  readonly #held = new Map<object, Held>();
  readonly #new = new Set<string>();
  /** The statement that writes what the batch holds. */
  #own: CompiledQuery | null = null;

  private constructor(private readonly tx: Transaction<Schema>) {}

  /** Begins a batch in a transaction of Postgres. Its connection tells it of every statement. */
  static async begin(tx: Transaction<Schema>): Promise<Batch> {
    const batch = new Batch(tx);
    await execute(tx, new Attachment(batch));
    batches.set(tx, batch);
    return batch;
  }

  /** What `owner`, a store, holds in this batch. */
  held<H extends Held>(owner: object, make: () => H): H {
    const known = this.#held.get(owner) as H | undefined;
    if (known) return known;
    const made = make();
    this.#held.set(owner, made);
    return made;
  }

  /** Notes that the row with this id was made in this batch, so nothing in the database belongs to it. */
  noteNew(id: string): void {
    this.#new.add(id);
  }

  isNew(id: string): boolean {
    return this.#new.has(id);
  }

  /** What has changed since the last call, as statements that write it. */
  takeWrites(): Write[] {
    return [...this.#held.values()].flatMap((held) => held.takeWrites());
  }

  /** The connection calls it before each statement of the transaction. */
  async before(query: CompiledQuery): Promise<void> {
    if (query === this.#own) return;
    const [first, ...others] = this.takeWrites();
    if (first) await this.#write(first.togetherWith(others));
    if (query.query.kind === 'SelectQueryNode') return;
    this.#new.clear();
    for (const held of this.#held.values()) held.forget();
  }

  async #write(statement: CompiledQuery): Promise<void> {
    this.#own = statement;
    await execute(this.tx, statement);
  }
}

const lastRows = new WeakMap<object, Map<object, Held>>();

/** What a transaction of Postgres writes with its last statement, by the insert of its table. */
export function lastOf(tx: object): Map<object, Held> {
  const held = lastRows.get(tx) ?? new Map<object, Held>();
  lastRows.set(tx, held);
  return held;
}

const behind = new WeakMap<object, string>();

/**
 * Has a transaction of Postgres followed by another one, which its connection sends right behind the commit and whose answer nobody waits for.
 * It runs as well when the commit fails. @param statement replaces an earlier one
 */
export const sendBehind = (tx: object, statement: string): unknown => behind.set(tx, statement);

/**
 * Ends the writing of a transaction of Postgres: what its batch holds, and then the last rows, in one statement. It is sent together with
 * the commit, which reports when it failed.
 */
export async function writeLast(tx: Transaction<Schema>): Promise<void> {
  const following = behind.get(tx);
  if (following !== undefined) await execute(tx, new BehindStatement(following));
  // Postgres runs the first of them last.
  const last = [...(lastRows.get(tx)?.values() ?? [])].flatMap((rows) => rows.takeWrites());
  const all = [...last, ...(batchOf(tx)?.takeWrites() ?? [])];
  const [first, ...others] = all;
  if (!first) return;
  const hasOnePlan = all.every(({ statement }) => statement.hasOnePlan);
  await execute(tx, new LastStatement(first.togetherWith(others), hasOnePlan));
}

/** Stands in for a statement. */
class Word {
  readonly sql = '';
  readonly parameters = [];
  readonly query = { kind: 'RawNode' as const };
}

/** Hands a batch to the connection of its transaction. */
export class Attachment extends Word {
  constructor(readonly batch: Batch) {
    super();
  }
}

/** Hands the connection what it sends together with the commit. */
export class LastStatement extends Word {
  /** @param hasOnePlan whether no table would make Postgres plan it in another way */
  constructor(
    readonly statement: CompiledQuery,
    readonly hasOnePlan: boolean,
  ) {
    super();
  }
}

/** Hands the connection what it sends in a transaction of its own, right behind the commit. */
export class BehindStatement extends Word {
  constructor(readonly statement: string) {
    super();
  }
}

/** Hands the connection a statement that it sends at once; what the transaction sends next does not wait for the answer. */
export class AheadStatement extends Word {
  /** Set once it is sent; a caller that awaits it gets its failure. */
  answer: Promise<{ rows: unknown[] }> = Promise.resolve({ rows: [] });

  constructor(readonly statement: CompiledQuery) {
    super();
  }
}

const execute = (tx: Transaction<Schema>, query: CompiledQuery | Word): Promise<unknown> =>
  (tx as unknown as Executor).executeQuery(query as CompiledQuery);

/** Runs statements in a transaction of Postgres that has no batch and writes nothing else; the last one is sent together with the commit. */
export async function runWithCommit(tx: Transaction<Schema>, statements: readonly CompiledQuery[]): Promise<void> {
  for (const statement of statements.slice(0, -1)) await execute(tx, statement);
  for (const statement of statements.slice(-1)) await execute(tx, new LastStatement(statement, false));
}

/** Sends a statement of a transaction of Postgres before all that follow. @returns its rows, when they have come; in an object, so that awaiting this does not await them */
async function sendAhead<Row>(tx: Transaction<Schema>, statement: CompiledQuery<Row>): Promise<{ rows: Promise<Row[]> }> {
  const ahead = new AheadStatement(statement);
  await execute(tx, ahead);
  return { rows: ahead.answer.then(({ rows }) => rows as Row[]) };
}

/**
 * Runs a statement that prepares a batch, and waits for no answer to one before it: Kysely sends a statement of a transaction only after the
 * answer to the last one, while all that go through here take one round trip. Postgres runs them in order. Nothing that the batch holds may have changed yet.
 */
export async function runAhead<Row>(tx: Transaction<Schema>, statement: CompiledQuery<Row>): Promise<Row[]> {
  const { rows } = await sendAhead(tx, statement);
  return rows;
}

/**
 * Asks for locks of a transaction, each of which it has at once or not at all. What the transaction sends next does not wait for the answer,
 * and reads what was committed before a lock was given.
 * @returns those that it has, in time
 */
async function askForLocks(tx: Transaction<Schema>, locks: readonly string[]): Promise<{ had: Promise<string[]> }> {
  const wanted = sql`unnest(${[...locks]}::text[]) as wanted(lock)`;
  const { rows } = await sendAhead(
    tx,
    sql<{ lock: string; had: boolean }>`select lock, pg_try_advisory_xact_lock(hashtextextended(lock, 0)) as had from ${wanted}`.compile(
      tx,
    ),
  );
  return { had: rows.then((all) => all.filter(({ had }) => had).map(({ lock }) => lock)) };
}

/** A batch that is written at once or not at all. The store may run it again for fewer locks. */
export interface BatchWork<P, T> {
  /** Reads for these locks before it is known whether the transaction has them; what it wrote is undone when it has not. @throws NotNow */
  prepare(tx: Transaction<Schema>, locks: readonly string[]): Promise<P>;
  /** Runs with all of them. */
  apply(tx: Transaction<Schema>, prepared: P): Promise<T>;
}

/** What some of the locks are for cannot be done now: other writers have them, or `prepare` has found that others come first. */
export class NotNow extends Error {
  /** @param left the locks with which the work may be tried again */
  constructor(readonly left: readonly string[]) {
    super('others come first');
  }
}

/** @returns what was written; without that, the locks with which it may be tried again */
export async function writeBatchWith<P, T>(
  db: Kysely<Schema>,
  locks: readonly string[],
  work: BatchWork<P, T>,
): Promise<{ left: readonly string[]; written: { result: T; tx: Transaction<Schema> } | null }> {
  try {
    return { left: [], written: await db.transaction().execute((tx) => write(tx, locks, work)) };
  } catch (error) {
    if (error instanceof NotNow) return { left: error.left, written: null };
    throw error;
  }
}

/** The locks and what is prepared take one round trip. Nothing of the transaction is left under way when this throws. */
async function write<P, T>(
  tx: Transaction<Schema>,
  locks: readonly string[],
  { prepare, apply }: BatchWork<P, T>,
): Promise<{ result: T; tx: Transaction<Schema> }> {
  const asked = await askForLocks(tx, locks);
  await Batch.begin(tx);
  const [had, prepared] = await Promise.allSettled([asked.had, prepare(tx, locks)]);
  if (had.status === 'rejected') throw had.reason;
  if (had.value.length < locks.length) throw new NotNow(had.value);
  if (prepared.status === 'rejected') throw prepared.reason;
  const result = await apply(tx, prepared.value);
  await writeLast(tx);
  return { result, tx };
}
