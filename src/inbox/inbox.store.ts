import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { batchOf, runAhead, runWithCommit } from '#store/batch/batch.js';
import { BatchStatement, type ColumnTypes, unnested } from '#store/batch/batch-statement.js';
import { addLast } from '#store/batch/last-rows.js';
import { COUNT } from '#store/order.js';
import { Prepared, PreparedRows, pick } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { TraceOrigin } from '#telemetry/traces.js';
import { InboxBatch, KEEP, type KeptRow, REMEMBER } from './inbox-batch.store.js';
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

/** Deliveries that are about to be applied under the lease of their queue. */
export interface Claim {
  lease: QueueLease;
  deliveries: readonly Delivery[];
}

type ClaimRow = { id: number; key: string; token: number };
const CLAIM: ColumnTypes<ClaimRow> = { id: 'bigint', key: 'text', token: 'bigint' };

/** In a notification: deliveries of which no number is known. */
const NO_NUMBER = 'none';

const RECEIVED = ['phone_number_id', 'received_at', 'body'] as const;

/** A literal, not a parameter: a partial index serves only queries that repeat its condition. */
const NEW = sql.lit('new' as const);

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

  /** Calls `listener` with the numbers of which another replica may have persisted deliveries; with null when they may be of any. */
  onAnnounced(listener: (numbers: readonly (string | null)[] | null) => void): void {
    this.store.notifications?.listen('deliveries', (names) => listener(names?.map((name) => (name === NO_NUMBER ? null : name)) ?? null));
  }

  get reader(): Reader {
    return this.store.read;
  }

  /**
   * Persists a batch in one transaction: the group commit.
   * @param elsewhere the numbers of which other replicas are told
   */
  async keep(deliveries: readonly NewDelivery[], elsewhere: ReadonlySet<string | null> = new Set()): Promise<void> {
    const rows = deliveries.map(receivedRow);
    await this.store.keep(async (tx) => {
      for (const number of elsewhere) this.store.notifications?.announceBehind(tx, 'deliveries', number ?? NO_NUMBER);
      if (this.store.engine === 'sqlite') await this.#keep.run(tx, rows);
      else await runWithCommit(tx, this.#keep.pieces(tx, rows));
    });
  }

  /** Persists a delivery that this transaction applies as well. */
  async keepDone(tx: Tx, delivery: NewDelivery, summary: object): Promise<void> {
    const row = { ...receivedRow(delivery), state: 'done' as const, attempts: 0, summary: JSON.stringify(summary) };
    if (this.store.engine === 'postgres') addLast(tx, KEEP, row);
    else await this.#keepDone.run(tx, row);
  }

  /** The next deliveries of a number to apply, the untried first, in order of arrival. Reads from an index, also with a long queue. */
  async waiting(phoneNumberId: string | null, limit: number): Promise<Delivery[]> {
    const number = phoneNumberId ?? '';
    const { rows: untried } = await this.#untried.run(this.store.read, { number, limit });
    const retried = () => selectWaiting(this.store.read, number).orderBy('attempts').orderBy('id').limit(limit).execute();
    const rows = untried.length ? untried : await retried();
    return rows.map((row) => toDelivery(row, phoneNumberId));
  }

  /** The next untried deliveries of some numbers, up to so many of each, in order of arrival. */
  async untriedOf(numbers: readonly (string | null)[], limit: number): Promise<Map<string | null, Delivery[]>> {
    const rows =
      this.store.engine === 'postgres' ? await this.#untriedOnPostgres(numbers, limit) : await this.#untriedOnSqlite(numbers, limit);
    return new Map(
      numbers.map((number) => [number, rows.filter((row) => row.number === (number ?? '')).map((row) => toDelivery(row, number))]),
    );
  }

  #untriedOnPostgres(numbers: readonly (string | null)[], limit: number): Promise<(WaitingRow & { number: string })[]> {
    const names = numbers.map((number) => number ?? '');
    const found = sql<WaitingRow & { number: string }>`(
      select wanted.number, waiting.* from unnest(${names}::text[]) as wanted(number), untried_deliveries_of(wanted.number, ${limit}) as waiting)`;
    return this.store.read.selectFrom(found.as('found')).selectAll().execute();
  }

  async #untriedOnSqlite(numbers: readonly (string | null)[], limit: number): Promise<(WaitingRow & { number: string })[]> {
    const found: (WaitingRow & { number: string })[] = [];
    for (const number of numbers.map((one) => one ?? '')) {
      const { rows } = await this.#untried.run(this.store.read, { number, limit });
      found.push(...rows.map((row) => ({ ...row, number })));
    }
    return found;
  }

  /** Those of the numbers of which untried deliveries wait; for a batch that is prepared. */
  async withUntried(tx: Tx, numbers: readonly (string | null)[]): Promise<Set<string | null>> {
    const names = numbers.map((number) => number ?? '');
    const waiting = await runAhead(tx, WITH_UNTRIED.with(names).compiled<{ number: string }>());
    return new Set(waiting.map(({ number }) => number || null));
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

  /** The ids of those that are not applied yet, without those of which another replica has taken over the queue. On Postgres their rows stay locked until the commit. */
  async claim(tx: Tx, claims: readonly Claim[]): Promise<Set<number>> {
    const rows = claims.flatMap(({ lease: { key, token }, deliveries }) => deliveries.map(({ id }) => ({ id, key, token: token ?? 0 })));
    if (this.store.engine === 'sqlite') return new Set((await this.#claim.run(tx, rows)).rows.map(({ id }) => id));
    const wanted = sql<ClaimRow>`(select id, key, token from ${unnested(CLAIM, rows)})`.as('wanted');
    const waiting = tx
      .selectFrom('deliveries')
      .innerJoin(wanted, 'wanted.id', 'deliveries.id')
      .innerJoin('queues', (join) => join.onRef('queues.key', '=', 'wanted.key').onRef('queues.token', '=', 'wanted.token'))
      .select('deliveries.id')
      .where('deliveries.state', '=', NEW);
    return new Set((await waiting.forUpdate('deliveries').skipLocked().execute()).map(({ id }) => id));
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
    const held = this.#held(tx);
    if (!held) return;
    for (const insert of REMEMBER.of(keys)) {
      const first = await runAhead(tx, insert.compiled<{ key: string }>());
      held.learn(
        keys.map(({ key }) => key),
        first.map(({ key }) => key),
      );
    }
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

/** Takes the names of queues. */
const WITH_UNTRIED = new BatchStatement(
  () => sql`select number from unnest(${[]}::text[]) as wanted(number) where exists (
    select 1 from deliveries where phone_number_id = wanted.number and state = 'new' and attempts = 0)`,
);

const selectWaiting = (reader: Reader, number: string) =>
  reader
    .selectFrom('deliveries')
    .select(['id', 'received_at', 'body', 'attempts'])
    .where('state', '=', NEW)
    .where('phone_number_id', '=', number);
