import { sql, type Transaction } from 'kysely';
import type { Schema } from '#store/schema.js';

/** Takes those locks of a transaction that no other session has. @returns them */
export async function tryLocks(tx: Transaction<Schema>, locks: readonly string[]): Promise<string[]> {
  const wanted = sql`unnest(${[...locks]}::text[]) as wanted(lock)`;
  const { rows } = await sql<{ lock: string; had: boolean }>`
    select lock, pg_try_advisory_xact_lock(hashtextextended(lock, 0)) as had from ${wanted}`.execute(tx);
  return rows.filter(({ had }) => had).map(({ lock }) => lock);
}

/** Takes the locks of a transaction, one after the other, and waits for them. */
export async function takeLocks(tx: Transaction<Schema>, locks: readonly string[]): Promise<void> {
  for (const lock of locks) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
  }
}
