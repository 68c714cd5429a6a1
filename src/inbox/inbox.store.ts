import { Injectable } from '@nestjs/common';
import { type ExpressionBuilder, sql } from 'kysely';
import { Prepared, PreparedRows } from '#store/prepared.js';
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
  readonly #keep = new PreparedRows((db, rows: Fresh[]) =>
    db
      .insertInto('deliveries')
      .values(rows.map(({ receivedAt, body }) => ({ received_at: receivedAt, body, state: 'new' as const, attempts: 0 }))),
  );
  readonly #keepDone = new Prepared((db, { receivedAt, body, summary }: Fresh & { summary: string }) =>
    db.insertInto('deliveries').values({ received_at: receivedAt, body, state: 'done' as const, attempts: 0, summary }),
  );
  readonly #finish = new Prepared((db, { id, state, summary }: { id: number; state: 'done' | 'failed'; summary: string }) =>
    db.updateTable('deliveries').set({ state, summary }).where('id', '=', id),
  );
  readonly #firstTime = new Prepared((db, { key, at }: { key: string; at: number }) =>
    db
      .insertInto('seen')
      .values({ key, at })
      .onConflict((conflict) => conflict.doNothing()),
  );
  readonly #claim = new PreparedRows((db, rows: { id: number }[]) => {
    const ids = rows.map(({ id }) => id);
    const waiting = db.selectFrom('deliveries').select('id').where('id', 'in', ids).where('state', '=', NEW);
    return this.store.engine === 'postgres' ? waiting.forUpdate().skipLocked() : waiting;
  });
  readonly #untried = new Prepared((db, { limit }: { limit: number }) => waiting(db).where('attempts', '=', 0).orderBy('id').limit(limit));

  constructor(private readonly store: Store) {}

  /** All bodies in one transaction: the group commit. */
  async keep(deliveries: readonly Fresh[]): Promise<void> {
    await this.store.write((tx) => this.#keep.run(tx, deliveries));
  }

  /** A body that this transaction takes in as well. */
  async keepDone(tx: Tx, { receivedAt, body }: Fresh, summary: object): Promise<void> {
    await this.#keepDone.run(tx, { receivedAt, body, summary: JSON.stringify(summary) });
  }

  /** What waits, the untried first and in order of arrival: read off the index, however much waits. */
  async waiting(limit: number): Promise<Delivery[]> {
    const { rows: untried } = await this.#untried.run(this.store.read, { limit });
    const rows = untried.length ? untried : await waiting(this.store.read).orderBy('attempts').orderBy('id').limit(limit).execute();
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
    const { rows } = await this.#claim.run(
      tx,
      ids.map((id) => ({ id })),
    );
    return new Set(rows.map(({ id }) => id));
  }

  async finish(tx: Tx, id: number, state: 'done' | 'failed', summary: object): Promise<void> {
    await this.#finish.run(tx, { id, state, summary: JSON.stringify(summary) });
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
    return (await this.#firstTime.run(tx, { key, at })).changed > 0;
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
}

const waiting = (reader: Reader) =>
  reader.selectFrom('deliveries').select(['id', 'received_at', 'body', 'attempts']).where('state', '=', NEW);
