import type { NewDelivery } from './inbox.store.js';

/** What the inbox needs of its worker. A number is null for deliveries that came before the gateway knew its number. */
export abstract class DeliveryProcessor {
  /**
   * Persists and applies new deliveries of one number in one commit.
   * @returns false, with nothing written, while older deliveries are processed, another replica has the queue or another writer the
   *   number, when the batch is too large for one commit, and when something fails: the caller then only persists them
   * @throws when the database is locked, since another attempt would wait for the same lock
   */
  abstract processInline(phoneNumberId: string | null, batch: readonly NewDelivery[]): Promise<boolean>;

  /** Under which numbers the deliveries of a number are kept: the empty one holds those of which none was known. */
  abstract keptUnder(phoneNumberId: string): readonly string[];

  /** The numbers of these deliveries of which this replica does not hold the queue: the one that does is to be told. */
  abstract elsewhere(batch: readonly NewDelivery[]): ReadonlySet<string | null>;

  /** Sees to it that this replica applies what was persisted of a number, unless another one has the queue. */
  abstract applyKept(phoneNumberId: string | null): Promise<void>;

  /**
   * Resolves when what was persisted of a number by now is applied, by whichever replica, unless the database fails; at the latest after
   * the signal.
   */
  abstract applied(phoneNumberId: string, signal: AbortSignal): Promise<void>;
}
