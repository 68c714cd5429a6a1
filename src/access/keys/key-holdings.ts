import type { Scope } from '#access/authorization/scope.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import type { Tx } from '#store/store.js';

/** The keys as a start has put them in order. */
export interface KeysAtStart {
  /** Keys of earlier environments, deleted by this start. */
  former: readonly string[];
  /** The key that `API_KEY` sets; null when it sets none. */
  environment: string | null;
  /** Every key with its scopes. */
  keys: ReadonlyMap<string, ReadonlySet<Scope>>;
}

/** What another module keeps for API keys, and what must not outlive them. Each method runs in the transaction of the change. */
export interface KeyHoldings {
  /** A key was deleted: what it held reaches no further than it did, also under the key that takes it over. @returns how many of its holdings are paused with it */
  end(tx: Tx, keyId: string, had: NumberReach): Promise<number>;
  /** A key was suspended: what it held stops, and stays stopped when the suspension is undone. @returns how many of its holdings are paused with it */
  suspend(tx: Tx, keyId: string): Promise<number>;
  /** A number was taken from a key: what it holds reaches that number no longer. */
  narrow(tx: Tx, keyId: string): Promise<void>;
  /** A second number is added: each holding that reaches all numbers keeps the one that it had. @returns the ids of these holdings */
  pin(tx: Tx, phoneNumberId: string): Promise<string[]>;
  /** The process starts: what former keys of the environment held goes to the present one; what no key may hold is paused. */
  settle(tx: Tx, start: KeysAtStart): Promise<void>;
}

/** Injects `KeyNumbersService` where keys are looked up, which is far below the registry of numbers. */
export const KEY_NUMBERS = Symbol('key numbers');
