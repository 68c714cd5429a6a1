import type { NewDelivery } from '#inbox/inbox.store.js';

interface Pending {
  batch: readonly NewDelivery[];
  kept: () => void;
  failed: (error: unknown) => void;
}

/** Persists the bodies of all numbers that come while one commit is under way with the next one: a burst costs one fsync and not one each. */
export class GroupCommit {
  #pending: Pending[] = [];
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
      const all = this.#pending;
      this.#pending = [];
      try {
        await this.persist(all.flatMap(({ batch }) => batch));
        for (const { kept } of all) kept();
      } catch (error) {
        for (const { failed } of all) failed(error);
      }
    }
    this.#running = false;
  }
}
