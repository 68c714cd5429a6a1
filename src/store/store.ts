import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/** A transaction; only `Store.write` makes one, so a change cannot happen outside. */
export type Tx = Transaction<Schema>;

/** Anything that reads: the store itself, or a transaction in progress. */
export type Reader = Kysely<Schema> | Tx;

/** The SQLSTATEs after which Postgres asks for the whole transaction again: serialization failure and deadlock. */
const AGAIN = new Set(['40001', '40P01']);

/**
 * The one database, SQLite or Postgres, with one schema.
 *
 * Inside `write` nothing but `tx` may be awaited: on SQLite there is a single handle, and whatever else used it meanwhile
 * would join the transaction and vanish with its rollback.
 */
export class Store {
  readonly #committed: Array<() => void> = [];

  constructor(
    readonly read: Kysely<Schema>,
    readonly engine: 'sqlite' | 'postgres',
  ) {}

  /**
   * Runs `work` in one transaction. With `locks`, writers that name the same lock come one after the other, across
   * replicas, and commit in the order in which they got it. Locks are taken before anything is written, in sorted order.
   */
  async write<T>(work: (tx: Tx) => Promise<T>, locks: readonly string[] = []): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await this.read.transaction().execute(async (tx) => {
          if (this.engine === 'postgres') await takeLocks(tx, locks);
          return work(tx);
        });
        for (const listener of this.#committed) listener();
        return result;
      } catch (error) {
        if (attempt >= 5 || !AGAIN.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }

  /** Calls `listener` after every commit of this process: a hint to look for news, never the news itself. */
  onCommit(listener: () => void): void {
    this.#committed.push(listener);
  }

  async close(): Promise<void> {
    await this.read.destroy();
  }
}

/** The lock of one business number: calls, people and events of a number are written one after the other. */
export const numberLock = (phoneNumberId: string): string => `number:${phoneNumberId}`;

async function takeLocks(tx: Tx, locks: readonly string[]): Promise<void> {
  for (const lock of [...new Set(locks)].sort()) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
  }
}
