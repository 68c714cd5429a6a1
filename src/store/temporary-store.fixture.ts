import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { Clock } from '#kernel/clock.js';
import { openStore } from './open-store.js';
import type { Store, Tx } from './store.js';
import { type Engine, temporaryDatabase } from './temporary-database.fixture.js';

/** An empty database for one test; `open` again for a second process on the same data. */
export interface TemporaryStore {
  open(): Promise<Store>;
  /** Closes everything that was opened and removes the data. */
  remove(): Promise<void>;
}

export async function temporaryStore(engine: Engine): Promise<TemporaryStore> {
  const { database, erase } = await temporaryDatabase(engine);
  const opened: Store[] = [];
  return {
    async open() {
      const store = await openStore({ database, mode: 'simulator' });
      opened.push(store);
      return store;
    },
    async remove() {
      await Promise.all(opened.map((store) => store.close()));
      await erase();
    },
  };
}

/** Raw SQL outside of a transaction, which the types of the store keep from production code. */
export const raw = ({ read }: Store): Tx => read as unknown as Tx;

/**
 * Waits until what is committed by now is seen by readers that stay below the oldest open transaction. On Postgres those of
 * every database of the server count, of other tests too.
 */
export async function othersDone(store: Store): Promise<void> {
  if (store.engine === 'sqlite') return;
  const ask = async (snapshot: 'xmin' | 'xmax') => {
    const at = sql<{ at: string }>`select ${sql.raw(`pg_snapshot_${snapshot}`)}(pg_current_snapshot())::text as at`;
    return BigInt((await at.execute(raw(store))).rows[0]?.at ?? 0);
  };
  const now = await ask('xmax');
  while ((await ask('xmin')) < now) await pause(25);
}

/** A clock that stands until it is moved. */
export class StoppedClock extends Clock {
  constructor(private time = Date.UTC(2026, 10, 22, 12)) {
    super();
  }

  now(): number {
    return this.time;
  }

  pass(ms: number): void {
    this.time += ms;
  }
}
