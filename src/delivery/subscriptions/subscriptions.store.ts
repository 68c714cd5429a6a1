import { Injectable } from '@nestjs/common';
import type { Selectable, Updateable } from 'kysely';
import { isScope } from '#access/authorization/scope.js';
import type { EventType } from '#events/event.js';
import { camelCase, defined, snakeCase } from '#kernel/case.js';
import { parseJson } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';
import { COUNT } from '#store/order.js';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { Gap } from './gap.js';
import type { Subscription } from './subscription.js';

type Row = Selectable<Schema['subscriptions']>;
type SubscriptionColumns = Partial<Omit<Subscription, 'id' | 'revision' | 'createdAt' | 'createdBy'>>;

/** The last subscription of the page before. */
export type SubscriptionListCursor = Pick<Subscription, 'createdAt' | 'id'>;

/** The SQL of subscriptions. On Postgres one replica at a time has the lease of each; on SQLite there is only one process. */
@Injectable()
export class SubscriptionsStore {
  constructor(private readonly store: Store) {}

  async insert(tx: Tx, subscription: Subscription): Promise<void> {
    await tx
      .insertInto('subscriptions')
      .values({ ...(columnsOf(subscription) as Row), holder: null, held_by_until: null })
      .execute();
  }

  async find(id: string, reader: Reader = this.store.read): Promise<Subscription | null> {
    const row = await reader.selectFrom('subscriptions').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? fromRow(row) : null;
  }

  /** Oldest first. */
  async list(limit: number, after: SubscriptionListCursor | null): Promise<Subscription[]> {
    let query = this.store.read.selectFrom('subscriptions').selectAll().orderBy('created_at').orderBy('id').limit(limit);
    if (after) query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '>', tuple(after.createdAt, after.id)));
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

  /** Whether a key is there; it stays until the transaction ends. */
  async holdKey(tx: Tx, keyId: string): Promise<boolean> {
    const key = tx.selectFrom('api_keys').select('id').where('id', '=', keyId);
    return (await (this.store.engine === 'postgres' ? key.forShare() : key).executeTakeFirst()) !== undefined;
  }

  /** How many are paused because their key is gone or lacks a scope. */
  async pausedWithKeys(): Promise<number> {
    const paused = this.store.read.selectFrom('subscriptions').select(COUNT).where('state', '=', 'paused');
    return Number((await paused.where('disabled_reason', 'in', ['key_deleted', 'scope_missing']).executeTakeFirstOrThrow()).n);
  }

  async count(tx: Tx): Promise<number> {
    const counted = tx.selectFrom('subscriptions').select(COUNT);
    return Number((await counted.executeTakeFirstOrThrow()).n);
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

function columnsOf(change: Partial<Subscription>): Updateable<Schema['subscriptions']> {
  const { types, scopes, secret, previousSecret, cursor, gap, ...same } = change;
  return defined({
    ...snakeCase(same),
    types: types && JSON.stringify(types),
    scopes: scopes && JSON.stringify(scopes),
    secret: secret?.reveal(),
    previous_secret: previousSecret === null ? null : previousSecret?.reveal(),
    xid: cursor?.xid,
    event_id: cursor?.id,
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

function fromRow(row: Row): Subscription {
  const { xid, event_id, previous_secret, holder, held_by_until, gap_events, gap_from, gap_until, gap_told_at, ...same } = row;
  return {
    ...camelCase(same),
    types: row.types === null ? null : (parseJson(row.types) as EventType[]),
    scopes: (parseJson(row.scopes) as unknown[]).filter(isScope),
    secret: new Secret(row.secret),
    previousSecret: previous_secret === null ? null : new Secret(previous_secret),
    cursor: { xid, id: event_id },
    gap: gapOf(row),
  };
}
