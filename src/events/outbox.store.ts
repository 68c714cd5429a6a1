import { Injectable } from '@nestjs/common';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { camelCase, snakeCase } from '#kernel/case.js';
import { parseJson } from '#kernel/read.js';
import { type ColumnTypes, insertAll } from '#store/batch/batch-statement.js';
import { addLast } from '#store/batch/last-rows.js';
import { fromCursor } from '#store/order.js';
import { Prepared, pick } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { Cursor } from './cursor.js';
import { ALL_EVENT_TYPES, mayHaveSession, type NewEvent, type StoredEvent } from './event.js';

const GIVEN = ['type', 'subject', 'sequence', 'phone_number_id', 'occurred_at', 'expires_at', 'data'] as const;
const COLUMNS = ['xid', 'id', ...GIVEN] as const;

type Row = Selectable<Schema['events']>;
type NewRow = Omit<Row, 'xid' | 'id'>;

const TYPES: ColumnTypes<NewRow> = {
  type: 'text',
  subject: 'text',
  sequence: 'integer',
  phone_number_id: 'text',
  occurred_at: 'bigint',
  expires_at: 'bigint',
  data: 'text',
};
const ADD = insertAll('events', TYPES);

/** SQL of Postgres that selects one JSON value for the id of a call. */
export type CallBeside = (id: RawBuilder<string>) => RawBuilder<unknown>;

/**
 * The SQL of events. On Postgres a transaction may commit after others with higher ids, so readers see only what is at or below the
 * bound: nothing can appear there any more.
 */
@Injectable()
export class OutboxStore {
  readonly #insert = new Prepared((db: Tx, row: NewRow) => db.insertInto('events').values(pick(row, GIVEN)));
  readonly #after = new Prepared((db, from: Cursor & { limit: number }) => this.#pageAfter(db, from));
  readonly #afterWithCalls = new Prepared((db, from: Cursor & { limit: number }) =>
    this.#pageAfter(db, from).select((this.#call?.sql ?? sql<unknown>`null`).as('call')),
  );
  #call: { sql: RawBuilder<unknown>; isWanted: () => boolean } | null = null;

  constructor(private readonly store: Store) {}

  /** On Postgres with the last statement of the transaction. */
  async insert(tx: Tx, event: NewEvent, data: unknown): Promise<void> {
    const row: NewRow = { ...snakeCase(event), data: JSON.stringify(data) };
    if (this.store.engine === 'postgres') addLast(tx, ADD, row);
    else await this.#insert.run(tx, row);
  }

  /**
   * Has the row of its call read beside each event that may show a session, on Postgres, where another statement would be another round trip.
   * @param isWanted asked before each page
   */
  readCallBeside(call: CallBeside, isWanted: () => boolean): void {
    if (this.store.engine === 'sqlite') return;
    const types = sql.join(ALL_EVENT_TYPES.filter(mayHaveSession).map((type) => sql.lit(type)));
    this.#call = { sql: sql`case when ${sql.ref('type')} in (${types}) then ${call(sql.ref('events.subject'))} end`, isWanted };
  }

  async after({ xid, id }: Cursor, limit: number): Promise<StoredEvent[]> {
    const page = this.#call?.isWanted() ? this.#afterWithCalls : this.#after;
    const { rows } = await page.run(this.store.read, { xid, id, limit });
    return rows.map(fromRow);
  }

  /** The newest event at or below the bound; the bound is read first, so every event up to it is committed. */
  async latest(): Promise<Cursor | undefined> {
    let events = cursors(this.store.read);
    if (this.store.engine === 'postgres') {
      const bound = sql<Cursor>`(select event_stretch() as xid, events_bound() as id)`.as('bound');
      const at = await this.store.read.selectFrom(bound).select(['xid', 'id']).executeTakeFirstOrThrow();
      events = events.where(fromCursor('postgres', '<=', at));
    }
    return events.orderBy('xid', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
  }

  /**
   * The event with the id of a reader. Ids are told to readers only once they are at or below the bound, and stay settled when the
   * bound falls again: a writer may have read the last number long before it takes its lock.
   */
  async at({ xid, id }: Cursor): Promise<StoredEvent | undefined> {
    const row = await this.store.read.selectFrom('events').select(COLUMNS).where('xid', '=', xid).where('id', '=', id).executeTakeFirst();
    return row && fromRow(row);
  }

  /** The first event in order that happened at or after `time`, or the newest of all. */
  async firstToKeep(tx: Tx, time: number): Promise<Cursor | undefined> {
    const first = await cursors(tx).where('occurred_at', '>=', time).orderBy('xid').orderBy('id').limit(1).executeTakeFirst();
    return first ?? cursors(tx).orderBy('xid', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
  }

  /** This cursor, or an earlier one after `limit` events. */
  async atMost(tx: Tx, cursor: Cursor, limit: number): Promise<Cursor> {
    const earlier = cursors(tx).where(fromCursor(this.store.engine, '<', cursor));
    const beyondLimit = await earlier.orderBy('xid').orderBy('id').offset(limit).limit(1).executeTakeFirst();
    return beyondLimit ?? cursor;
  }

  async deleteBefore(tx: Tx, cursor: Cursor): Promise<{ numDeletedRows: bigint }> {
    return tx
      .deleteFrom('events')
      .where(fromCursor(this.store.engine, '<', cursor))
      .executeTakeFirst();
  }

  #pageAfter(reader: Reader, from: Cursor & { limit: number }) {
    return this.visibleAfter(reader, from).select(COLUMNS).orderBy('xid').orderBy('id').limit(from.limit);
  }

  /** At most `limit` events after a cursor, up to the bound. */
  protected visibleAfter(reader: Reader, { xid, id, limit }: Cursor & { limit: number }) {
    if (this.store.engine === 'sqlite') return reader.selectFrom('events').where(fromCursor('sqlite', '>', { xid, id }));
    const found = sql<Row>`events_after(${xid}, ${id}, ${limit})`.as<'events'>(sql.ref('events'));
    return reader.selectFrom(found) as unknown as ReturnType<typeof selectEvents>;
  }
}

const selectEvents = (reader: Reader) => reader.selectFrom('events');

const fromRow = ({ xid, id, data, call, ...row }: Row & { call?: unknown }): StoredEvent =>
  ({
    ...camelCase(row),
    cursor: { xid, id },
    data: parseJson(data),
    ...(call ? { call: { row: call, readAt: performance.now() } } : {}),
  }) as StoredEvent;

const cursors = (reader: Reader) => reader.selectFrom('events').select(['xid', 'id']);
