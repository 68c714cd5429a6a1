import type { WebhookFact } from '#dialog360/fact.js';
import type { FactHandler } from './received-fact.js';

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
