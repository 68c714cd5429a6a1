import type { NewDelivery } from './inbox.store.js';

/** What the inbox needs of its worker. */
export abstract class DeliveryProcessor {
  /**
   * Persists and applies new deliveries in one commit.
   * @returns false, with nothing written, on Postgres, while older deliveries are processed, when the batch is too large for one
   *   commit, and when something fails: the caller
   *   then only persists them
   * @throws when the database is locked, since another attempt would wait for the same lock
   */
  abstract processInline(batch: readonly NewDelivery[]): Promise<boolean>;

  /** Works until no untried delivery waits, unless the database has just failed. A call while it works makes it look once more. */
  abstract wake(): Promise<void>;
}
