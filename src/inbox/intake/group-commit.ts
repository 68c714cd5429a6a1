import type { NewDelivery } from '#inbox/inbox.store.js';

interface Pending {
  batch: readonly NewDelivery[];
  kept: () => void;
  failed: (error: unknown) => void;
}

/** So many bodies of all numbers share a commit at most: a longer one would keep those of a quiet number waiting. */
const MOST_TOGETHER = 2_048;

/** Persists the bodies of all numbers that come while one commit is under way with the next one: a burst costs one fsync and not one each. */
export class GroupCommit {
  readonly #pending: Pending[] = [];
  #running = false;

  /** @param persist persists bodies in one transaction */
  constructor(private readonly persist: (all: readonly NewDelivery[]) => Promise<void>) {}

  /** Resolves once the batch is durable. @throws the error of the database */
  keep(batch: readonly NewDelivery[]): Promise<void> {
    const done = new Promise<void>((kept, failed) => this.#pending.push({ batch, kept, failed }));
    if (!this.#running) void this.#run();
    return done;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#pending.length > 0) {
      const all = this.#next();
      try {
        await this.persist(all.flatMap(({ batch }) => batch));
        for (const { kept } of all) kept();
      } catch (error) {
        for (const { failed } of all) failed(error);
      }
    }
    this.#running = false;
  }

  /** Whole batches in the order in which they came; one at least. */
  #next(): Pending[] {
    let bodies = 0;
    const beyond = this.#pending.findIndex(({ batch }, n) => {
      bodies += batch.length;
      return n > 0 && bodies > MOST_TOGETHER;
    });
    return this.#pending.splice(0, beyond === -1 ? this.#pending.length : beyond);
  }
}
