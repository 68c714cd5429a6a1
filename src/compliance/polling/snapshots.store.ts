import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '#store/store.js';
import type { Cause, Snapshot, SnapshotMetrics, SnapshotState } from './snapshot.js';

interface Row {
  id: string;
  phone_number_id: string;
  state: SnapshotState;
  cause: Cause;
  started_at: number;
  finished_at: number | null;
  data: string | null;
}

@Injectable()
export class SnapshotsStore {
  /** Begins a poll; false when one of the number runs already, in this process or another. */
  async begin(
    tx: Tx,
    { id, phoneNumberId, cause, startedAt }: Pick<Snapshot, 'id' | 'phoneNumberId' | 'cause' | 'startedAt'>,
  ): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('snapshots')
      .values({ id, phone_number_id: phoneNumberId, state: 'running', cause, started_at: startedAt })
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

  /** When the last poll of the schedule began. */
  async lastScheduledAt(tx: Tx, phoneNumberId: string): Promise<number | null> {
    const row = await tx
      .selectFrom('snapshots')
      .select('started_at')
      .where('phone_number_id', '=', phoneNumberId)
      .where('cause', '=', 'schedule')
      .orderBy('started_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.started_at ?? null;
  }

  async latestDone(reader: Reader, phoneNumberId: string): Promise<Snapshot | null> {
    const row = await reader
      .selectFrom('snapshots')
      .selectAll()
      .where('phone_number_id', '=', phoneNumberId)
      .where('state', '=', 'done')
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toSnapshot(row) : null;
  }

  async find(reader: Reader, id: string): Promise<Snapshot | null> {
    const row = await reader.selectFrom('snapshots').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toSnapshot(row) : null;
  }

  /** Newest first, after the cursor. */
  async list(reader: Reader, phoneNumberId: string, limit: number, after: { startedAt: number; id: string } | null): Promise<Snapshot[]> {
    let query = reader.selectFrom('snapshots').selectAll().where('phone_number_id', '=', phoneNumberId);
    if (after) query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('started_at', 'id'), '<', tuple(after.startedAt, after.id)));
    const rows = await query.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    return rows.map(toSnapshot);
  }

  /** Finished polls since then, oldest first. */
  async since(reader: Reader, phoneNumberId: string, from: number): Promise<Snapshot[]> {
    const rows = await reader
      .selectFrom('snapshots')
      .selectAll()
      .where('phone_number_id', '=', phoneNumberId)
      .where('state', '=', 'done')
      .where('started_at', '>=', from)
      .orderBy('started_at')
      .execute();
    return rows.map(toSnapshot);
  }

  /** Up to `most` that began before then. */
  purge(tx: Tx, before: number, most: number): Promise<{ numDeletedRows: bigint }> {
    const old = tx.selectFrom('snapshots').select('id').where('started_at', '<', before).limit(most);
    return tx.deleteFrom('snapshots').where('id', 'in', old).executeTakeFirst();
  }
}

const toSnapshot = (row: Row): Snapshot => ({
  id: row.id,
  phoneNumberId: row.phone_number_id,
  state: row.state,
  cause: row.cause,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  metrics: row.data === null ? null : (JSON.parse(row.data) as SnapshotMetrics),
});
