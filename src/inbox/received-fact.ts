import type { Element, WebhookFact } from '#dialog360/fact.js';
import type { Tx } from '#store/store.js';

/** A fact of a webhook with the circumstances of its arrival. Times are ms since 1970. */
export interface ReceivedFact<F extends WebhookFact = WebhookFact> {
  fact: F;
  element: Element;
  phoneNumberId: string;
  /** Meta's time, or that of receipt when Meta gave none. */
  at: number;
  receivedAt: number;
}

/** A received fact of one kind. */
export type Received<K extends WebhookFact['kind']> = ReceivedFact<Extract<WebhookFact, { kind: K }>>;

export type AfterCommit = () => void;

/** Applies a fact under the number's lock. The function that it returns runs after the commit. */
export type FactHandler<K extends WebhookFact['kind'] = WebhookFact['kind']> = (
  tx: Tx,
  received: Received<K>,
) => Promise<AfterCommit | undefined> | Promise<void>;
