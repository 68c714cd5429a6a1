import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/** A transaction. Only `Store.write` makes one, so nothing is written outside of it. */
export type Tx = Transaction<Schema>;

/** Selects and cannot write: the store itself, or a transaction in progress. */
export type Reader = Pick<Kysely<Schema>, 'selectFrom'>;

/** Rows per batch of a deletion: a batch takes a few milliseconds. */
const BATCH_SIZE = 500;

/** The row of `meta` that asks for a compaction at the next start. */
const COMPACT = 'compact';

/** The SQLSTATEs after which Postgres asks for the whole transaction again: serialization failure and deadlock. */
const AGAIN = new Set(['40001', '40P01']);
const MOST_ATTEMPTS = 5;
/** How long a write is retried while another process holds the SQLite file, and the backoff between attempts. */
const LOCK_TIMEOUT_MS = 2_000;
const LOCK_BACKOFF_MS = 50;

/**
 * The one database, SQLite or Postgres, with one schema.
 *
 * Inside `write` nothing but `tx` may be awaited: on SQLite there is a single handle, and any other use of it meanwhile
 * would join the transaction and vanish with its rollback.
 */
export class Store {
  readonly #committed: Array<() => void> = [];

  constructor(
    private readonly db: Kysely<Schema>,
    readonly engine: 'sqlite' | 'postgres',
  ) {}

  /** Reads outside of a transaction. */
  get read(): Reader {
    return this.db;
  }

  /**
   * Runs `work` in one transaction. With `locks`, writers that name the same lock come one after the other, across
   * replicas, and commit in the order in which they got it. Locks are taken before anything is written, in sorted order.
   */
  async write<T>(work: (tx: Tx) => Promise<T>, locks: readonly string[] = []): Promise<T> {
    const began = performance.now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await this.db.transaction().execute(async (tx) => {
          if (this.engine === 'postgres') await takeLocks(tx, locks);
          return work(tx);
        });
        for (const listener of this.#committed) listener();
        return result;
      } catch (error) {
        const { code = '' } = error as { code?: string };
        const locked = isLocked(error) && performance.now() - began < LOCK_TIMEOUT_MS;
        if (!locked && (attempt >= MOST_ATTEMPTS || !AGAIN.has(code))) throw error;
        if (locked) await pause(LOCK_BACKOFF_MS);
      }
    }
  }

  /** Calls `listener` after every commit of this process. The notification carries no data: the listener reads what it needs. */
  onCommit(listener: () => void): void {
    this.#committed.push(listener);
  }

  /**
   * Deletes many rows in batches, each in a transaction of its own, so that other writes wait for one batch at most.
   * @param batch deletes up to `limit` rows and returns how many it found
   * @returns how many rows were deleted
   */
  async inBatches(batch: (tx: Tx, limit: number) => Promise<{ numDeletedRows: bigint }>, locks: readonly string[] = []): Promise<number> {
    for (let deleted = 0; ; await nextTurn()) {
      const found = Number((await this.write((tx) => batch(tx, BATCH_SIZE), locks)).numDeletedRows);
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
    if ((await pragma(this.db, 'page_count')) * (await pragma(this.db, 'page_size')) <= mostBytes) {
      await sql`vacuum`.execute(this.db);
    } else {
      await this.write((tx) => writeMeta(tx, COMPACT, '1'));
    }
    // The log still holds the pages as they were.
    const busy = await pragma(this.db, 'wal_checkpoint(truncate)');
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

  /** Writes a row and reads it back in one transaction. @throws the error of the database when it cannot write */
  async probe(now: number): Promise<void> {
    await this.write(async (tx) => {
      await writeMeta(tx, 'probe', String(now));
      await readMeta(tx, 'probe');
    });
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.db.destroy();
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

async function takeLocks(tx: Tx, locks: readonly string[]): Promise<void> {
  for (const lock of [...new Set(locks)].sort()) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
  }
}
