import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Tx } from '#store/store.js';

/** A moment at which a reading may be sent. */
export interface ReadSlot {
  /** By the clock of the database, in ms since 1970. */
  at: number;
  /** How long that is from now, in ms. */
  waitMs: number;
}

interface ReadLimit {
  /** No more than `most` readings in any span of `spanMs`. */
  most: number;
  spanMs: number;
  /** No slot for a longer wait. */
  longestWaitMs: number;
}

const NOW = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/**
 * Slots for permission reads over all replicas, on Postgres: one row per number with the latest slots, the oldest first. Only the clock
 * of the database counts.
 */
@Injectable()
export class PermissionReadsStore {
  /** Takes the next slot; undefined when the queue is too long and none was taken. */
  async take(tx: Tx, phoneNumberId: string, { most, spanMs, longestWaitMs }: ReadLimit): Promise<ReadSlot | undefined> {
    // No slot lies further ahead than the longest wait, unless the clock was set back: such a slot counts for nothing.
    const next = sql`greatest(${NOW}, case when r.slots[1] > ${NOW} + ${longestWaitMs}::bigint then 0 else r.slots[1] + ${spanMs}::bigint end)`;
    // Slots are of no use after a crash, so their commit waits for no disk. Both statements go out together.
    const unsynced = sql`set local synchronous_commit = off`.execute(tx);
    const taken = sql<ReadSlot>`
      insert into permission_reads as r (phone_number_id, slots)
      values (${phoneNumberId}, array_fill(0::bigint, array[${most - 1}::integer]) || ${NOW})
      on conflict (phone_number_id) do update set slots = r.slots[2:${most}::integer] || ${next}
      where ${next} - ${NOW} <= ${longestWaitMs}::bigint
      returning r.slots[${most}::integer] as at, greatest(0, r.slots[${most}::integer] - ${NOW}) as "waitMs"`.execute(tx);
    const [{ rows }] = await Promise.all([taken, unsynced]);
    return rows[0];
  }
}
