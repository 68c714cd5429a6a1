import type { Reader, Tx } from '#store/store.js';

/** A delivery that was set aside, as the table has it. */
export interface QuarantineRow {
  id: number;
  receivedAt: number;
  attempts: number;
  summary: string | null;
}

/** The SQL of deliveries that were set aside. */
export class QuarantineStore {
  /** Oldest first. */
  async list(reader: Reader, limit: number, afterId: number): Promise<QuarantineRow[]> {
    const rows = await reader
      .selectFrom('deliveries')
      .select(['id', 'received_at', 'attempts', 'summary'])
      .where('state', '=', 'failed')
      .where('id', '>', afterId)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ received_at: receivedAt, ...row }) => ({ ...row, receivedAt }));
  }

  /** Lets the worker try them again as if they were new. @param ids null for all @returns those that were set aside */
  async release(tx: Tx, ids: readonly number[] | null): Promise<number[]> {
    let query = tx.updateTable('deliveries').set({ state: 'new', attempts: 0, summary: null }).where('state', '=', 'failed');
    if (ids) query = query.where('id', 'in', [...ids]);
    return (await query.returning('id').execute()).map(({ id }) => id).sort((a, b) => a - b);
  }
}
