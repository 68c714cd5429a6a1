import { Injectable } from '@nestjs/common';
import { type Selectable, type SqlBool, sql } from 'kysely';
import { camelCase, snakeCase } from '#kernel/case.js';
import { parseJson } from '#kernel/read.js';
import { AppendedRows } from '#store/batch/appended-rows.js';
import { batchOf } from '#store/batch/batch.js';
import type { ColumnTypes } from '#store/batch/unnested.js';
import { fromCursor } from '#store/order.js';
import { Prepared, pick } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { Cursor } from './cursor.js';
import type { NewEvent, StoredEvent } from './event.js';

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

/**
 * The SQL of events. On Postgres readers see only transactions below the oldest running one: no event can appear before those
 * any more.
 */
@Injectable()
export class OutboxStore {
  readonly #insert = new Prepared((db: Tx, row: NewRow) => db.insertInto('events').values(pick(row, GIVEN)));
  readonly #after = new Prepared((db, from: Cursor & { limit: number }) =>
    this.visible(db)
      .select(COLUMNS)
      .where(fromCursor(this.store.engine, '>', from))
      .orderBy('xid')
      .orderBy('id')
      .limit(from.limit),
  );

  constructor(private readonly store: Store) {}

  async insert(tx: Tx, event: NewEvent, data: unknown): Promise<void> {
    const row: NewRow = { ...snakeCase(event), data: JSON.stringify(data) };
    const held = batchOf(tx)?.held(this, () => new AppendedRows('events', TYPES));
    if (held) held.add(row);
    else await this.#insert.run(tx, row);
  }

  async after({ xid, id }: Cursor, limit: number): Promise<StoredEvent[]> {
    const { rows } = await this.#after.run(this.store.read, { xid, id, limit });
    return rows.map(fromRow);
  }

  async latest(): Promise<Cursor | undefined> {
    return this.visible(this.store.read).select(['xid', 'id']).orderBy('xid', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
  }

  async has({ xid, id }: Cursor): Promise<boolean> {
    const row = await this.visible(this.store.read).select('id').where('xid', '=', xid).where('id', '=', id).executeTakeFirst();
    return row !== undefined;
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

  /** Events below every open transaction: none can still appear before them. */
  protected visible(reader: Reader) {
    const events = reader.selectFrom('events');
    return this.store.engine === 'postgres'
      ? events.where(sql<SqlBool>`xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`)
      : events;
  }
}

const fromRow = ({ xid, id, data, ...row }: Row): StoredEvent =>
  ({ ...camelCase(row), cursor: { xid, id }, data: parseJson(data) }) as StoredEvent;

const cursors = (reader: Reader) => reader.selectFrom('events').select(['xid', 'id']);
