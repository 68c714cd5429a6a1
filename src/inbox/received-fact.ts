import type { Element, Fact } from '#dialog360/fact.js';
import type { Tx } from '#store/store.js';

/** A fact of a webhook with the circumstances of its arrival. Times are ms since 1970. */
export interface ReceivedFact<F extends Fact = Fact> {
  fact: F;
  element: Element;
  phoneNumberId: string;
  /** Meta's time, or that of receipt when Meta gave none. */
  at: number;
  receivedAt: number;
}

/** Applies a fact under the number's lock. The function that it returns runs after the commit. */
export type FactHandler<K extends Fact['kind'] = Fact['kind']> = (
  tx: Tx,
  received: ReceivedFact<Extract<Fact, { kind: K }>>,
) => Promise<AfterCommit | undefined>;

export type AfterCommit = () => void;
