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
