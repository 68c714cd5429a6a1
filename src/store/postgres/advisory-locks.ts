import { sql, type Transaction } from 'kysely';
import { sendAhead } from '#store/batch/batch.js';
import type { Schema } from '#store/schema.js';

/**
 * Asks for locks of a transaction, each of which it has at once or not at all. What the transaction sends next does not wait for the answer,
 * and reads what was committed before a lock was given.
 * @returns those that it has, in time
 */
export async function askForLocks(tx: Transaction<Schema>, locks: readonly string[]): Promise<{ had: Promise<string[]> }> {
  const wanted = sql`unnest(${[...locks]}::text[]) as wanted(lock)`;
  const { rows } = await sendAhead(
    tx,
    sql<{ lock: string; had: boolean }>`select lock, pg_try_advisory_xact_lock(hashtextextended(lock, 0)) as had from ${wanted}`,
  );
  return { had: rows.then((all) => all.filter(({ had }) => had).map(({ lock }) => lock)) };
}

/** Takes the locks of a transaction, one after the other, and waits for them. */
export async function takeLocks(tx: Transaction<Schema>, locks: readonly string[]): Promise<void> {
  for (const lock of locks) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
  }
}
