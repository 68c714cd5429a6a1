import { Injectable } from '@nestjs/common';
import type { Element, Fact } from '#dialog360/fact.js';
import { NumbersService } from '#identity/numbers.service.js';
import type { Tx } from '#store/store.js';
import { Metrics } from '#telemetry/metrics.js';
import { traced } from '#telemetry/traces.js';
import { InboxStore, type NewDelivery } from './inbox.store.js';
import type { AfterCommit, FactHandler } from './received-fact.js';

/** What became of the elements of a delivery; `known` are duplicates. */
type Counts = { new: number; known: number; foreign: number; unknown: number };

/** The fields that the metric names; all others count as `other`. */
const FIELDS = new Set([
  'calls',
  'messages',
  'account_settings_update',
  'account_update',
  'business_capability_update',
  'phone_number_quality_update',
]);

/** Applies the elements of a delivery: drops foreign ones and duplicates, and hands each fact to the modules that registered for it. */
@Injectable()
export class ElementsService {
  readonly #handlers = new Map<string, FactHandler[]>();

  constructor(
    private readonly inbox: InboxStore,
    private readonly numbers: NumbersService,
    private readonly metrics: Metrics,
  ) {}

  /** Registers a handler. Several may handle one kind; they run in the order in which they registered. */
  on<K extends Fact['kind']>(kinds: readonly K[], handler: FactHandler<K>): void {
    for (const kind of kinds) this.#handlers.set(kind, [...this.handlersOf(kind), handler as unknown as FactHandler]);
  }

  handlersOf(kind: Fact['kind']): FactHandler[] {
    return this.#handlers.get(kind) ?? [];
  }

  /** @param afterCommit collects what is to run once the transaction is committed */
  async applyAll(
    tx: Tx,
    phoneNumberId: string,
    delivery: NewDelivery,
    elements: readonly Element[],
    afterCommit: AfterCommit[],
  ): Promise<Counts> {
    const counts: Counts = { new: 0, known: 0, foreign: 0, unknown: 0 };
    const cause = delivery.cause ?? null;
    return traced('inbox apply', { kind: 'consumer', attributes: { 'wac.elements': elements.length }, cause }, async (span) => {
      for (const element of elements) counts[await this.apply(tx, phoneNumberId, delivery, element, afterCommit)] += 1;
      span.set('wac.elements_new', counts.new);
      return counts;
    });
  }

  async apply(tx: Tx, phoneNumberId: string, delivery: NewDelivery, element: Element, afterCommit: AfterCommit[]): Promise<keyof Counts> {
    const result = await this.#handle(tx, phoneNumberId, delivery, element, afterCommit);
    this.metrics.elements.inc({ field: FIELDS.has(element.field) ? element.field : 'other', result });
    return result;
  }

  async #handle(
    tx: Tx,
    phoneNumberId: string,
    { receivedAt }: NewDelivery,
    element: Element,
    afterCommit: AfterCommit[],
  ): Promise<keyof Counts> {
    if (this.numbers.isOurs(element.phoneNumberId, element.displayPhoneNumber) === false) return 'foreign';
    if (!(await this.inbox.firstTime(tx, element.key, receivedAt))) return 'known';
    const { fact } = element;
    if (!fact) return 'unknown';
    const received = { fact, element, phoneNumberId, receivedAt, at: element.at ?? receivedAt };
    for (const handler of this.handlersOf(fact.kind)) {
      const after = await handler(tx, received);
      if (after) afterCommit.push(after);
    }
    return 'new';
  }
}
