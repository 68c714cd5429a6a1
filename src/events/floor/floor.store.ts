import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { claimGeneration } from '#store/postgres/generation.js';
import { Store } from '#store/store.js';

/** A transaction that has inserted events or deliveries and has not ended. */
export interface FloorHolder {
  /** The transaction, as `pg_locks` names it. */
  transaction: string;
  table: 'events' | 'deliveries';
  /** The session; null for a prepared transaction, which has none. */
  pid: number | null;
  /** What the session calls itself. */
  application: string | null;
}

const FLOORS = sql`locktype = 'advisory' and classid in (7702, 7703) and objsubid = 2 and granted
  and database = (select oid from pg_database where datname = current_database())`;

/** The SQL around the floors of events and deliveries; `0020-floor-lock` says what they are. */
@Injectable()
export class FloorStore {
  constructor(private readonly store: Store) {}

  /** Whether there are floors: SQLite has one writer, who leaves no gap. */
  get isShared(): boolean {
    return this.store.engine === 'postgres';
  }

  /** Whether a notification of another replica would arrive. */
  get isNotified(): boolean {
    return this.store.notifications?.isUp ?? true;
  }

  /** Who holds a floor now, and where the database is. */
  async look(): Promise<{ holders: FloorHolder[]; where: string }> {
    const holders = sql`select coalesce(json_agg(json_build_object('transaction', virtualtransaction, 'pid', pid, 'application', application_name,
      'table', case classid when 7702 then 'events' else 'deliveries' end)), '[]')
      from pg_locks left join pg_stat_activity using (pid) where ${FLOORS}`;
    return this.#ask<{ holders: FloorHolder[]; where: string }>(sql`select (${holders}) as holders, database_identity()::text as "where"`);
  }

  /** Ends the session of a holder if it still is one. @returns whether it did; @throws with the code 42501 when it may not */
  async end({ transaction, pid }: FloorHolder): Promise<boolean> {
    const ended = sql`select pg_terminate_backend(pid) from pg_locks where ${FLOORS} and virtualtransaction = ${transaction} and pid = ${pid} limit 1`;
    return (await this.#ask<{ ended: boolean | null }>(sql`select (${ended}) as ended`)).ended === true;
  }

  /** Begins a new generation of ids when the database is another one. @returns null when it is not */
  claimGeneration(): Promise<number | null> {
    return claimGeneration(this.store);
  }

  async #ask<Row extends object>(question: RawBuilder<unknown>): Promise<Row> {
    const asked = sql<Row>`(${question})`.as('asked');
    return (await this.store.read.selectFrom(asked).selectAll().executeTakeFirstOrThrow()) as Row;
  }
}
