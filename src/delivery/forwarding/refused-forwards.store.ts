import { COUNT } from '#store/order.js';
import type { Reader, Tx } from '#store/store.js';

/** The id of no number: a list of none is no list in SQL. */
const NONE = '-';

/** A delivery that the target refuses. Times are ms since 1970. */
export interface RefusedForward {
  id: number;
  /** `set_aside`, or `replaying` until it was posted once more. */
  state: 'set_aside' | 'replaying';
  receivedAt: number;
  attempts: number;
  /** The HTTP status of the last attempt; null when no answer came. */
  status: number | null;
  firstRefusedAt: number;
  lastRefusedAt: number;
}

/** One more refusal of a delivery. */
export interface Refusal {
  id: number;
  state: 'trying' | 'set_aside';
  attempts: number;
  status: number | null;
  at: number;
}

/** A delivery that is posted once more. */
export interface ReplayedDelivery {
  id: number;
  attempts: number;
  body: Uint8Array;
}

/** The numbers whose deliveries are meant, '' for those that were kept without one; null for all. */
export type Queues = readonly string[] | null;

/** The SQL of deliveries that the target refuses. */
export class RefusedForwardsStore {
  /** Writes one more refusal; the time of the first stays. */
  async record(tx: Tx, { id, state, attempts, status, at }: Refusal): Promise<void> {
    await tx
      .insertInto('refused_forwards')
      .values({ delivery_id: id, state, attempts, status, first_refused_at: at, last_refused_at: at })
      .onConflict((conflict) => conflict.column('delivery_id').doUpdateSet({ state, attempts, status, last_refused_at: at }))
      .execute();
  }

  /** Drops what the target has taken after all. */
  async taken(tx: Tx, ids: readonly number[]): Promise<void> {
    if (ids.length > 0) await tx.deleteFrom('refused_forwards').where('delivery_id', 'in', ids).execute();
  }

  /** Oldest first; `trying` ones are not among them. */
  async list(reader: Reader, queues: Queues, limit: number, afterId: number): Promise<RefusedForward[]> {
    const all = reader
      .selectFrom('refused_forwards')
      .innerJoin('deliveries', 'deliveries.id', 'refused_forwards.delivery_id')
      .select(['delivery_id', 'refused_forwards.state', 'received_at', 'refused_forwards.attempts', 'status'])
      .select(['first_refused_at', 'last_refused_at'])
      .where('refused_forwards.state', '!=', 'trying')
      .where('delivery_id', '>', afterId)
      .orderBy('delivery_id')
      .limit(limit);
    const rows = await (queues === null ? all : all.where('phone_number_id', 'in', [...queues, NONE])).execute();
    return rows.map((row) => ({
      id: row.delivery_id,
      state: row.state === 'replaying' ? 'replaying' : 'set_aside',
      receivedAt: row.received_at,
      attempts: row.attempts,
      status: row.status,
      firstRefusedAt: row.first_refused_at,
      lastRefusedAt: row.last_refused_at,
    }));
  }

  /** How many are kept under these numbers. */
  async count(reader: Reader, numbers: readonly string[]): Promise<number> {
    const counted = reader
      .selectFrom('refused_forwards')
      .innerJoin('deliveries', 'deliveries.id', 'refused_forwards.delivery_id')
      .select(COUNT)
      .where('phone_number_id', 'in', [...numbers, NONE])
      .where('refused_forwards.state', '!=', 'trying');
    return Number((await counted.executeTakeFirstOrThrow()).n);
  }

  /** Asks for one more attempt at each. @param ids null for all @returns the ids of those that are set aside */
  async replay(tx: Tx, queues: Queues, ids: readonly number[] | null): Promise<number[]> {
    const all = tx.selectFrom('deliveries').select('id');
    const kept = queues === null ? all : all.where('phone_number_id', 'in', [...queues, NONE]);
    let query = tx
      .updateTable('refused_forwards')
      .set({ state: 'replaying' })
      .where('state', '!=', 'trying')
      .where('delivery_id', 'in', ids ? kept.where('id', 'in', [...ids]) : kept);
    if (ids?.length === 0) query = query.where('delivery_id', '<', 0);
    return (await query.returning('delivery_id').execute()).map(({ delivery_id: id }) => id).sort((a, b) => a - b);
  }

  /** The next deliveries to post once more, oldest first. */
  async toReplay(reader: Reader, numbers: readonly string[], limit: number): Promise<ReplayedDelivery[]> {
    return reader
      .selectFrom('refused_forwards')
      .innerJoin('deliveries', 'deliveries.id', 'refused_forwards.delivery_id')
      .select(['deliveries.id', 'refused_forwards.attempts', 'body'])
      .where('refused_forwards.state', '=', 'replaying')
      .where('phone_number_id', 'in', [...numbers, NONE])
      .orderBy('delivery_id')
      .limit(limit)
      .execute();
  }

  /** Deletes what is set aside and whose delivery is gone: erased, or past its retention. */
  async purge(tx: Tx): Promise<void> {
    await tx.deleteFrom('refused_forwards').where('delivery_id', 'not in', tx.selectFrom('deliveries').select('id')).execute();
  }

  /** The numbers under which deliveries are kept that are to be posted once more. */
  async replayingNumbers(reader: Reader): Promise<string[]> {
    const replaying = reader
      .selectFrom('refused_forwards')
      .innerJoin('deliveries', 'deliveries.id', 'refused_forwards.delivery_id')
      .select('phone_number_id')
      .distinct()
      .where('refused_forwards.state', '=', 'replaying');
    return (await replaying.execute()).map(({ phone_number_id }) => phone_number_id);
  }

  /** Deletes what was set aside of all numbers but those that are still forwarded. */
  async clear(tx: Tx, forwarded: readonly string[]): Promise<void> {
    const kept = tx.selectFrom('refused_forwards').innerJoin('deliveries', 'deliveries.id', 'refused_forwards.delivery_id');
    const staying = kept.select('delivery_id').where('phone_number_id', 'in', [...forwarded, NONE]);
    await tx.deleteFrom('refused_forwards').where('delivery_id', 'not in', staying).execute();
  }
}
