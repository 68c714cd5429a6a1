import { Injectable } from '@nestjs/common';
import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import type { Cursor } from '#events/cursor.js';
import { fromCursor } from '#store/order.js';
import type { Schema } from '#store/schema.js';
import { Store, type Tx } from '#store/store.js';
import type { Loss } from './gap.js';
import type { Dispatch, Subscription } from './subscription.js';

type Row = Selectable<Schema['dispatches']>;
/** SQLite takes at most 32,766 values in one statement. */
const ROWS_PER_STATEMENT = 500;

/** Which events are sent again. */
export interface ReplayWish {
  /** Of events that happened at or after this, in ms since 1970. */
  since: number | null;
  /** Of events that happened before this. */
  until: number | null;
  /** These events only, at most 200. */
  events: readonly Cursor[] | null;
}

/** The SQL of what was sent to whom. */
@Injectable()
export class DispatchesStore {
  constructor(private readonly store: Store) {}

  async save(tx: Tx, dispatches: readonly Dispatch[]): Promise<void> {
    for (let from = 0; from < dispatches.length; from += ROWS_PER_STATEMENT) {
      await tx
        .insertInto('dispatches')
        .values(dispatches.slice(from, from + ROWS_PER_STATEMENT).map(toRow))
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

  /** What is due, the longest due first. */
  async due(subscriptionId: string, now: number, limit: number): Promise<Dispatch[]> {
    const rows = await this.store.read
      .selectFrom('dispatches')
      .selectAll()
      .where('subscription_id', '=', subscriptionId)
      .where('state', '=', sql.lit('retrying'))
      .where('next_attempt_at', '<=', now)
      .orderBy('next_attempt_at')
      .orderBy('xid')
      .orderBy('event_id')
      .limit(limit)
      .execute();
    return rows.map(fromRow);
  }

  /** When the next one is due that is not due by `now`; null when none waits. */
  async nextDueAt(subscriptionId: string, now: number): Promise<number | null> {
    const row = await this.store.read
      .selectFrom('dispatches')
      .select('next_attempt_at')
      .where('subscription_id', '=', subscriptionId)
      .where('state', '=', sql.lit('retrying'))
      .where('next_attempt_at', '>', now)
      .orderBy('next_attempt_at')
      .limit(1)
      .executeTakeFirst();
    return row?.next_attempt_at ?? null;
  }

  /** Events beyond a place that have been tried all the same, before somebody stopped in between. */
  async beyond(subscriptionId: string, place: Cursor): Promise<Cursor[]> {
    const rows = await this.store.read
      .selectFrom('dispatches')
      .select(['xid', 'event_id'])
      .where('subscription_id', '=', subscriptionId)
      .where(fromCursor(this.store.engine, '>', place, 'event_id'))
      .execute();
    return rows.map((row) => ({ xid: row.xid, id: row.event_id }));
  }

  /** Brings everything that waits forward, after an endpoint came back. */
  async hasten(tx: Tx, subscriptionId: string, now: number): Promise<void> {
    await tx
      .updateTable('dispatches')
      .set({ next_attempt_at: now })
      .where('subscription_id', '=', subscriptionId)
      .where('state', '=', sql.lit('retrying'))
      .where('next_attempt_at', '>', now)
      .execute();
  }

  /** Newest events first. */
  async list(subscriptionId: string, state: Dispatch['state'] | null, limit: number, before: Cursor | null): Promise<Dispatch[]> {
    let query = this.store.read.selectFrom('dispatches').selectAll().where('subscription_id', '=', subscriptionId);
    if (state) query = query.where('state', '=', state);
    if (before) query = query.where(fromCursor(this.store.engine, '<', before, 'event_id'));
    return (await query.orderBy('xid', 'desc').orderBy('event_id', 'desc').limit(limit).execute()).map(fromRow);
  }

  /**
   * Lets wanted events be sent once more, from `now` on, with all attempts before them. What the subscription has not
   * come to yet is left out: it comes by itself. @returns how many
   */
  async replay(tx: Tx, subscription: Subscription, wish: ReplayWish, now: number): Promise<number> {
    const { id, types, phoneNumberId, position } = subscription;
    let chosen = tx.selectFrom('events').where((where) => upTo(where, position));
    if (types !== null) chosen = chosen.where('type', 'in', [...types]);
    if (phoneNumberId !== null) chosen = chosen.where('phone_number_id', '=', phoneNumberId);
    if (wish.since !== null) chosen = chosen.where('occurred_at', '>=', wish.since);
    if (wish.until !== null) chosen = chosen.where('occurred_at', '<', wish.until);
    if (wish.events !== null) chosen = chosen.where((where) => where.or((wish.events ?? []).map((cursor) => at(where, cursor))));
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

  /** Everything exhausted once more. @returns how many */
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
   * What a subscription loses when everything before `keep` is deleted: wanted events that it has not come to, or that
   * still wait for a retry. Null for nothing.
   */
  async undelivered(tx: Tx, { id, types, phoneNumberId, position }: Subscription, keep: Cursor): Promise<Loss | null> {
    let chosen = tx
      .selectFrom('events')
      .leftJoin('dispatches', (join) =>
        join
          .onRef('dispatches.xid', '=', 'events.xid')
          .onRef('dispatches.event_id', '=', 'events.id')
          .on('dispatches.subscription_id', '=', id),
      )
      .where((where) => where.and([upTo(where, keep), where.not(at(where, keep))]))
      .where((where) =>
        where.or([
          where('dispatches.state', '=', 'retrying'),
          where.and([where('dispatches.state', 'is', null), where.not(upTo(where, position))]),
        ]),
      );
    if (types !== null) chosen = chosen.where('events.type', 'in', [...types]);
    if (phoneNumberId !== null) chosen = chosen.where('events.phone_number_id', '=', phoneNumberId);
    const { events, from, until } = await chosen
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

  async purge(before: number): Promise<void> {
    await this.store.inBatches((tx, most) => {
      const old = tx
        .selectFrom('dispatches')
        .select(['subscription_id', 'xid', 'event_id'])
        .where('state', '!=', 'retrying')
        .where('last_attempt_at', '<', before)
        .limit(most);
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

const at = (where: WhereEvent, { xid, id }: Cursor) => where.and([where('events.xid', '=', xid), where('events.id', '=', id)]);

const upTo = (where: WhereEvent, { xid, id }: Cursor) =>
  where.or([where('events.xid', '<', xid), where.and([where('events.xid', '=', xid), where('events.id', '<=', id)])]);

const toRow = (dispatch: Dispatch): Row => ({
  subscription_id: dispatch.subscriptionId,
  xid: dispatch.cursor.xid,
  event_id: dispatch.cursor.id,
  type: dispatch.type,
  subject: dispatch.subject,
  state: dispatch.state,
  attempts: dispatch.attempts,
  first_attempt_at: dispatch.firstAttemptAt,
  last_attempt_at: dispatch.lastAttemptAt,
  next_attempt_at: dispatch.nextAttemptAt,
  response_status: dispatch.responseStatus,
  latency_ms: dispatch.latencyMs,
  error: dispatch.error,
});

const fromRow = (row: Row): Dispatch => ({
  subscriptionId: row.subscription_id,
  cursor: { xid: row.xid, id: row.event_id },
  type: row.type,
  subject: row.subject,
  state: row.state,
  attempts: row.attempts,
  firstAttemptAt: row.first_attempt_at,
  lastAttemptAt: row.last_attempt_at,
  nextAttemptAt: row.next_attempt_at,
  responseStatus: row.response_status,
  latencyMs: row.latency_ms,
  error: row.error,
});
