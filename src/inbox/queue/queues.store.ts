import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Store } from '#store/store.js';

/** The clock of the database, in ms since 1970: those of replicas may differ. */
const NOW = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** Which replica applies the deliveries of a queue. Only on Postgres: SQLite has one process. */
@Injectable()
export class QueuesStore {
  constructor(private readonly store: Store) {}

  /** Whether replicas share the database. */
  get isShared(): boolean {
    return this.store.notifications !== null;
  }

  /**
   * Takes the lease of a queue, or renews it.
   * @returns the fencing token, which rises with each change of the holder; null while another replica holds the lease
   */
  async take(key: string, holder: string, leaseMs: number): Promise<number | null> {
    return this.store.keep(async (tx) => {
      const until = sql<number>`${NOW} + ${leaseMs}`;
      const row = await tx
        .insertInto('queues')
        .values({ key, holder, held_by_until: until, token: 1 })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({
              holder,
              held_by_until: until,
              token: sql<number>`queues.token + case when queues.holder = ${holder} then 0 else 1 end`,
            })
            .where(({ or, eb }) =>
              or([eb('queues.holder', '=', holder), eb('queues.holder', 'is', null), eb('queues.held_by_until', '<', NOW)]),
            ),
        )
        .returning('token')
        .executeTakeFirst();
      return row?.token ?? null;
    });
  }

  /** Renews leases that a holder still has. @returns their keys */
  async renew(keys: readonly string[], holder: string, leaseMs: number): Promise<string[]> {
    const until = sql<number>`${NOW} + ${leaseMs}`;
    const renewed = await this.store.keep((tx) =>
      tx
        .updateTable('queues')
        .set({ held_by_until: until })
        .where('holder', '=', holder)
        .where('key', '=', sql<string>`any(${keys})`)
        .returning('key')
        .execute(),
    );
    return renewed.map(({ key }) => key);
  }

  /** Gives up every lease of a holder, so that others need not wait for its end. */
  async release(holder: string): Promise<void> {
    await this.store.keep((tx) => tx.updateTable('queues').set({ holder: null }).where('holder', '=', holder).execute());
  }
}
