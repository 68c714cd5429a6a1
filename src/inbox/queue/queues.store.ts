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
   * Takes the leases of queues, or renews them.
   * @returns by key the fencing token, which rises with each change of the holder; without those that another replica holds
   */
  async take(keys: readonly string[], holder: string, leaseMs: number): Promise<Map<string, number>> {
    const elsewhere = await this.#heldElsewhere(keys, holder);
    // In one order, so that two replicas never wait for each other.
    const wanted = [...new Set(keys)].filter((key) => !elsewhere.has(key)).sort();
    if (wanted.length === 0) return new Map();
    const until = sql<number>`${NOW} + ${leaseMs}`;
    const rows = wanted.map((key) => ({ key, holder, held_by_until: until, token: 1 }));
    const taken = await this.store.keep((tx) =>
      tx
        .insertInto('queues')
        .values(rows)
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
        .returning(['key', 'token'])
        .execute(),
    );
    return new Map(taken.map(({ key, token }) => [key, token]));
  }

  /** An upsert locks also the rows that it leaves as they are: it would hold up the replica that renews them, and what waits for this connection. */
  async #heldElsewhere(keys: readonly string[], holder: string): Promise<Set<string>> {
    const held = await this.store.read
      .selectFrom('queues')
      .select('key')
      .where('key', '=', sql<string>`any(${keys})`)
      .where('holder', '<>', holder)
      .where('held_by_until', '>=', NOW)
      .execute();
    return new Set(held.map(({ key }) => key));
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
