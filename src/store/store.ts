import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import { Batch, type BatchWork, writeBatchWith, writeLast } from './batch/batch.js';
import { LockQueue } from './lock-queue.js';
import { takeLocks } from './postgres/advisory-locks.js';
import type { Notifications } from './postgres/notifications.js';
import type { Schema } from './schema.js';

/** A transaction. Only `Store.write` makes one, so nothing is written outside of it. */
export type Tx = Transaction<Schema>;

/** Selects and cannot write: the store itself, or a transaction in progress. */
export type Reader = Pick<Kysely<Schema>, 'selectFrom'>;

/** The pools of one database, by what waits for them; on SQLite all are the same handle. */
export interface Databases {
  /** For reads, and for writers that name no lock. */
  common: Kysely<Schema>;
  /** For what must be durable before 360dialog is answered, and for the probe. */
  keeping: Kysely<Schema>;
  /** For writers that name a lock. */
  locking: Kysely<Schema>;
  /** How many connections those have. */
  lockingConnections: number;
  /** For sweeps, exports and reports, whose statements may take longer. */
  long: Kysely<Schema>;
}

/** Rows per batch of a deletion: a batch takes a few milliseconds. */
const BATCH_SIZE = 500;

/** The row of `meta` that asks for a compaction at the next start. */
const COMPACT = 'compact';

/** The SQLSTATEs after which Postgres asks for the whole transaction again: serialization failure and deadlock. */
const AGAIN = new Set(['40001', '40P01']);
const MOST_ATTEMPTS = 5;
/** A lock was not available in time. */
const LOCK_NOT_AVAILABLE = '55P03';
/** How long a write is retried while another process holds the SQLite file, and the backoff between attempts. */
const LOCK_TIMEOUT_MS = 2_000;
/** How long a write on Postgres waits for its locks, its own turns and its retries taken together. */
const LOCK_WAIT_MS = 4_000;
const LOCK_BACKOFF_MS = 50;

/**
 * The one database, SQLite or Postgres, with one schema.
 *
 * Inside `write` nothing but `tx` may be awaited: on SQLite there is a single handle, and any other use of it meanwhile
 * would join the transaction and vanish with its rollback.
 */
export class Store {
  readonly #committed: Array<(tx: Tx) => void> = [];
  readonly #queue = new LockQueue(LOCK_WAIT_MS);

  constructor(
    private readonly db: Databases,
    readonly engine: 'sqlite' | 'postgres',
    /** Throws a fault of the store when what was written is not where the next start looks for it. */
    private readonly guard: () => void,
    /** Between replicas; null on SQLite, which has one process. */
    readonly notifications: Notifications | null = null,
  ) {}

  /** How many batches may be written at once, so that one connection stays free for requests. */
  get batchWriters(): number {
    return Math.max(1, this.db.lockingConnections - 1);
  }

  /** Reads outside of a transaction. */
  get read(): Reader {
    return this.db.common;
  }

  /** Reads of exports and reports. */
  get readLong(): Reader {
    return this.db.long;
  }

  /**
   * Runs `work` in one transaction. With `locks`, writers that name the same lock come one after the other, across
   * replicas, and commit in the order in which they got it. Locks are taken before anything is written, in sorted order.
   * @throws a fault of the store (see `isStoreFault`) when a time limit is hit; nothing is written then, unless only the answer
   *   to the commit was lost
   */
  write<T>(work: (tx: Tx) => Promise<T>, locks: readonly string[] = [], duration: 'short' | 'long' = 'short'): Promise<T> {
    const sorted = [...new Set(locks)].sort();
    const short = sorted.length > 0 ? this.db.locking : this.db.common;
    return this.#write(duration === 'long' ? this.db.long : short, sorted, work);
  }

  /**
   * `write` of what a power cut may take back: its commit waits for no disk. A killed process takes nothing back, and the next `write` is
   * on the disk with all before it.
   */
  writeUnsynced<T>(work: (tx: Tx) => Promise<T>, locks: readonly string[]): Promise<T> {
    if (this.engine === 'sqlite') return this.#write(this.db.locking, [], work, unsyncedOnSqlite);
    return this.write(async (tx) => {
      const set = sql`set local synchronous_commit = off`.execute(tx);
      // Whoever awaits it hears of its failure; the statements after it fail as well.
      set.catch(() => undefined);
      const result = await work(tx);
      await set;
      return result;
    }, locks);
  }

  /** `write` for many facts: on Postgres stores read and write their rows in sets (`Batch`). */
  writeBatch<T>(work: (tx: Tx) => Promise<T>, locks: readonly string[]): Promise<T> {
    if (this.engine === 'sqlite') return this.write(work, locks);
    return this.write(async (tx) => {
      await Batch.begin(tx);
      return work(tx);
    }, locks);
  }

  /**
   * The same at once or not at all: for work that may wait for its turn, while its caller may not. It is done for those of the locks that
   * no other writer has.
   * @returns null, with nothing written, while other writers have all of them
   */
  async writeBatchNow<P, T>(work: BatchWork<P, T>, locks: readonly string[]): Promise<{ result: T } | null> {
    if (this.engine === 'sqlite') return { result: await this.write(async (tx) => work.apply(tx, await work.prepare(tx, locks)), locks) };
    let wanted: readonly string[] = this.#queue.free(locks);
    while (wanted.length > 0) {
      const now = wanted;
      const { left, written } = await this.#queue.run(now, () => writeBatchWith(this.db.locking, now, work));
      if (written) this.#tell(written.tx);
      if (written) return written;
      wanted = left;
    }
    return null;
  }

  /** `write` with connections of its own, for what 360dialog waits for. */
  keep<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#write(this.db.keeping, [], work);
  }

  async #write<T>(db: Kysely<Schema>, locks: readonly string[], work: (tx: Tx) => Promise<T>, transact = inTransaction): Promise<T> {
    const run = (held: readonly string[]) => this.#retried((begun) => transact(db, begun), held, work);
    const { result, tx } = this.engine === 'sqlite' ? await run([]) : await this.#queue.run(locks, () => run(locks));
    this.guard();
    this.#tell(tx);
    return result;
  }

  #tell(tx: Tx): void {
    for (const listener of this.#committed) listener(tx);
  }

  async #retried<T>(transact: Transact, locks: readonly string[], work: (tx: Tx) => Promise<T>): Promise<{ result: T; tx: Tx }> {
    const began = performance.now();
    for (let attempt = 1; ; attempt += 1) {
      let hasLocks = false;
      try {
        return await transact(async (tx) => {
          await takeLocks(tx, locks);
          hasLocks = true;
          const result = await work(tx);
          await writeLast(tx);
          return { result, tx };
        });
      } catch (error) {
        const waitMs = this.#waitFor(error, hasLocks);
        const mayWait = performance.now() - began < waitMs;
        const isAgain = attempt < MOST_ATTEMPTS && AGAIN.has((error as { code?: string }).code ?? '');
        if (!mayWait && !isAgain) throw error;
        if (mayWait) await pause(LOCK_BACKOFF_MS);
      }
    }
  }

  /** For how long a write is retried that failed with this error, in ms. */
  #waitFor(error: unknown, hasLocks: boolean): number {
    if (isLocked(error)) return LOCK_TIMEOUT_MS;
    return (error as { code?: string }).code === LOCK_NOT_AVAILABLE && !hasLocks ? LOCK_WAIT_MS : 0;
  }

  /** Calls `listener` after every commit of this process, with the transaction that ended; nothing may run in it any more. */
  onCommit(listener: (tx: Tx) => void): void {
    this.#committed.push(listener);
  }

  /**
   * Deletes many rows in batches, each in a transaction of its own, so that other writes wait for one batch at most.
   * @param batch deletes up to `limit` rows and returns how many it found
   * @returns how many rows were deleted
   */
  async inBatches(batch: (tx: Tx, limit: number) => Promise<{ numDeletedRows: bigint }>, locks: readonly string[] = []): Promise<number> {
    for (let deleted = 0; ; await nextTurn()) {
      const found = Number((await this.write((tx) => batch(tx, BATCH_SIZE), locks, 'long')).numDeletedRows);
      deleted += found;
      if (found < BATCH_SIZE) return deleted;
    }
  }

  /**
   * Writes a SQLite file anew, so that nothing deleted is left in it: `secure_delete` overwrites what is deleted, but not the
   * copies that pages leave behind when rows move. This blocks the process for about 1.3 s per 100 MB, so a file beyond
   * `mostBytes` is compacted at the next start.
   * @returns `unsupported` on Postgres, where `VACUUM FULL` is the owner's to run
   */
  async compact(mostBytes: number): Promise<'done' | 'next_start' | 'unsupported'> {
    if (this.engine === 'postgres') return 'unsupported';
    if ((await pragma(this.db.common, 'page_count')) * (await pragma(this.db.common, 'page_size')) <= mostBytes) {
      await sql`vacuum`.execute(this.db.common);
    } else {
      await this.write((tx) => writeMeta(tx, COMPACT, '1'));
    }
    // The log still holds the pages as they were.
    const busy = await pragma(this.db.common, 'wal_checkpoint(truncate)');
    return busy === 0 && !(await this.#isToCompact()) ? 'done' : 'next_start';
  }

  /** Runs the compaction that an earlier run left; at a start, before the first request. */
  async compactIfAsked(): Promise<void> {
    if (this.engine === 'postgres' || !(await this.#isToCompact())) return;
    await this.write((tx) => tx.deleteFrom('meta').where('key', '=', COMPACT).execute());
    await this.compact(Number.POSITIVE_INFINITY);
  }

  async #isToCompact(): Promise<boolean> {
    return (await readMeta(this.read, COMPACT)) !== undefined;
  }

  /**
   * Writes a row and reads it back in one transaction, with the connections that keep webhooks, and reads it with those of requests.
   * @throws the error of the database when it cannot, or when the file beneath is not in its place
   */
  async probe(now: number): Promise<void> {
    await this.keep(async (tx) => {
      await writeMeta(tx, 'probe', String(now));
      await readMeta(tx, 'probe');
    });
    await readMeta(this.read, 'probe');
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.notifications?.close();
    const { common, keeping, locking, long } = this.db;
    for (const db of new Set([common, keeping, locking, long])) await db.destroy();
  }
}

/** Whether another process holds the SQLite file, and has done so for as long as a write waits. */
export const isLocked = (error: unknown): boolean => (error as { code?: string }).code === 'SQLITE_BUSY';

/** The lock of one business number: calls, people and events of a number are written one after the other. */
export const numberLock = (phoneNumberId: string): string => `number:${phoneNumberId}`;

/** The value of a row of `meta`; undefined when there is none. */
export const readMeta = async (reader: Reader, key: string): Promise<string | undefined> =>
  (await reader.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst())?.value;

/** Writes a row of `meta`, or replaces its value. */
export async function writeMeta(tx: Tx, key: string, value: string): Promise<void> {
  const row = tx.insertInto('meta').values({ key, value });
  await row.onConflict((conflict) => conflict.column('key').doUpdateSet({ value })).execute();
}

/** The first number that a pragma of SQLite answers. */
async function pragma(db: Kysely<Schema>, name: 'page_count' | 'page_size' | 'wal_checkpoint(truncate)'): Promise<number> {
  const { rows } = await sql.raw<Record<string, number>>(`pragma ${name}`).execute(db);
  return Number(Object.values(rows[0] ?? {})[0] ?? 0);
}

type Transact = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

const inTransaction = <T>(db: Kysely<Schema>, work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(work);

/** SQLite takes the setting only outside of a transaction; its one handle belongs to this one until the end. */
const unsyncedOnSqlite = <T>(db: Kysely<Schema>, work: (tx: Tx) => Promise<T>): Promise<T> =>
  db.connection().execute(async (handle) => {
    await sql`pragma synchronous = normal`.execute(handle);
    try {
      return await handle.transaction().execute(work);
    } finally {
      await sql`pragma synchronous = full`.execute(handle);
    }
  });
