import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { COUNT, fromCursor } from '#store/order.js';
import { type Reader, Store } from '#store/store.js';
import { type Refusal, RefusedForwardsStore, type ReplayedDelivery } from './refused-forwards.store.js';

const NAME = 'webhook';

/** The offset of a delivery in the order of the inbox; `xid` is 0 on SQLite. */
export interface ForwardOffset {
  xid: number;
  id: number;
}

/** The offset, and until when nothing is forwarded, in ms since 1970; null when nothing stands in the way. */
export interface ForwardTurn extends ForwardOffset {
  heldUntil: number | null;
}

/** A kept delivery of 360dialog with its offset. */
export interface ForwardedDelivery extends ForwardOffset {
  body: Uint8Array;
  /** How often the target has refused it. */
  refusals: number;
}

/** What waits to be forwarded, and what is set aside. Times are ms since 1970. */
export interface ForwardState {
  /** Deliveries that wait to be forwarded. */
  pending: number;
  /** When the oldest of them was received; null when none waits. */
  oldestReceivedAt: number | null;
  /** Until when the target asks to wait, or when a refused delivery is tried again; null or past when nothing is waited for. */
  heldUntil: number | null;
  /** Deliveries that the target refused for good. */
  setAside: number;
}

/** How long the oldest delivery has waited, in ms; 0 when none waits. */
export const ageOf = (oldestReceivedAt: number | null, now: number): number =>
  oldestReceivedAt === null ? 0 : Math.max(0, now - oldestReceivedAt);

/** What one pass of forwarding has done. */
export interface ForwardProgress {
  /** The last delivery that is forwarded or set aside; null when the offset stays. */
  reached: ForwardOffset | null;
  /** Those of them that the target had refused before. */
  takenAfterAll: readonly number[];
  heldUntil: number | null;
  refusal: Refusal | null;
}

/** The SQL of forwarding: its offset, and the next deliveries. */
@Injectable()
export class ForwardsStore {
  readonly refused = new RefusedForwardsStore();

  constructor(private readonly store: Store) {}

  /** At the first start, forwarding begins after the newest kept delivery. */
  async begin(): Promise<void> {
    await this.store.write(async (tx) => {
      const newest = await tx
        .selectFrom('deliveries')
        .select(['xid', 'id'])
        .orderBy('xid', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      await tx
        .insertInto('forwards')
        .values({ name: NAME, xid: newest?.xid ?? 0, delivery_id: newest?.id ?? 0, holder: null, held_by_until: null, held_until: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  }

  /** Ends forwarding, so that the purge of deliveries no longer waits for it. */
  async end(): Promise<void> {
    await this.store.write(async (tx) => {
      await tx.deleteFrom('forwards').where('name', '=', NAME).execute();
      await this.refused.clear(tx);
    });
  }

  /** The offset, for the one replica that gets or renews the lease; null for the others. */
  async claim(holder: string, now: number, until: number): Promise<ForwardTurn | null> {
    if (this.store.engine === 'sqlite') return this.turn();
    const leased = await this.store.write((tx) =>
      tx
        .updateTable('forwards')
        .set({ holder, held_by_until: until })
        .where('name', '=', NAME)
        .where((where) => where.or([where('holder', '=', holder), where('holder', 'is', null), where('held_by_until', '<', now)]))
        .returning(['xid', 'delivery_id as id', 'held_until as heldUntil'])
        .executeTakeFirst(),
    );
    return leased ?? null;
  }

  /**
   * The next deliveries in order. On Postgres only those before which no delivery can appear any more: a transaction may commit
   * after others with higher ids.
   */
  async after(offset: ForwardOffset, limit: number): Promise<ForwardedDelivery[]> {
    const found = this.#after(offset, limit).leftJoin('refused_forwards', 'refused_forwards.delivery_id', 'deliveries.id');
    const columns = found.select(['xid', 'id', 'body', 'refused_forwards.attempts as refusals']);
    const rows = await columns.orderBy('xid').orderBy('id').limit(limit).execute();
    return rows.map(({ refusals, ...row }) => ({ ...row, refusals: refusals ?? 0 }));
  }

  #after(offset: ForwardOffset, limit: number) {
    const { read, engine } = this.store;
    if (engine === 'sqlite') return read.selectFrom('deliveries').where(fromCursor(engine, '>', offset));
    const found = sql`deliveries_after(${offset.xid}, ${offset.id}, ${limit})`.as<'deliveries'>(sql.ref('deliveries'));
    return read.selectFrom(found) as unknown as ReturnType<typeof selectDeliveries>;
  }

  /** What waits and what is set aside; null when forwarding is off. */
  async state(): Promise<ForwardState | null> {
    const turn = await this.turn();
    if (!turn) return null;
    const beyond = this.store.read.selectFrom('deliveries').where(fromCursor(this.store.engine, '>', turn));
    const counted = await beyond.select(COUNT).executeTakeFirstOrThrow();
    const oldest = await beyond.select('received_at').orderBy('xid').orderBy('id').limit(1).executeTakeFirst();
    const { heldUntil } = turn;
    const setAside = await this.refused.count(this.store.read);
    return { pending: Number(counted.n), oldestReceivedAt: oldest?.received_at ?? null, heldUntil, setAside };
  }

  /** The next deliveries to post once more. */
  toReplay(limit: number): Promise<ReplayedDelivery[]> {
    return this.refused.toReplay(this.store.read, limit);
  }

  /** Writes the result of one more attempt. @param result the id of a delivery that the target took, or its failure */
  async replayed(result: number | Refusal): Promise<void> {
    await this.store.write((tx) => (typeof result === 'number' ? this.refused.taken(tx, [result]) : this.refused.record(tx, result)));
  }

  /** Deletes what is set aside and whose delivery is gone. */
  async purge(): Promise<void> {
    await this.store.write((tx) => this.refused.purge(tx));
  }

  /** Writes what a pass has done, in one transaction; false, and nothing written, when another replica has the lease. */
  async advance(holder: string, { reached, takenAfterAll, heldUntil, refusal }: ForwardProgress): Promise<boolean> {
    return this.store.write(async (tx) => {
      const offset = reached ? { xid: reached.xid, delivery_id: reached.id } : {};
      let query = tx
        .updateTable('forwards')
        .set({ ...offset, held_until: heldUntil })
        .where('name', '=', NAME);
      if (this.store.engine === 'postgres') query = query.where('holder', '=', holder);
      if ((await query.executeTakeFirst()).numUpdatedRows === 0n) return false;
      await this.refused.taken(tx, takenAfterAll);
      if (refusal) await this.refused.record(tx, refusal);
      return true;
    });
  }

  async release(holder: string): Promise<void> {
    if (this.store.engine !== 'postgres') return;
    await this.store.write((tx) =>
      tx.updateTable('forwards').set({ holder: null, held_by_until: null }).where('holder', '=', holder).execute(),
    );
  }

  /** Where forwarding is; null when it is off. */
  async turn(): Promise<ForwardTurn | null> {
    const kept = this.store.read.selectFrom('forwards').select(['xid', 'delivery_id as id', 'held_until as heldUntil']);
    return (await kept.where('name', '=', NAME).executeTakeFirst()) ?? null;
  }
}

const selectDeliveries = (reader: Reader) => reader.selectFrom('deliveries');
