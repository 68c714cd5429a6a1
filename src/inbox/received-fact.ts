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

/** Reads at once what the handlers of these facts, of one number or several, will look up one by one. */
export type BatchReader<K extends WebhookFact['kind'] = WebhookFact['kind']> = (tx: Tx, received: readonly Received<K>[]) => Promise<void>;

/** The handlers of facts, by kind. Modules register them at start. */
export class FactHandlers {
  readonly #byKind = new Map<string, FactHandler[]>();
  readonly #readers: { kinds: ReadonlySet<string>; read: BatchReader }[] = [];

  /** Registers a handler. Several may handle one kind; they run in the order in which they registered. */
  on<K extends WebhookFact['kind']>(kinds: readonly K[], handler: FactHandler<K>): void {
    for (const kind of kinds) this.#byKind.set(kind, [...this.of(kind), handler as unknown as FactHandler]);
  }

  /** Registers a reader of batches. All readers run at once, before the first handler, and write nothing. */
  beforeBatch<K extends WebhookFact['kind']>(kinds: readonly K[], read: BatchReader<K>): void {
    this.#readers.push({ kinds: new Set(kinds), read: read as unknown as BatchReader });
  }

  /** Lets each reader see the facts of its kinds. */
  async readAhead(tx: Tx, received: readonly ReceivedFact[]): Promise<void> {
    const reads = this.#readers.map(async ({ kinds, read }) => {
      const own = received.filter(({ fact }) => kinds.has(fact.kind));
      if (own.length > 0) await read(tx, own as never);
    });
    await Promise.all(reads);
  }

  of(kind: WebhookFact['kind']): FactHandler[] {
    return this.#byKind.get(kind) ?? [];
  }
}
