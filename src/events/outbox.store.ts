import { Inject, Injectable } from '@nestjs/common';
import { type SqlBool, sql } from 'kysely';
import { parseJson } from '#kernel/read.js';
import { fromPlace } from '#store/order.js';
import { Prepared, pick } from '#store/prepared.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { Cursor } from './cursor.js';
import type { EventType, NewEvent, StoredEvent } from './event.js';

const GIVEN = ['type', 'subject', 'sequence', 'phone_number_id', 'occurred_at', 'expires_at', 'data'] as const;
const COLUMNS = ['xid', 'id', ...GIVEN] as const;

interface Row {
  xid: number;
  id: number;
  type: string;
  subject: string;
  sequence: number;
  phone_number_id: string | null;
  occurred_at: number;
  expires_at: number | null;
  data: string;
}

/**
 * The SQL of events. Readers see only what no running transaction can still get in front of: on Postgres, transactions
 * below the oldest running one.
 */
@Injectable()
export class OutboxStore {
  readonly #insert = new Prepared((db: Tx, row: Omit<Row, 'xid' | 'id'>) => db.insertInto('events').values(pick(row, GIVEN)));
  readonly #after = new Prepared((db, place: Cursor & { limit: number }) =>
    this.settled(db)
      .select(COLUMNS)
      .where(fromPlace(this.store.engine, '>', place))
      .orderBy('xid')
      .orderBy('id')
      .limit(place.limit),
  );

  constructor(@Inject(Store) private readonly store: Store) {}

  async insert(tx: Tx, event: NewEvent, data: unknown): Promise<void> {
    await this.#insert.run(tx, {
      type: event.type,
      subject: event.subject,
      sequence: event.sequence,
      phone_number_id: event.phoneNumberId,
      occurred_at: event.occurredAt,
      expires_at: event.expiresAt,
      data: JSON.stringify(data),
    });
  }

  async after({ xid, id }: Cursor, limit: number): Promise<StoredEvent[]> {
    const { rows } = await this.#after.run(this.store.read, { xid, id, limit });
    return rows.map(fromRow);
  }

  async latest(): Promise<Cursor | undefined> {
    return this.settled(this.store.read).select(['xid', 'id']).orderBy('xid', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
  }

  async has({ xid, id }: Cursor): Promise<boolean> {
    const row = await this.settled(this.store.read).select('id').where('xid', '=', xid).where('id', '=', id).executeTakeFirst();
    return row !== undefined;
  }

  /** The first event in order that happened at or after `time`, or the newest of all. */
  async firstToKeep(tx: Tx, time: number): Promise<Cursor | undefined> {
    const first = await tx
      .selectFrom('events')
      .select(['xid', 'id'])
      .where('occurred_at', '>=', time)
      .orderBy('xid')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    return first ?? tx.selectFrom('events').select(['xid', 'id']).orderBy('xid', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst();
  }

  /** That place, or an earlier one before which there are `most` events. */
  async atMost(tx: Tx, cursor: Cursor, most: number): Promise<Cursor> {
    const beyondMost = await tx
      .selectFrom('events')
      .select(['xid', 'id'])
      .where(fromPlace(this.store.engine, '<', cursor))
      .orderBy('xid')
      .orderBy('id')
      .offset(most)
      .limit(1)
      .executeTakeFirst();
    return beyondMost ?? cursor;
  }

  async deleteBefore(tx: Tx, cursor: Cursor): Promise<{ numDeletedRows: bigint }> {
    return tx
      .deleteFrom('events')
      .where(fromPlace(this.store.engine, '<', cursor))
      .executeTakeFirst();
  }

  /** Events below every open transaction: none can still appear before them. */
  protected settled(reader: Reader) {
    const events = reader.selectFrom('events');
    return this.store.engine === 'postgres'
      ? events.where(sql<SqlBool>`xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`)
      : events;
  }
}

const fromRow = (row: Row): StoredEvent => ({
  cursor: { xid: row.xid, id: row.id },
  type: row.type as EventType,
  subject: row.subject,
  sequence: row.sequence,
  phoneNumberId: row.phone_number_id,
  occurredAt: row.occurred_at,
  expiresAt: row.expires_at,
  data: parseJson(row.data),
});
