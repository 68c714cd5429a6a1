import { sql, type Transaction } from 'kysely';
import type { Schema } from '#store/schema.js';

/** Takes the locks of a transaction at once. @returns false when another session has one of them */
export async function hasLocks(tx: Transaction<Schema>, locks: readonly string[]): Promise<boolean> {
  const tries = locks.map((lock) => sql`pg_try_advisory_xact_lock(hashtextextended(${lock}, 0))`);
  const { rows } = await sql<{ all: boolean }>`select ${sql.join(tries, sql` and `)} as all`.execute(tx);
  return rows[0]?.all ?? true;
}

/** Takes the locks of a transaction, one after the other, and waits for them. */
export async function takeLocks(tx: Transaction<Schema>, locks: readonly string[]): Promise<void> {
  for (const lock of locks) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
  }
}
