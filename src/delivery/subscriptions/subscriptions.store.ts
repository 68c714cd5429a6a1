import { Injectable } from '@nestjs/common';
import type { Selectable, Updateable } from 'kysely';
import { isScope } from '#access/authorization/scope.js';
import type { EventType } from '#events/event.js';
import { parseJson } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { Gap } from './gap.js';
import type { Subscription } from './subscription.js';

type Row = Selectable<Schema['subscriptions']>;
type SubscriptionColumns = Partial<Omit<Subscription, 'id' | 'revision' | 'createdAt' | 'createdBy'>>;

/** The last subscription of the page before. */
export interface SubscriptionListCursor {
  createdAt: number;
  id: string;
}

/** The SQL of subscriptions. On Postgres one replica at a time has the lease of each; on SQLite there is only one process. */
@Injectable()
export class SubscriptionsStore {
  constructor(private readonly store: Store) {}

  async insert(tx: Tx, subscription: Subscription): Promise<void> {
    const { id, createdBy, createdAt, revision, ...rest } = subscription;
    await tx
      .insertInto('subscriptions')
      .values({
        ...(columnsOf(rest) as Row),
        id,
        created_by: createdBy,
        created_at: createdAt,
        revision,
        holder: null,
        held_by_until: null,
      })
      .execute();
  }

  async find(id: string, reader: Reader = this.store.read): Promise<Subscription | null> {
    const row = await reader.selectFrom('subscriptions').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? fromRow(row) : null;
  }

  /** Oldest first. */
  async list(limit: number, after: SubscriptionListCursor | null): Promise<Subscription[]> {
    let query = this.store.read.selectFrom('subscriptions').selectAll().orderBy('created_at').orderBy('id').limit(limit);
    if (after) {
      query = query.where((where) =>
        where.or([
          where('created_at', '>', after.createdAt),
          where.and([where('created_at', '=', after.createdAt), where('id', '>', after.id)]),
        ]),
      );
    }
    return (await query.execute()).map(fromRow);
  }

  /** The active ones of all replicas. */
  async active(): Promise<Subscription[]> {
    const rows = await this.store.read.selectFrom('subscriptions').selectAll().where('state', '=', 'active').execute();
    return rows.map(fromRow);
  }

  /** All of them, in any state. */
  async all(tx: Tx): Promise<Subscription[]> {
    return (await tx.selectFrom('subscriptions').selectAll().execute()).map(fromRow);
  }

  async count(tx: Tx): Promise<number> {
    const row = await tx
      .selectFrom('subscriptions')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    return Number(row.n);
  }

  /** A change that the delivery worker must notice: it raises the revision. False when there is no such subscription. */
  async change(tx: Tx, id: string, change: SubscriptionColumns): Promise<boolean> {
    const done = await tx
      .updateTable('subscriptions')
      .set((eb) => ({ ...columnsOf(change), revision: eb('revision', '+', 1) }))
      .where('id', '=', id)
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  /** Writes cursor and health for the holder of the lease; false for a subscription that is gone or leased to another. */
  async progress(tx: Tx, id: string, holder: string, change: SubscriptionColumns): Promise<boolean> {
    let query = tx.updateTable('subscriptions').set(columnsOf(change)).where('id', '=', id);
    if (this.store.engine === 'postgres') query = query.where('holder', '=', holder);
    return (await query.executeTakeFirst()).numUpdatedRows > 0n;
  }

  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await tx.deleteFrom('subscriptions').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
  }

  /** The active ones that `holder` delivers to; on Postgres it takes or renews every free lease until `until`. */
  async lease(holder: string, now: number, until: number): Promise<Subscription[]> {
    if (this.store.engine === 'postgres') {
      await this.store.write((tx) =>
        tx
          .updateTable('subscriptions')
          .set({ holder, held_by_until: until })
          .where('state', '=', 'active')
          .where((where) => where.or([where('holder', '=', holder), where('holder', 'is', null), where('held_by_until', '<', now)]))
          .execute(),
      );
    }
    let query = this.store.read.selectFrom('subscriptions').selectAll().where('state', '=', 'active');
    if (this.store.engine === 'postgres') query = query.where('holder', '=', holder);
    return (await query.execute()).map(fromRow);
  }

  async release(holder: string): Promise<void> {
    if (this.store.engine !== 'postgres') return;
    await this.store.write((tx) =>
      tx.updateTable('subscriptions').set({ holder: null, held_by_until: null }).where('holder', '=', holder).execute(),
    );
  }
}

function columnsOf({
  types,
  scopes,
  secret,
  previousSecret,
  cursor,
  gap,
  ...change
}: SubscriptionColumns): Updateable<Schema['subscriptions']> {
  const { phoneNumberId, previousUntil, disabledAt, disabledReason, failingSince, heldUntil, ...same } = change;
  return defined({
    ...same,
    types: types && JSON.stringify(types),
    scopes: scopes && JSON.stringify(scopes),
    phone_number_id: phoneNumberId,
    secret: secret?.reveal(),
    previous_secret: previousSecret === null ? null : previousSecret?.reveal(),
    previous_until: previousUntil,
    disabled_at: disabledAt,
    disabled_reason: disabledReason,
    xid: cursor?.xid,
    event_id: cursor?.id,
    failing_since: failingSince,
    held_until: heldUntil,
    ...(gap === undefined ? {} : columnsOfGap(gap)),
  });
}

const columnsOfGap = (gap: Gap | null): Updateable<Schema['subscriptions']> => ({
  gap_events: gap?.events ?? null,
  gap_from: gap?.from ?? null,
  gap_until: gap?.until ?? null,
  gap_told_at: gap?.reportedAt ?? null,
});

const gapOf = ({ gap_events: events, gap_from: from, gap_until: until, gap_told_at: reportedAt }: Row): Gap | null =>
  events === null || from === null || until === null ? null : { events, from, until, reportedAt };

const defined = (columns: Record<string, unknown>): Updateable<Schema['subscriptions']> =>
  Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));

const fromRow = (row: Row): Subscription => ({
  id: row.id,
  url: row.url,
  description: row.description,
  types: row.types === null ? null : (parseJson(row.types) as EventType[]),
  scopes: (parseJson(row.scopes) as unknown[]).filter(isScope),
  phoneNumberId: row.phone_number_id,
  createdBy: row.created_by,
  secret: new Secret(row.secret),
  previousSecret: row.previous_secret === null ? null : new Secret(row.previous_secret),
  previousUntil: row.previous_until,
  state: row.state,
  disabledAt: row.disabled_at,
  disabledReason: row.disabled_reason,
  cursor: { xid: row.xid, id: row.event_id },
  gap: gapOf(row),
  failures: row.failures,
  failingSince: row.failing_since,
  heldUntil: row.held_until,
  revision: row.revision,
  createdAt: row.created_at,
});
