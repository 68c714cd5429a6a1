import { Injectable } from '@nestjs/common';
import { type Selectable, sql, type Updateable } from 'kysely';
import { isScope } from '#access/authorization/scope.js';
import type { Cursor } from '#events/cursor.js';
import type { EventFilter, EventType } from '#events/event.js';
import { common, numbersIn, numbersText } from '#identity/numbers/number-reach.js';
import { camelCase, defined, snakeCase } from '#kernel/case.js';
import { parseJson } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';
import { COUNT, fromCursor } from '#store/order.js';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { Gap } from './gap.js';
import type { Subscription } from './subscription.js';

type Row = Selectable<Schema['subscriptions']>;
/** A row with the numbers of its key. */
type HeldRow = Row & { key_numbers: string | null };
type SubscriptionColumns = Partial<Omit<Subscription, 'id' | 'revision' | 'createdAt' | 'createdBy'>>;

/** The last subscription of the page before. */
export type SubscriptionListCursor = Pick<Subscription, 'createdAt' | 'id'>;

/** The SQL of subscriptions. How far their deliveries have come is written by `LeasesStore`. */
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
    const row = await selectHeld(reader).where('subscriptions.id', '=', id).executeTakeFirst();
    return row ? subscriptionOf(row) : null;
  }

  /** Oldest first. */
  async list(limit: number, after: SubscriptionListCursor | null): Promise<Subscription[]> {
    let query = selectHeld(this.store.read).orderBy('subscriptions.created_at').orderBy('subscriptions.id').limit(limit);
    if (after) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('subscriptions.created_at', 'subscriptions.id'), '>', tuple(after.createdAt, after.id)),
      );
    }
    return (await query.execute()).map(subscriptionOf);
  }

  /** What the active ones of all replicas want, and how many want the same. */
  async wishes(): Promise<Array<EventFilter & { count: number }>> {
    const columns = ['types', 'phone_number_id', 'subscriptions.numbers', 'api_keys.numbers as key_numbers'] as const;
    const rows = await withKeys(this.store.read)
      .select([...columns, COUNT])
      .where('state', '=', 'active')
      .groupBy(['types', 'phone_number_id', 'subscriptions.numbers', 'api_keys.numbers'])
      .execute();
    return rows.map((row) => ({
      types: typesOf(row.types),
      phoneNumberId: row.phone_number_id,
      numbers: numbersOf(row),
      count: Number(row.n),
    }));
  }

  /** Those that lose wanted events, or retries, when everything before `keep` is deleted, and perhaps some that do not. */
  async mayLose(tx: Tx, keep: Cursor): Promise<Subscription[]> {
    const { engine } = this.store;
    const waiting = tx
      .selectFrom('dispatches')
      .select('subscription_id')
      .where('state', '=', sql.lit('retrying'))
      .where(fromCursor(engine, '<', keep, 'event_id'));
    const rows = await selectHeld(tx)
      .where((where) => where.or([fromCursor(engine, '<', keep, 'event_id'), where('subscriptions.id', 'in', waiting)]))
      .execute();
    return rows.map(subscriptionOf);
  }

  /** All of them, in any state. */
  async all(tx: Tx): Promise<Subscription[]> {
    return (await selectHeld(tx).execute()).map(subscriptionOf);
  }

  /** Limits those that are limited to no number. @returns their ids */
  async pin(tx: Tx, phoneNumberId: string): Promise<string[]> {
    const rows = await tx
      .updateTable('subscriptions')
      .set((eb) => ({ phone_number_id: phoneNumberId, revision: eb('revision', '+', 1) }))
      .where('phone_number_id', 'is', null)
      .returning('id')
      .execute();
    return rows.map(({ id }) => id);
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

  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await tx.deleteFrom('subscriptions').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
  }
}

function columnsOf(change: Partial<Subscription>): Updateable<Schema['subscriptions']> {
  const { types, numbers, scopes, secret, previousSecret, cursor, gap, ...same } = change;
  return defined({
    ...snakeCase(same),
    types: types && JSON.stringify(types),
    numbers: numbers === undefined ? undefined : numbersText(numbers),
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

const typesOf = (types: string | null): EventType[] | null => (types === null ? null : (parseJson(types) as EventType[]));

/** Subscriptions beside their keys. An older release knew only the key that made one. */
const withKeys = (reader: Reader) =>
  reader
    .selectFrom('subscriptions')
    .leftJoin('api_keys', (join) => join.on(({ eb, fn }) => eb('api_keys.id', '=', fn.coalesce('subscriptions.key_id', 'created_by'))));

/** Subscriptions as `subscriptionOf` takes them. */
export const selectHeld = (reader: Reader) => withKeys(reader).selectAll('subscriptions').select('api_keys.numbers as key_numbers');

const numbersOf = ({ numbers, key_numbers }: Pick<HeldRow, 'numbers' | 'key_numbers'>): readonly string[] | null =>
  common({ numbers: numbersIn(numbers) }, { numbers: numbersIn(key_numbers) }).numbers;

/** A subscription as its row and its key have it. */
export function subscriptionOf(row: HeldRow): Subscription {
  const { xid, event_id, previous_secret, holder, held_by_until, gap_events, gap_from, gap_until, gap_told_at, key_numbers, ...same } = row;
  return {
    ...camelCase(same),
    types: typesOf(row.types),
    numbers: numbersOf(row),
    scopes: (parseJson(row.scopes) as unknown[]).filter(isScope),
    secret: new Secret(row.secret),
    previousSecret: previous_secret === null ? null : new Secret(previous_secret),
    cursor: { xid, id: event_id },
    gap: gapOf(row),
  };
}
