import { Injectable } from '@nestjs/common';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { Origin } from '#telemetry/traces.js';

/** A body as it came, and when. */
export interface Fresh {
  receivedAt: number;
  body: Uint8Array;
  /** The request that brought it, while traces are on and it has not been read back from the store. */
  cause?: Origin | undefined;
}

export interface Delivery extends Fresh {
  id: number;
  attempts: number;
}

/** Written out, not bound: an index on some of the rows serves only a query that names them. */
const NEW = sql.lit('new' as const);

/** A delivery beyond the place that forwarding has reached; without forwarding there is none. */
const isStillToBeForwarded = ({ eb, and, or, ref }: ExpressionBuilder<Schema, 'deliveries' | 'forwards'>) =>
  or([
    eb('deliveries.xid', '>', ref('forwards.xid')),
    and([eb('deliveries.xid', '=', ref('forwards.xid')), eb('deliveries.id', '>', ref('forwards.delivery_id'))]),
  ]);

@Injectable()
export class InboxStore {
  constructor(private readonly store: Store) {}

  /** All bodies in one statement of one transaction: the group commit. */
  async keep(deliveries: readonly Fresh[]): Promise<void> {
    const rows = deliveries.map(({ receivedAt, body }) => ({ received_at: receivedAt, body, state: 'new' as const, attempts: 0 }));
    await this.store.write((tx) => tx.insertInto('deliveries').values(rows).execute());
  }

  /** A body that this transaction takes in as well. */
  async keepDone(tx: Tx, { receivedAt, body }: Fresh, summary: object): Promise<void> {
    const row = { received_at: receivedAt, body, state: 'done' as const, attempts: 0, summary: JSON.stringify(summary) };
    await tx.insertInto('deliveries').values(row).execute();
  }

  /** What waits, the untried first and in order of arrival: read off the index, however much waits. */
  async waiting(limit: number): Promise<Delivery[]> {
    const untried = await this.#waiting().where('attempts', '=', 0).orderBy('id').limit(limit).execute();
    const rows = untried.length ? untried : await this.#waiting().orderBy('attempts').orderBy('id').limit(limit).execute();
    return rows.map((row) => ({ id: row.id, receivedAt: row.received_at, body: row.body, attempts: row.attempts }));
  }

  async countWaiting(): Promise<number> {
    const row = await this.store.read
      .selectFrom('deliveries')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('state', '=', NEW)
      .executeTakeFirstOrThrow();
    return Number(row.n);
  }

  /** Those of `ids` that nobody else has taken in meanwhile; on Postgres their rows stay locked until the commit. */
  async claim(tx: Tx, ids: readonly number[]): Promise<Set<number>> {
    let query = tx
      .selectFrom('deliveries')
      .select('id')
      .where('id', 'in', [...ids])
      .where('state', '=', NEW);
    if (this.store.engine === 'postgres') query = query.forUpdate().skipLocked();
    return new Set((await query.execute()).map(({ id }) => id));
  }

  async finish(tx: Tx, id: number, state: 'done' | 'failed', summary: object): Promise<void> {
    await tx
      .updateTable('deliveries')
      .set({ state, summary: JSON.stringify(summary) })
      .where('id', '=', id)
      .execute();
  }

  async countAttempt(id: number, attempts: number, giveUp: boolean): Promise<void> {
    await this.store.write((tx) =>
      tx
        .updateTable('deliveries')
        .set({ attempts, ...(giveUp ? { state: 'failed' as const } : {}) })
        .where('id', '=', id)
        .execute(),
    );
  }

  /** Remembers an element; false when it has been taken in before. */
  async firstTime(tx: Tx, key: string, at: number): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('seen')
      .values({ key, at })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return Number(numInsertedOrUpdatedRows ?? 0) > 0;
  }

  async lastReceivedAt(reader: Reader = this.store.read): Promise<number | null> {
    const row = await reader.selectFrom('deliveries').select('received_at').orderBy('id', 'desc').limit(1).executeTakeFirst();
    return row?.received_at ?? null;
  }

  async purge(deliveriesBefore: number, seenBefore: number): Promise<void> {
    await this.store.inBatches(async (tx, most) => {
      // Later ids came later: what is to be kept is not looked through.
      const kept = await tx
        .selectFrom('deliveries')
        .select('id')
        .where('received_at', '>=', deliveriesBefore)
        .orderBy('id')
        .limit(1)
        .execute();
      const old = tx
        .selectFrom('deliveries')
        .select('id')
        .where('id', '<', kept[0]?.id ?? Number.MAX_SAFE_INTEGER)
        .where('state', '!=', 'new')
        .where(({ not, exists, selectFrom }) => not(exists(selectFrom('forwards').select('name').where(isStillToBeForwarded))))
        .orderBy('id')
        .limit(most);
      return tx.deleteFrom('deliveries').where('id', 'in', old).executeTakeFirst();
    });
    await this.store.inBatches((tx, most) => {
      const old = tx.selectFrom('seen').select('key').where('at', '<', seenBefore).limit(most);
      return tx.deleteFrom('seen').where('key', 'in', old).executeTakeFirst();
    });
  }

  #waiting() {
    return this.store.read.selectFrom('deliveries').select(['id', 'received_at', 'body', 'attempts']).where('state', '=', NEW);
  }
}
