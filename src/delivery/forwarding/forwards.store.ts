import { Injectable } from '@nestjs/common';
import { type SqlBool, sql } from 'kysely';
import { COUNT, fromCursor } from '#store/order.js';
import { Store } from '#store/store.js';

const NAME = 'webhook';

/** The offset of a delivery in the order of the inbox; `xid` is 0 on SQLite. */
export interface ForwardOffset {
  xid: number;
  id: number;
}

/** A kept delivery of 360dialog with its offset. */
export interface ForwardedDelivery extends ForwardOffset {
  body: Uint8Array;
}

/** The SQL of forwarding: its offset, and the next deliveries. */
@Injectable()
export class ForwardsStore {
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
        .values({ name: NAME, xid: newest?.xid ?? 0, delivery_id: newest?.id ?? 0, holder: null, held_by_until: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  }

  /** Ends forwarding, so that the purge of deliveries no longer waits for it. */
  async end(): Promise<void> {
    await this.store.write((tx) => tx.deleteFrom('forwards').where('name', '=', NAME).execute());
  }

  /** The offset, for the one replica that gets or renews the lease; null for the others. */
  async claim(holder: string, now: number, until: number): Promise<ForwardOffset | null> {
    if (this.store.engine === 'sqlite') return this.#offset();
    const leased = await this.store.write((tx) =>
      tx
        .updateTable('forwards')
        .set({ holder, held_by_until: until })
        .where('name', '=', NAME)
        .where((where) => where.or([where('holder', '=', holder), where('holder', 'is', null), where('held_by_until', '<', now)]))
        .returning(['xid', 'delivery_id as id'])
        .executeTakeFirst(),
    );
    return leased ?? null;
  }

  /**
   * The next deliveries in order. On Postgres only those before which no delivery can appear any more: a transaction may commit
   * after others with higher ids.
   */
  async after(offset: ForwardOffset, limit: number): Promise<ForwardedDelivery[]> {
    let query = this.store.read
      .selectFrom('deliveries')
      .select(['xid', 'id', 'body'])
      .where(fromCursor(this.store.engine, '>', offset));
    if (this.store.engine === 'postgres') query = query.where(sql<SqlBool>`xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`);
    return query.orderBy('xid').orderBy('id').limit(limit).execute();
  }

  /** How many kept deliveries wait to be forwarded; 0 when forwarding is off. */
  async countPending(): Promise<number> {
    const offset = await this.#offset();
    if (!offset) return 0;
    const counted = this.store.read
      .selectFrom('deliveries')
      .select(COUNT)
      .where(fromCursor(this.store.engine, '>', offset));
    return Number((await counted.executeTakeFirstOrThrow()).n);
  }

  /** Moves the offset; false when another replica has the lease. */
  async advance(holder: string, { xid, id }: ForwardOffset): Promise<boolean> {
    return this.store.write(async (tx) => {
      let query = tx.updateTable('forwards').set({ xid, delivery_id: id }).where('name', '=', NAME);
      if (this.store.engine === 'postgres') query = query.where('holder', '=', holder);
      return (await query.executeTakeFirst()).numUpdatedRows > 0n;
    });
  }

  async release(holder: string): Promise<void> {
    if (this.store.engine !== 'postgres') return;
    await this.store.write((tx) =>
      tx.updateTable('forwards').set({ holder: null, held_by_until: null }).where('holder', '=', holder).execute(),
    );
  }

  async #offset(): Promise<ForwardOffset | null> {
    const kept = this.store.read.selectFrom('forwards').select(['xid', 'delivery_id as id']).where('name', '=', NAME);
    return (await kept.executeTakeFirst()) ?? null;
  }
}
