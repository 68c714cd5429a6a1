import { Injectable } from '@nestjs/common';
import { type SqlBool, sql } from 'kysely';
import { fromCursor } from '#store/order.js';
import { Store } from '#store/store.js';

const NAME = 'webhook';

/** The place of a delivery in the order in which all are forwarded; `xid` is 0 on SQLite. */
export interface Place {
  xid: number;
  id: number;
}

export interface Forward extends Place {
  body: Uint8Array;
}

/** The SQL of forwarding: how far it has come, and what is next. */
@Injectable()
export class ForwardsStore {
  constructor(private readonly store: Store) {}

  /** The first time, forwarding begins after what is kept by now. */
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

  /** Nothing is forwarded any more, so deliveries need not wait for it. */
  async end(): Promise<void> {
    await this.store.write((tx) => tx.deleteFrom('forwards').where('name', '=', NAME).execute());
  }

  /** Where to go on, for the one replica that may; null for the others. */
  async claim(holder: string, now: number, until: number): Promise<Place | null> {
    if (this.store.engine === 'postgres' && !(await this.#lease(holder, now, until))) return null;
    return this.#place();
  }

  /**
   * The next deliveries in order. On Postgres only those in front of which nothing can appear any more: a transaction may
   * commit after others with higher ids.
   */
  async after(place: Place, limit: number): Promise<Forward[]> {
    let query = this.store.read
      .selectFrom('deliveries')
      .select(['xid', 'id', 'body'])
      .where(fromCursor(this.store.engine, '>', place));
    if (this.store.engine === 'postgres') query = query.where(sql<SqlBool>`xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`);
    return query.orderBy('xid').orderBy('id').limit(limit).execute();
  }

  /** How many deliveries are kept and not yet passed on; 0 when nothing is forwarded. */
  async countPending(): Promise<number> {
    const place = await this.#place();
    if (!place) return 0;
    const row = await this.store.read
      .selectFrom('deliveries')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where(fromCursor(this.store.engine, '>', place))
      .executeTakeFirstOrThrow();
    return Number(row.n);
  }

  /** Everything up to here was passed on; false when another replica has taken over. */
  async advance(holder: string, { xid, id }: Place): Promise<boolean> {
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

  async #place(): Promise<Place | null> {
    const row = await this.store.read.selectFrom('forwards').select(['xid', 'delivery_id']).where('name', '=', NAME).executeTakeFirst();
    return row ? { xid: row.xid, id: row.delivery_id } : null;
  }

  async #lease(holder: string, now: number, until: number): Promise<boolean> {
    const done = await this.store.write((tx) =>
      tx
        .updateTable('forwards')
        .set({ holder, held_by_until: until })
        .where('name', '=', NAME)
        .where((where) => where.or([where('holder', '=', holder), where('holder', 'is', null), where('held_by_until', '<', now)]))
        .executeTakeFirst(),
    );
    return done.numUpdatedRows > 0n;
  }
}
