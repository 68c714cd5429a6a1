import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Tx } from '#store/store.js';

/** Older rows count for nothing. */
const KEEP_MS = 3_600_000;

/** Requests to the partner API of all replicas, on Postgres. Only the clock of the database counts; the transaction must hold the partner's lock. */
@Injectable()
export class PartnerRequestsStore {
  /** The clock of the database, and when requests were sent after `now - spanMs`, the oldest first. */
  async since(tx: Tx, partner: string, spanMs: number): Promise<{ now: number; sent: number[] }> {
    const clock = await sql<{ now: number }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(tx);
    const now = Number(clock.rows[0]?.now);
    const sent = tx
      .selectFrom('partner_requests')
      .select('at')
      .where('partner', '=', partner)
      .where('at', '>', now - spanMs);
    // What lies ahead is of a clock that was set back.
    return { now, sent: (await sent.where('at', '<=', now).orderBy('at').execute()).map(({ at }) => at) };
  }

  /** Notes a request at this time, and forgets those of long ago and of a clock that was set back. */
  async add(tx: Tx, partner: string, subject: string, at: number): Promise<void> {
    await tx
      .deleteFrom('partner_requests')
      .where('partner', '=', partner)
      .where(({ eb, or }) => or([eb('at', '<', at - KEEP_MS), eb('at', '>', at)]))
      .execute();
    await tx.insertInto('partner_requests').values({ partner, subject, at }).execute();
  }
}
