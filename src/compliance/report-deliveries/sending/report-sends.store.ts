import { Injectable } from '@nestjs/common';
import type { DeliveryPeriod } from '#compliance/report-deliveries/delivery-period.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';

/** What is to be sent, or was. Times are in ms since 1970. */
export type ReportSend = Schema['report_sends'];

/** The period of the message that asks whether an address wants reports. */
export const CONFIRM = 'confirm';

const CONFIRMATION: DeliveryPeriod = { first: CONFIRM, last: CONFIRM, from: 0, until: 0 };

/** The SQL of what deliveries send: the key of the table makes each period one over all replicas. */
@Injectable()
export class ReportSendsStore {
  /** Takes a period of a delivery; false when it is taken already, here or by another replica. */
  async claim(tx: Tx, deliveryId: string, period: DeliveryPeriod | null, at: number): Promise<boolean> {
    const { first, from, until } = period ?? CONFIRMATION;
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('report_sends')
      .values({
        ...{ delivery_id: deliveryId, period: first, from_at: from, until_at: until, state: 'due', attempts: 0, next_attempt_at: at },
        ...{ first_attempt_at: null, holder: null, held_until: null, finished_at: null, fault: null, status: null },
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return Number(numInsertedOrUpdatedRows ?? 0) > 0;
  }

  /** What waits for an attempt that no replica makes just now, the longest waiting first. */
  due(reader: Reader, now: number, limit: number): Promise<ReportSend[]> {
    return reader
      .selectFrom('report_sends')
      .selectAll()
      .where('state', '=', 'due')
      .where('next_attempt_at', '<=', now)
      .where(({ eb, or }) => or([eb('held_until', 'is', null), eb('held_until', '<=', now)]))
      .orderBy('next_attempt_at')
      .limit(limit)
      .execute();
  }

  /** Takes the turn of an attempt; false when another replica has it. */
  async take(tx: Tx, send: ReportSend, holder: string, now: number, until: number): Promise<boolean> {
    const taken = await keyed(tx, send)
      .set({ holder, held_until: until, first_attempt_at: send.first_attempt_at ?? now })
      .where('state', '=', 'due')
      .where('next_attempt_at', '<=', now)
      .where(({ eb, or }) => or([eb('held_until', 'is', null), eb('held_until', '<=', now)]))
      .executeTakeFirst();
    return taken.numUpdatedRows > 0n;
  }

  /** Writes what an attempt came to; false when its turn was over and another one has it. */
  async finish(tx: Tx, send: ReportSend, holder: string, change: Partial<ReportSend>): Promise<boolean> {
    const done = await keyed(tx, send)
      .set({ ...change, holder: null, held_until: null })
      .where('holder', '=', holder)
      .where('state', '=', 'due')
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  /** What these deliveries sent or are to send, the latest period first. */
  async ofDeliveries(reader: Reader, ids: readonly string[]): Promise<ReportSend[]> {
    if (ids.length === 0) return [];
    const all = reader
      .selectFrom('report_sends')
      .selectAll()
      .where('delivery_id', 'in', [...ids]);
    return all.orderBy('until_at', 'desc').execute();
  }

  /** The request to confirm that a delivery made; null when it made none. */
  async confirmationOf(reader: Reader, deliveryId: string): Promise<ReportSend | null> {
    const found = reader.selectFrom('report_sends').selectAll().where('delivery_id', '=', deliveryId).where('period', '=', CONFIRM);
    return (await found.executeTakeFirst()) ?? null;
  }

  /** Nothing more of a delivery is sent. */
  async drop(tx: Tx, deliveryId: string, at: number): Promise<void> {
    const waiting = tx.updateTable('report_sends').set({ state: 'dropped', finished_at: at }).where('delivery_id', '=', deliveryId);
    await waiting.where('state', '=', 'due').execute();
  }

  async deleteOf(tx: Tx, deliveryId: string): Promise<void> {
    await tx.deleteFrom('report_sends').where('delivery_id', '=', deliveryId).execute();
  }

  /** Those that ended before then. Their periods are over for so long that none is claimed again. */
  async purge(tx: Tx, before: number): Promise<number> {
    return Number((await tx.deleteFrom('report_sends').where('finished_at', '<', before).executeTakeFirst()).numDeletedRows);
  }
}

const keyed = (tx: Tx, { delivery_id, period }: Pick<ReportSend, 'delivery_id' | 'period'>) =>
  tx.updateTable('report_sends').where('delivery_id', '=', delivery_id).where('period', '=', period);
