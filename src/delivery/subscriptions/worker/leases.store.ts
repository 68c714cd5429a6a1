import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Subscription } from '#delivery/subscriptions/subscription.js';
import { selectHeld, subscriptionOf } from '#delivery/subscriptions/subscriptions.store.js';
import type { Cursor } from '#events/cursor.js';
import type { EndpointHealth } from '#outbound-http/endpoint-health.js';
import { SecretsService } from '#secrets/secrets.service.js';
import type { ColumnTypes } from '#store/batch/batch-statement.js';
import { given } from '#store/batch/given.js';
import { keyIdIn } from '#store/sealed/key-check.js';
import { Store, type Tx } from '#store/store.js';

/** How far the deliveries of a subscription have come. */
export interface SubscriptionProgress {
  id: string;
  cursor: Cursor;
  health: EndpointHealth;
}

/** What this process delivers to. */
export interface HeldSubscriptions {
  /** The revision of each subscription by its id. */
  revisions: ReadonlyMap<string, number>;
  /** When the first lease ends, in ms since 1970. */
  until: number;
}

/** How long a lease lasts, and how soon it is renewed, in ms. */
export interface LeaseTimes {
  lastsMs: number;
  renewAfterMs: number;
}

/** SQLite takes at most 32,766 values in one statement. */
const IDS_PER_STATEMENT = 1_000;

interface CursorRow {
  id: string;
  xid: number;
  event_id: number;
}

interface ProgressRow extends CursorRow {
  failures: number;
  failing_since: number | null;
  held_until: number | null;
}

const CURSOR: ColumnTypes<CursorRow> = { id: 'text', xid: 'bigint', event_id: 'bigint' };
const PROGRESS: ColumnTypes<ProgressRow> = { ...CURSOR, failures: 'bigint', failing_since: 'bigint', held_until: 'bigint' };

/**
 * Who delivers to which subscription, and how far. On Postgres one replica at a time has the lease of each; on SQLite there is only one
 * process. Each method costs the same few statements for one subscription and for all.
 */
@Injectable()
export class LeasesStore {
  constructor(
    private readonly store: Store,
    private readonly secrets: SecretsService,
  ) {}

  /**
   * The active subscriptions that `holder` delivers to; on Postgres it takes every free lease, and renews its own when it is time. One whose
   * secret is sealed with a key that this process lacks is left to others.
   */
  async hold(holder: string, now: number, { lastsMs, renewAfterMs }: LeaseTimes): Promise<HeldSubscriptions> {
    const active = await this.#active();
    if (this.store.engine === 'sqlite') return heldOf(active, Number.POSITIVE_INFINITY);
    const until = now + lastsMs;
    const isToRenew = (at: number | null) => at === null || at < until - renewAfterMs;
    const isOpen = ({ key_id: key }: LeaseRow) => key === null || this.secrets.keyIds.includes(key);
    const isFree = (row: LeaseRow) => isOpen(row) && (row.holder === null || row.held_by_until === null || row.held_by_until < now);
    const isMine = (row: LeaseRow) => row.holder === holder;
    const isAsIs = active.every((row) => (isMine(row) ? !isToRenew(row.held_by_until) : !isFree(row)));
    const held = (isAsIs ? active : await this.#take(holder, now, until)).filter(isMine);
    return heldOf(held, Math.min(until, ...held.map(({ held_by_until: at }) => at ?? 0)));
  }

  /** Those of these that are active, as they are now. */
  async findActive(ids: readonly string[]): Promise<Subscription[]> {
    const found: Subscription[] = [];
    for (let from = 0; from < ids.length; from += IDS_PER_STATEMENT) {
      const some = selectHeld(this.store.read).where('subscriptions.id', 'in', ids.slice(from, from + IDS_PER_STATEMENT));
      found.push(...(await some.where('state', '=', 'active').execute()).map((row) => subscriptionOf(row, this.secrets)));
    }
    return found;
  }

  /** Writes cursors that no attempt has moved. One that stands further, or is leased to another by now, stays. */
  async saveCursors(holder: string, cursors: ReadonlyMap<string, Cursor>): Promise<void> {
    const rows = [...cursors].map(([id, cursor]) => ({ id, xid: cursor.xid, event_id: cursor.id }));
    await this.store.write((tx) =>
      sql`update subscriptions set xid = given.xid, event_id = given.event_id from ${given(this.store.engine, CURSOR, rows)}
        where subscriptions.id = given.id ${this.#heldBy(holder)}
        and (subscriptions.xid, subscriptions.event_id) < (given.xid, given.event_id)`.execute(tx),
    );
  }

  /** Writes cursor and health of each. @returns those that are still there and leased to `holder` */
  async progress(tx: Tx, holder: string, progress: readonly SubscriptionProgress[]): Promise<Set<string>> {
    const rows = progress.map(({ id, cursor, health }) => ({
      id,
      xid: cursor.xid,
      event_id: cursor.id,
      failures: health.failures,
      failing_since: health.failingSince,
      held_until: health.heldUntil,
    }));
    const done = await sql<{ id: string }>`update subscriptions set xid = given.xid, event_id = given.event_id, failures = given.failures,
      failing_since = given.failing_since, held_until = given.held_until from ${given(this.store.engine, PROGRESS, rows)}
      where subscriptions.id = given.id ${this.#heldBy(holder)} returning subscriptions.id`.execute(tx);
    return new Set(done.rows.map(({ id }) => id));
  }

  /** Leaves some of them to others at once. */
  async giveUp(holder: string, ids: readonly string[]): Promise<void> {
    if (this.store.engine !== 'postgres' || ids.length === 0) return;
    await this.store.write((tx) =>
      tx
        .updateTable('subscriptions')
        .set({ holder: null, held_by_until: null })
        .where('holder', '=', holder)
        .where('id', 'in', ids)
        .execute(),
    );
  }

  async release(holder: string): Promise<void> {
    if (this.store.engine !== 'postgres') return;
    await this.store.write((tx) =>
      tx.updateTable('subscriptions').set({ holder: null, held_by_until: null }).where('holder', '=', holder).execute(),
    );
  }

  #active(): Promise<LeaseRow[]> {
    const columns = ['id', 'revision', 'holder', 'held_by_until', KEY_ID.as('key_id')] as const;
    return this.store.read.selectFrom('subscriptions').select(columns).where('state', '=', 'active').execute();
  }

  async #take(holder: string, now: number, until: number): Promise<LeaseRow[]> {
    await this.store.write((tx) =>
      tx
        .updateTable('subscriptions')
        .set({ holder, held_by_until: until })
        .where('state', '=', 'active')
        .where((where) => {
          const isFree = where.or([where('holder', 'is', null), where('held_by_until', '<', now)]);
          const isOpen = where.or([where('sealed_secret', 'is', null), where(KEY_ID, 'in', ['', ...this.secrets.keyIds])]);
          return where.or([where('holder', '=', holder), where.and([isFree, isOpen])]);
        })
        .execute(),
    );
    return this.#active();
  }

  #heldBy(holder: string) {
    return this.store.engine === 'postgres' ? sql`and subscriptions.holder = ${holder}` : sql``;
  }
}

interface LeaseRow {
  id: string;
  revision: number;
  holder: string | null;
  held_by_until: number | null;
  /** The id of the key that has sealed the secret; null for one in plain text. */
  key_id: string | null;
}

const KEY_ID = keyIdIn('sealed_secret');

const heldOf = (rows: readonly LeaseRow[], until: number): HeldSubscriptions => ({
  revisions: new Map(rows.map(({ id, revision }) => [id, revision])),
  until,
});
