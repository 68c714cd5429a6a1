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

/** The handlers of facts, by kind. Modules register them at start. */
export class FactHandlers {
  readonly #byKind = new Map<string, FactHandler[]>();

  /** Registers a handler. Several may handle one kind; they run in the order in which they registered. */
  on<K extends WebhookFact['kind']>(kinds: readonly K[], handler: FactHandler<K>): void {
    for (const kind of kinds) this.#byKind.set(kind, [...this.of(kind), handler as unknown as FactHandler]);
  }

  of(kind: WebhookFact['kind']): FactHandler[] {
    return this.#byKind.get(kind) ?? [];
  }
}
