import type { Tx } from '#store/store.js';

/** What a second number changes. */
export interface Pinning {
  /** The ids of what keeps the number that it had. */
  pinned: string[];
  /** The ids of the keys that reach every number, though they were made for one: they name a number from then on. */
  exempt: string[];
}

/**
 * Limits what was made while there was one number, `first`, to that number; what already has a limit of its own, or none on purpose, stays.
 * It runs each time that a number is added beside another.
 */
export type SecondNumberHook = (tx: Tx, first: string) => Promise<Pinning>;
