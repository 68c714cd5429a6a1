import { sql, type Transaction } from 'kysely';
import type { Schema } from '#store/schema.js';

/** Takes the locks of a transaction, one after the other, and waits for them. */
export async function takeLocks(tx: Transaction<Schema>, locks: readonly string[]): Promise<void> {
  for (const lock of locks) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
  }
}
