import { Injectable } from '@nestjs/common';
import { type ExpressionBuilder, type RawBuilder, type Selectable, sql } from 'kysely';
import { batchOf } from '#store/batch/batch.js';
import { addLast } from '#store/batch/last-rows.js';
import { insertAll } from '#store/batch/unnested.js';
import { COUNT } from '#store/order.js';
import { Prepared, PreparedRows, pick } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { TraceOrigin } from '#telemetry/traces.js';
import { InboxBatch, KEPT, type KeptRow } from './inbox-batch.store.js';
import type { QueueLease } from './queue/queue-lease.js';

/** A webhook body as received. */
export interface NewDelivery {
  /** The number whose path or token it came with; null where none is known, as of what an older release has kept. */
  phoneNumberId: string | null;
  /** In ms since 1970. */
  receivedAt: number;
  body: Uint8Array;
  /** The trace of the request that brought it; absent while traces are off, and once it is read back from the store. */
  cause?: TraceOrigin | undefined;
}

/** A persisted delivery. */
export interface Delivery extends NewDelivery {
  id: number;
  attempts: number;
}

const RECEIVED = ['phone_number_id', 'received_at', 'body'] as const;

/** One jump through the index for each number, as `waiting_numbers()` does on Postgres. */
const WAITING_NUMBERS = sql<{ number: string }>`(with recursive found(number) as (
  select min(phone_number_id) from deliveries where state = 'new'
  union all
  select (select min(phone_number_id) from deliveries where state = 'new' and phone_number_id > found.number)
  from found where found.number is not null)
  select number from found where number is not null)`;

/** A literal, not a parameter: a partial index serves only queries that repeat its condition. */
const NEW = sql.lit('new' as const);

/** A delivery beyond the cursor of forwarding; without forwarding there is none. */
const isStillToBeForwarded = ({ eb, and, or, ref }: ExpressionBuilder<Schema, 'deliveries' | 'forwards'>) =>
  and([
    // The first number forwards what is of none; which one that is does not stand here.
    or([
      eb('forwards.phone_number_id', 'is', null),
      eb('forwards.phone_number_id', '=', ref('deliveries.phone_number_id')),
      eb('deliveries.phone_number_id', '=', ''),
    ]),
    or([
      eb('deliveries.xid', '>', ref('forwards.xid')),
      and([eb('deliveries.xid', '=', ref('forwards.xid')), eb('deliveries.id', '>', ref('forwards.delivery_id'))]),
    ]),
  ]);

/** Deliveries, and the keys of elements that were applied. */
@Injectable()
export class InboxStore {
  readonly #keep = new PreparedRows((db: Tx, rows: ReceivedRow[]) =>
    db.insertInto('deliveries').values(rows.map((row) => ({ ...pick(row, RECEIVED), state: NEW, attempts: sql.lit(0) }))),
  );
  readonly #keepDone = new Prepared((db: Tx, row: KeptRow) =>
    db.insertInto('deliveries').values(pick(row, [...RECEIVED, 'state', 'attempts', 'summary'])),
  );
  readonly #finish = new Prepared((db: Tx, { id, summary }: { id: number; summary: string }) =>
    db.updateTable('deliveries').set({ state: 'done', summary }).where('id', '=', id),
  );
  readonly #firstTime = new Prepared((db: Tx, { key, at }: { key: string; at: number }) =>
    db
      .insertInto('seen')
      .values({ key, at })
      .onConflict((conflict) => conflict.doNothing()),
  );
  readonly #claim = new PreparedRows((db, rows: { id: number }[]) => {
    const ids = rows.map(({ id }) => id);
    return db.selectFrom('deliveries').select('id').where('id', 'in', ids).where('state', '=', NEW);
  });
  readonly #untried = new Prepared((db, { number, limit }: { number: string; limit: number }) =>
    this.store.engine === 'postgres'
      ? db.selectFrom(sql<WaitingRow>`untried_deliveries_of(${number}, ${limit})`.as('waiting')).selectAll()
      : selectWaiting(db, number).where('attempts', '=', 0).orderBy('id').limit(limit),
  );

  constructor(private readonly store: Store) {}

  /** Whether replicas share the database. */
  get isShared(): boolean {
    return this.store.notifications !== null;
  }

  /** How many batches may be written at once. */
  get batchWriters(): number {
    return this.store.batchWriters;
  }

  /** Whether a notification of another replica would arrive; on SQLite there is none to wait for. */
  get isNotified(): boolean {
    return this.store.notifications?.isUp ?? true;
  }

  /** Calls `listener` when another replica may have persisted deliveries. */
  onAnnounced(listener: () => void): void {
    this.store.notifications?.listen('deliveries', listener);
  }

  /** Tells the other replicas that deliveries were persisted. */
  announce(): void {
    this.store.notifications?.announce('deliveries');
  }

  get reader(): Reader {
    return this.store.read;
  }

  /** Persists a batch in one transaction: the group commit. */
  async keep(deliveries: readonly NewDelivery[]): Promise<void> {
    await this.store.keep((tx) => this.#keep.run(tx, deliveries.map(receivedRow)));
  }

  /** Persists a delivery that this transaction applies as well. */
  async keepDone(tx: Tx, delivery: NewDelivery, summary: object): Promise<void> {
    const row = { ...receivedRow(delivery), state: 'done' as const, attempts: 0, summary: JSON.stringify(summary) };
    if (this.store.engine === 'postgres') addLast(tx, 'deliveries', KEPT, row);
    else await this.#keepDone.run(tx, row);
  }

  /** The numbers of which deliveries wait; null stands for those of which none is known. */
  async waitingNumbers(): Promise<(string | null)[]> {
    const numbers = this.store.engine === 'postgres' ? sql<{ number: string }>`waiting_numbers()` : WAITING_NUMBERS;
    const waiting = this.store.read.selectFrom(numbers.as('waiting')).select('number');
    return (await waiting.execute()).map(({ number }) => number || null);
  }

  /** The next deliveries of a number to apply, the untried first, in order of arrival. Reads from an index, also with a long queue. */
  async waiting(phoneNumberId: string | null, limit: number): Promise<Delivery[]> {
    const number = phoneNumberId ?? '';
    const { rows: untried } = await this.#untried.run(this.store.read, { number, limit });
    const retried = () => selectWaiting(this.store.read, number).orderBy('attempts').orderBy('id').limit(limit).execute();
    const rows = untried.length ? untried : await retried();
    return rows.map((row) => toDelivery(row, phoneNumberId));
  }

  /** The next untried deliveries of a number with bodies of at most so many bytes, in order of arrival. */
  async untriedUpTo(phoneNumberId: string | null, bytes: number, limit: number): Promise<Delivery[]> {
    const untried = selectWaiting(this.store.read, phoneNumberId ?? '').where('attempts', '=', 0);
    const small = untried.where(sql<number>`length(body)`, '<=', bytes);
    return (await small.orderBy('id').limit(limit).execute()).map((row) => toDelivery(row, phoneNumberId));
  }

  /** The id of the last delivery of a number that no replica has tried to apply; null when there is none. */
  async lastWaiting(phoneNumberId: string | null): Promise<number | null> {
    const waiting = selectWaiting(this.store.read, phoneNumberId ?? '').where('attempts', '=', 0);
    return (await waiting.orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ?? null;
  }

  /** Whether no replica has tried yet to apply this delivery of a number or an earlier one. */
  async isUntried(phoneNumberId: string | null, id: number): Promise<boolean> {
    const waiting = selectWaiting(this.store.read, phoneNumberId ?? '').where('attempts', '=', 0);
    return (await waiting.where('id', '<=', id).limit(1).executeTakeFirst()) !== undefined;
  }

  /** The length of the queue: deliveries that are neither applied nor given up. */
  async countWaiting(phoneNumberId?: string): Promise<number> {
    const all = this.store.read.selectFrom('deliveries').select(COUNT).where('state', '=', NEW);
    const counted = phoneNumberId === undefined ? all : all.where('phone_number_id', '=', phoneNumberId);
    return Number((await counted.executeTakeFirstOrThrow()).n);
  }

  /** Those that are not applied yet; none when another replica has taken over the queue meanwhile. On Postgres their rows stay locked until the commit. */
  async claim(tx: Tx, { key, token }: QueueLease, deliveries: readonly Delivery[]): Promise<Set<number>> {
    if (token === null) return new Set((await this.#claim.run(tx, deliveries)).rows.map(({ id }) => id));
    const ids = deliveries.map(({ id }) => id);
    const waiting = tx.selectFrom('deliveries').select('id').where('id', '=', sql<number>`any(${ids})`).where('state', '=', NEW);
    const fenced = waiting.where(({ exists, selectFrom }) =>
      exists(selectFrom('queues').select('key').where('key', '=', key).where('token', '=', token)),
    );
    return new Set((await fenced.forUpdate().skipLocked().execute()).map(({ id }) => id));
  }

  /** Ends a delivery. @param summary counts of its elements by result */
  async finish(tx: Tx, id: number, summary: object): Promise<void> {
    const held = this.#held(tx);
    if (held) held.finish(id, JSON.stringify(summary));
    else await this.#finish.run(tx, { id, summary: JSON.stringify(summary) });
  }

  /** Writes how often a delivery failed. */
  async countAttempt(id: number, attempts: number): Promise<void> {
    await this.store.write((tx) => tx.updateTable('deliveries').set({ attempts }).where('id', '=', id).execute());
  }

  /** Gives a delivery up. @param summary why */
  async setAside(id: number, attempts: number, summary: object): Promise<void> {
    await this.store.write((tx) =>
      tx
        .updateTable('deliveries')
        .set({ attempts, state: 'failed', summary: JSON.stringify(summary) })
        .where('id', '=', id)
        .execute(),
    );
  }

  /** Remembers the key of an element. @returns false for a duplicate */
  async firstTime(tx: Tx, key: string, at: number): Promise<boolean> {
    return this.#held(tx)?.firstTime(key) ?? (await this.#firstTime.run(tx, { key, at })).changed > 0;
  }

  /** Remembers at once the keys of all elements of a batch, for `firstTime`. Does nothing outside of one. */
  async rememberAll(tx: Tx, keys: readonly { key: string; at: number }[]): Promise<void> {
    const batch = batchOf(tx);
    if (!batch) return;
    const insert = insertAll<{ key: string; at: number }>(
      'seen',
      { key: 'text', at: 'bigint' },
      keys,
      sql`on conflict do nothing returning key`,
    );
    const first = (await batch.run(insert as RawBuilder<{ key: string }>)).map(({ key }) => key);
    this.#held(tx)?.learn(
      keys.map(({ key }) => key),
      first,
    );
  }

  #held(tx: Tx): InboxBatch | undefined {
    return batchOf(tx)?.held(this, () => new InboxBatch());
  }

  /** When the last delivery that is kept under one of these numbers was received, or any, in ms since 1970; null before the first. */
  async lastReceivedAt(numbers: readonly string[] | null): Promise<number | null> {
    const newest = this.store.read.selectFrom('deliveries').select('received_at').orderBy('id', 'desc').limit(1);
    const of = (number: string) => newest.where('phone_number_id', '=', number).executeTakeFirst();
    const found = await Promise.all(numbers === null ? [newest.executeTakeFirst()] : numbers.map(of));
    const times = found.flatMap((row) => row?.received_at ?? []);
    return times.length ? Math.max(...times) : null;
  }

  /**
   * Deletes deliveries and keys of elements received before these times. Deliveries that wait to be applied or forwarded stay, and those that
   * the target of forwarding refused as long after the refusal.
   * @param removed the numbers for which nothing is applied any more: what waits for them goes, too
   */
  async purge(deliveriesBefore: number, seenBefore: number, removed: readonly string[] = []): Promise<void> {
    await this.store.inBatches(async (tx, most) => {
      // Ids rise with time, so the rows that are kept are not scanned.
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
        .where(({ eb, or }) => or([eb('state', '!=', 'new'), ...(removed.length > 0 ? [eb('phone_number_id', 'in', [...removed])] : [])]))
        .where(({ not, exists, selectFrom }) => not(exists(selectFrom('forwards').select('name').where(isStillToBeForwarded))))
        .where('id', 'not in', tx.selectFrom('refused_forwards').select('delivery_id').where('last_refused_at', '>=', deliveriesBefore))
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

type WaitingRow = Pick<Selectable<Schema['deliveries']>, 'id' | 'received_at' | 'body' | 'attempts'>;

type ReceivedRow = Pick<Selectable<Schema['deliveries']>, 'phone_number_id' | 'received_at' | 'body'>;

const receivedRow = ({ phoneNumberId, receivedAt, body }: NewDelivery): ReceivedRow => ({
  phone_number_id: phoneNumberId ?? '',
  received_at: receivedAt,
  body,
});

const toDelivery = (row: WaitingRow, phoneNumberId: string | null): Delivery => ({
  id: row.id,
  phoneNumberId,
  receivedAt: row.received_at,
  body: row.body,
  attempts: row.attempts,
});

const selectWaiting = (reader: Reader, number: string) =>
  reader
    .selectFrom('deliveries')
    .select(['id', 'received_at', 'body', 'attempts'])
    .where('state', '=', NEW)
    .where('phone_number_id', '=', number);
