import type { Kysely, Transaction } from 'kysely';
import { Batch, writeLast } from '#store/batch/batch.js';
import type { Schema } from '#store/schema.js';
import { askForLocks } from './advisory-locks.js';

type Tx = Transaction<Schema>;

/** A batch that is written at once or not at all. The store may run it again for fewer locks. */
export interface BatchWork<P, T> {
  /** Reads for these locks before it is known whether the transaction has them; what it wrote is undone when it has not. */
  prepare(tx: Tx, locks: readonly string[]): Promise<P>;
  /** Runs with all of them. */
  apply(tx: Tx, prepared: P): Promise<T>;
}

/** Other writers have some of the locks. */
class LocksElsewhere extends Error {
  constructor(readonly had: string[]) {
    super('other writers have some of the locks');
  }
}

/** @returns what was written; without that, the locks with which it may be tried again */
export async function writeBatchWith<P, T>(
  db: Kysely<Schema>,
  locks: readonly string[],
  work: BatchWork<P, T>,
): Promise<{ had: string[]; written: { result: T; tx: Tx } | null }> {
  try {
    return { had: [], written: await db.transaction().execute((tx) => write(tx, locks, work)) };
  } catch (error) {
    if (error instanceof LocksElsewhere) return { had: error.had, written: null };
    throw error;
  }
}

/** The locks and what is prepared take one round trip. Nothing of the transaction is left under way when this throws. */
async function write<P, T>(tx: Tx, locks: readonly string[], { prepare, apply }: BatchWork<P, T>): Promise<{ result: T; tx: Tx }> {
  const asked = await askForLocks(tx, locks);
  await Batch.begin(tx);
  const [had, prepared] = await Promise.allSettled([asked.had, prepare(tx, locks)]);
  if (had.status === 'rejected') throw had.reason;
  if (had.value.length < locks.length) throw new LocksElsewhere(had.value);
  if (prepared.status === 'rejected') throw prepared.reason;
  const result = await apply(tx, prepared.value);
  await writeLast(tx);
  return { result, tx };
}
