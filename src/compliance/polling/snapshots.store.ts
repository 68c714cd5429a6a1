import { Injectable } from '@nestjs/common';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { newestOfNumbers, severalOf } from '#store/lists/newest-of-numbers.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';
import type { Snapshot, SnapshotMetrics, SnapshotPosition } from './snapshot.js';

const ofNumber = (reader: Reader, phoneNumberId: string) =>
  reader.selectFrom('snapshots').selectAll().where('phone_number_id', '=', phoneNumberId);

@Injectable()
export class SnapshotsStore {
  /** Begins a poll; false when one of the number runs already, in this process or another. */
  async begin(tx: Tx, { metrics: _, ...snapshot }: Snapshot): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('snapshots')
      .values({ ...snapshot, data: null })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return Number(numInsertedOrUpdatedRows ?? 0) > 0;
  }

  /** Gives up polls that began before then. A process that still runs one cannot finish it any more. */
  async giveUp(tx: Tx, phoneNumberId: string, before: number, at: number): Promise<void> {
    await tx
      .updateTable('snapshots')
      .set({ state: 'failed', finished_at: at })
      .where('phone_number_id', '=', phoneNumberId)
      .where('state', '=', 'running')
      .where('started_at', '<', before)
      .execute();
  }

  /** Ends a poll; false when it was given up meanwhile, and its metrics must not be published. */
  async finish(tx: Tx, id: string, state: 'done' | 'failed', at: number, metrics: SnapshotMetrics | null): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('snapshots')
      .set({ state, finished_at: at, data: metrics && JSON.stringify(metrics) })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .executeTakeFirst();
    return Number(numUpdatedRows) > 0;
  }

  /** When the last poll of this cause began; null for any cause. */
  async lastAt(tx: Tx, phoneNumberId: string, cause: Snapshot['cause'] | null): Promise<number | null> {
    const all = ofNumber(tx, phoneNumberId);
    const polls = cause === null ? all : all.where('cause', '=', cause);
    return (await polls.orderBy('started_at', 'desc').limit(1).executeTakeFirst())?.started_at ?? null;
  }

  async latestDone(reader: Reader, phoneNumberId: string): Promise<Snapshot | null> {
    const done = ofNumber(reader, phoneNumberId).where('state', '=', 'done');
    const row = await done.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
    return row ? toSnapshot(row) : null;
  }

  async find(reader: Reader, id: string): Promise<Snapshot | null> {
    const row = await reader.selectFrom('snapshots').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toSnapshot(row) : null;
  }

  /** Newest first, after the cursor. */
  async list(reader: Reader, { numbers }: NumberReach, limit: number, after: SnapshotPosition | null): Promise<Snapshot[]> {
    const page = (of: readonly string[] | null) => {
      const all = reader.selectFrom('snapshots').orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit);
      const query = of === null ? all : all.where('phone_number_id', 'in', [...of]);
      return after ? query.where(({ eb, refTuple, tuple }) => eb(refTuple('started_at', 'id'), '<', tuple(...after))) : query;
    };
    const several = severalOf(numbers);
    if (!several) return (await page(numbers).selectAll().execute()).map(toSnapshot);
    const ids = await newestOfNumbers(reader, several, limit, (id) => page([id]).select(['id', 'started_at as at']));
    if (ids.length === 0) return [];
    const rows = reader.selectFrom('snapshots').selectAll().where('id', 'in', ids).orderBy('started_at', 'desc').orderBy('id', 'desc');
    return (await rows.execute()).map(toSnapshot);
  }

  /** Finished polls since then, oldest first. */
  async since(reader: Reader, phoneNumberId: string, from: number): Promise<Snapshot[]> {
    const done = ofNumber(reader, phoneNumberId).where('state', '=', 'done');
    return (await done.where('started_at', '>=', from).orderBy('started_at').execute()).map(toSnapshot);
  }

  /** Up to `most` of a number that ended, and began before then. */
  purgeOf(tx: Tx, phoneNumberId: string, before: number, most: number): Promise<{ numDeletedRows: bigint }> {
    const ended = tx.selectFrom('snapshots').select('id').where('phone_number_id', '=', phoneNumberId).where('state', '!=', 'running');
    const old = ended.where('started_at', '<', before).limit(most);
    return tx.deleteFrom('snapshots').where('id', 'in', old).executeTakeFirst();
  }

  /** Up to `most` that began before then. */
  purge(tx: Tx, before: number, most: number): Promise<{ numDeletedRows: bigint }> {
    const old = tx.selectFrom('snapshots').select('id').where('started_at', '<', before).limit(most);
    return tx.deleteFrom('snapshots').where('id', 'in', old).executeTakeFirst();
  }
}

const toSnapshot = ({ data, ...row }: Schema['snapshots']): Snapshot => ({
  ...row,
  metrics: data === null ? null : (JSON.parse(data) as SnapshotMetrics),
});
