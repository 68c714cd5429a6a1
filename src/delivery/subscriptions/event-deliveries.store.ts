import { Injectable } from '@nestjs/common';
import { type ExpressionBuilder, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { Cursor } from '#events/cursor.js';
import { ALL_META_EVENT_TYPES, FOR_ALL_NUMBERS } from '#events/event.js';
import { camelCase, snakeCase } from '#kernel/case.js';
import type { ColumnTypes } from '#store/batch/batch-statement.js';
import { given } from '#store/batch/given.js';
import { fromCursor } from '#store/order.js';
import type { Schema } from '#store/schema.js';
import { Store, type Tx } from '#store/store.js';
import type { EarlierDeliveries, EventDelivery } from './event-delivery.js';
import type { Loss } from './gap.js';
import { reachOf, type Subscription } from './subscription.js';

type Row = Selectable<Schema['dispatches']>;
/** SQLite takes at most 32,766 values in one statement. */
const ROWS_PER_STATEMENT = 500;

interface CursorRow {
  subscription: string;
  after_xid: number;
  after_id: number;
}

const CURSORS: ColumnTypes<CursorRow> = { subscription: 'text', after_xid: 'bigint', after_id: 'bigint' };

/** Which events are delivered again. */
export interface ReplayFilter {
  /** Events that happened at or after this, in ms since 1970. */
  since: number | null;
  /** Events that happened before this, in ms since 1970. */
  until: number | null;
  /** Only these events, at most 200. */
  events: readonly Cursor[] | null;
}

/** The SQL of deliveries; their table is `dispatches`. */
@Injectable()
export class EventDeliveriesStore {
  constructor(private readonly store: Store) {}

  async save(tx: Tx, deliveries: readonly EventDelivery[]): Promise<void> {
    for (let from = 0; from < deliveries.length; from += ROWS_PER_STATEMENT) {
      await tx
        .insertInto('dispatches')
        .values(deliveries.slice(from, from + ROWS_PER_STATEMENT).map(toRow))
        .onConflict((conflict) =>
          conflict.columns(['subscription_id', 'xid', 'event_id']).doUpdateSet((eb) => ({
            state: eb.ref('excluded.state'),
            attempts: eb.ref('excluded.attempts'),
            first_attempt_at: eb.ref('excluded.first_attempt_at'),
            last_attempt_at: eb.ref('excluded.last_attempt_at'),
            next_attempt_at: eb.ref('excluded.next_attempt_at'),
            response_status: eb.ref('excluded.response_status'),
            latency_ms: eb.ref('excluded.latency_ms'),
            error: eb.ref('excluded.error'),
          })),
        )
        .execute();
    }
  }

  /** The retries that are due first, due or not. */
  async retries(subscriptionId: string, limit: number): Promise<EventDelivery[]> {
    const rows = await this.store.read
      .selectFrom('dispatches')
      .selectAll()
      .where('subscription_id', '=', subscriptionId)
      .where('state', '=', sql.lit('retrying'))
      .orderBy('next_attempt_at')
      .orderBy('xid')
      .orderBy('event_id')
      .limit(limit)
      .execute();
    return rows.map(fromRow);
  }

  /** What was delivered of each of these subscriptions, by their ids: two statements for all of them. */
  async earlier(subscriptions: readonly Pick<Subscription, 'id' | 'cursor'>[]): Promise<Map<string, EarlierDeliveries>> {
    const { engine, read } = this.store;
    const rows = subscriptions.map(({ id, cursor }) => ({ subscription: id, after_xid: cursor.xid, after_id: cursor.id }));
    const from = given(engine, CURSORS, rows);
    // The index is read from each cursor on; `offset 0` keeps Postgres from reading the table instead.
    const beyond =
      engine === 'postgres'
        ? sql`cross join lateral (select * from dispatches where subscription_id = given.subscription
            and (xid, event_id) > (given.after_xid, given.after_id) offset 0) as dispatches`
        : sql`cross join dispatches on dispatches.subscription_id = given.subscription
            and dispatches.xid = given.after_xid and dispatches.event_id > given.after_id`;
    const tried = await sql<{ subscription_id: string; xid: number; event_id: number }>`select dispatches.subscription_id, dispatches.xid,
      dispatches.event_id from ${from} ${beyond}`.execute(read as Tx);
    const due = await sql<{
      id: string;
      next_due_at: number | null;
    }>`select given.subscription as id, (select next_attempt_at from dispatches
      where subscription_id = given.subscription and state = 'retrying' order by next_attempt_at limit 1) as next_due_at
      from ${from}`.execute(read as Tx);
    const triedBy = Map.groupBy(tried.rows, (row) => row.subscription_id);
    const cursorsOf = (id: string) => (triedBy.get(id) ?? []).map((row) => ({ xid: row.xid, id: row.event_id }));
    return new Map(due.rows.map((row) => [row.id, { tried: cursorsOf(row.id), nextDueAt: row.next_due_at }]));
  }

  /** Makes every retry due now, after an endpoint came back. */
  async rescheduleNow(tx: Tx, subscriptionId: string, now: number): Promise<void> {
    await tx
      .updateTable('dispatches')
      .set({ next_attempt_at: now })
      .where('subscription_id', '=', subscriptionId)
      .where('state', '=', sql.lit('retrying'))
      .where('next_attempt_at', '>', now)
      .execute();
  }

  /** Newest events first; of a subscription that is limited, those of its numbers that are kept. */
  async list(
    { id, ...limits }: Pick<Subscription, 'id' | 'phoneNumberId' | 'numbers'>,
    state: EventDelivery['state'] | null,
    limit: number,
    before: Cursor | null,
  ): Promise<EventDelivery[]> {
    const { numbers } = reachOf(limits);
    let query = this.store.read.selectFrom('dispatches').selectAll().where('subscription_id', '=', id);
    if (numbers !== null)
      query = query.where(({ exists, selectFrom }) => exists(ofNumbers(selectFrom('events').select('events.id'), numbers)));
    if (state) query = query.where('state', '=', state);
    if (before) query = query.where(fromCursor(this.store.engine, '<', before, 'event_id'));
    return (await query.orderBy('xid', 'desc').orderBy('event_id', 'desc').limit(limit).execute()).map(fromRow);
  }

  /**
   * Schedules wanted events again, due `now` and with the full number of attempts. Events beyond the cursor of the subscription
   * are left out: their first attempt is yet to come. @returns how many
   */
  async replay(tx: Tx, subscription: Subscription, filter: ReplayFilter, now: number): Promise<number> {
    const { id, cursor } = subscription;
    let chosen = tx.selectFrom('events').where((where) => where.and([upTo(where, cursor), wanted(where, subscription)]));
    if (filter.since !== null) chosen = chosen.where('occurred_at', '>=', filter.since);
    if (filter.until !== null) chosen = chosen.where('occurred_at', '<', filter.until);
    const { events } = filter;
    if (events !== null) chosen = chosen.where((where) => where.or(events.map((one) => at(where, one))));
    const done = await tx
      .insertInto('dispatches')
      .columns(['subscription_id', 'xid', 'event_id', 'type', 'subject', 'state', 'attempts', 'next_attempt_at'])
      .expression(
        chosen.select((eb) => [
          eb.cast<string>(eb.val(id), 'text').as('subscription_id'),
          'xid',
          'id',
          'type',
          'subject',
          eb.cast<'retrying'>(eb.val('retrying'), 'text').as('state'),
          eb.lit(0).as('attempts'),
          eb.cast<number>(eb.val(now), 'bigint').as('next_attempt_at'),
        ]),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['subscription_id', 'xid', 'event_id'])
          .doUpdateSet({ state: 'retrying', attempts: 0, first_attempt_at: null, next_attempt_at: now }),
      )
      .executeTakeFirst();
    return Number(done.numInsertedOrUpdatedRows ?? 0);
  }

  /** Schedules every exhausted delivery again. @returns how many */
  async replayExhausted(tx: Tx, subscriptionId: string, now: number): Promise<number> {
    const done = await tx
      .updateTable('dispatches')
      .set({ state: 'retrying', attempts: 0, first_attempt_at: null, next_attempt_at: now })
      .where('subscription_id', '=', subscriptionId)
      .where('state', '=', 'exhausted')
      .executeTakeFirst();
    return Number(done.numUpdatedRows);
  }

  /**
   * What a subscription loses when everything before `keep` is purged: wanted events beyond its cursor, and those that wait
   * for a retry. Null for nothing.
   */
  async undelivered(tx: Tx, subscription: Subscription, keep: Cursor): Promise<Loss | null> {
    const { id, cursor } = subscription;
    const { events, from, until } = await tx
      .selectFrom('events')
      .leftJoin('dispatches', (join) =>
        join
          .onRef('dispatches.xid', '=', 'events.xid')
          .onRef('dispatches.event_id', '=', 'events.id')
          .on('dispatches.subscription_id', '=', id),
      )
      .where((where) => where.and([upTo(where, keep), where.not(at(where, keep)), wanted(where, subscription)]))
      .where((where) =>
        where.or([
          where('dispatches.state', '=', 'retrying'),
          where.and([where('dispatches.state', 'is', null), where.not(upTo(where, cursor))]),
        ]),
      )
      .select((eb) => [
        eb.fn.countAll<number>().as('events'),
        eb.fn.min('events.occurred_at').as('from'),
        eb.fn.max('events.occurred_at').as('until'),
      ])
      .executeTakeFirstOrThrow();
    return from === null || until === null ? null : { events: Number(events), from: Number(from), until: Number(until) };
  }

  async deleteOf(tx: Tx, subscriptionId: string): Promise<void> {
    await tx.deleteFrom('dispatches').where('subscription_id', '=', subscriptionId).execute();
  }

  /** Deletes finished deliveries with the last attempt before this time. */
  async purge(before: number): Promise<void> {
    await this.store.inBatches((tx, limit) => {
      const old = tx
        .selectFrom('dispatches')
        .select(['subscription_id', 'xid', 'event_id'])
        .where('state', '!=', 'retrying')
        .where('last_attempt_at', '<', before)
        .limit(limit);
      return tx
        .deleteFrom('dispatches')
        .where(({ eb, refTuple }) =>
          eb(refTuple('subscription_id', 'xid', 'event_id'), 'in', old.$asTuple('subscription_id', 'xid', 'event_id')),
        )
        .executeTakeFirst();
    });
  }
}

type WhereEvent = ExpressionBuilder<Schema, 'events'>;

/** The condition that `wants` checks in memory. */
const wanted = (where: WhereEvent, { types, phoneNumberId, numbers }: Subscription) =>
  where.and([
    ...(numbers === null ? [] : [where('events.phone_number_id', 'in', [...numbers]), where('events.type', '!=', FOR_ALL_NUMBERS)]),
    types === null ? where('events.type', 'not in', [...ALL_META_EVENT_TYPES]) : where('events.type', 'in', [...types]),
    ...(phoneNumberId === null ? [] : [where('events.phone_number_id', '=', phoneNumberId)]),
  ]);

/** The event of a delivery, if it is about one of these numbers. */
const ofNumbers = (events: SelectQueryBuilder<Schema, 'dispatches' | 'events', object>, numbers: readonly string[]) =>
  events
    .whereRef('events.xid', '=', 'dispatches.xid')
    .whereRef('events.id', '=', 'dispatches.event_id')
    .where('events.phone_number_id', 'in', [...numbers]);

const at = (where: WhereEvent, { xid, id }: Cursor) => where.and([where('events.xid', '=', xid), where('events.id', '=', id)]);

const upTo = (where: WhereEvent, { xid, id }: Cursor) =>
  where.or([where('events.xid', '<', xid), where.and([where('events.xid', '=', xid), where('events.id', '<=', id)])]);

const toRow = ({ cursor, ...delivery }: EventDelivery): Row => ({ ...snakeCase(delivery), xid: cursor.xid, event_id: cursor.id });

const fromRow = ({ xid, event_id: id, ...row }: Row): EventDelivery => ({ ...camelCase(row), cursor: { xid, id } });
