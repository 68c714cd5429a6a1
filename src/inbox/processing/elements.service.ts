import { Injectable } from '@nestjs/common';
import type { Element } from '#dialog360/fact.js';
import { InboxStore, type NewDelivery } from '#inbox/inbox.store.js';
import { type AfterCommit, FactHandlers } from '#inbox/received-fact.js';
import { UnreadFieldsStore } from '#inbox/unread-fields.store.js';
import { batchOf } from '#store/batch/batch.js';
import type { Tx } from '#store/store.js';
import { Metrics } from '#telemetry/metrics.js';
import { traced } from '#telemetry/traces.js';

/** The business number for which deliveries are applied. */
export interface ReceivingNumber {
  phoneNumberId: string;
  /** Whether an element is meant for this number; null when it names none. */
  isOurs: (element: Element) => boolean | null;
  /** The key under which an element is known once it was applied for this number. */
  keyOf: (element: Element) => string;
}

/** A delivery that is applied for a business number. */
export interface Application extends ReceivingNumber {
  delivery: NewDelivery;
  /** Collects functions to run once the transaction is committed. */
  afterCommit: AfterCommit[];
}

/** A delivery with its elements. */
export interface Parsed<D extends NewDelivery = NewDelivery> {
  delivery: D;
  elements: Element[];
}

/** Deliveries that are applied for a number. */
export interface ReceivingBatch extends ReceivingNumber {
  parsed: readonly Parsed[];
}

/** What became of the elements of a delivery; `known` are duplicates. */
export type Counts = { new: number; known: number; foreign: number; unknown: number };

/** The fields of which the gateway reads something. An element without a name for its field is read by its content. */
const READ = new Set([
  '',
  'calls',
  'messages',
  'standby',
  'messaging_handovers',
  'account_settings_update',
  'account_update',
  'business_capability_update',
  'phone_number_quality_update',
]);

/**
 * Other fields that the metric names; all that remain count as `other`.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview (2025-12-02)
 */
const NAMED = new Set([
  ...READ,
  'account_alerts',
  'account_review_update',
  'history',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'partner_solutions',
  'payment_configuration_update',
  'phone_number_name_update',
  'security',
  'smb_app_state_sync',
  'smb_message_echoes',
  'template_category_update',
  'user_preferences',
]);
NAMED.delete('');

/** Applies the elements of a delivery: drops foreign ones and duplicates, and hands each fact to the modules that registered for it. */
@Injectable()
export class ElementsService {
  constructor(
    private readonly inbox: InboxStore,
    private readonly unread: UnreadFieldsStore,
    private readonly handlers: FactHandlers,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Prepares a batch on Postgres: remembers the keys of all elements, and lets modules read what they need. Nothing waits for the answer
   * to another statement, so all of it takes one round trip; the price is that duplicates are looked up as well.
   */
  async prepare(tx: Tx, batches: readonly ReceivingBatch[]): Promise<void> {
    if (!batchOf(tx)) return;
    const ours = batches.flatMap(({ parsed, phoneNumberId, isOurs, keyOf }) =>
      parsed.flatMap(({ delivery: { receivedAt }, elements }) =>
        elements
          .filter((element) => isOurs(element) !== false)
          .map((element) => ({ element, phoneNumberId, receivedAt, key: keyOf(element) })),
      ),
    );
    const keys = ours.map(({ key, receivedAt }) => ({ key, at: receivedAt }));
    const received = ours.flatMap(({ element, phoneNumberId, receivedAt }) =>
      element.fact ? { fact: element.fact, element, phoneNumberId, receivedAt, at: element.at ?? receivedAt } : [],
    );
    await Promise.all([this.inbox.rememberAll(tx, keys), this.handlers.readAhead(tx, received)]);
  }

  /** Applies the elements of one delivery. */
  async applyAll(tx: Tx, application: Application, elements: readonly Element[]): Promise<Counts> {
    const counts: Counts = { new: 0, known: 0, foreign: 0, unknown: 0 };
    const cause = application.delivery.cause ?? null;
    return traced('inbox apply', { kind: 'consumer', attributes: { 'wac.elements': elements.length }, cause }, async (span) => {
      for (const element of elements) counts[await this.apply(tx, application, element)] += 1;
      span.set('wac.elements_new', counts.new);
      return counts;
    });
  }

  /** Applies one element. @returns the counter that it belongs to */
  async apply(tx: Tx, application: Application, element: Element): Promise<keyof Counts> {
    const result = await this.#handle(tx, application, element);
    this.metrics.elements.inc({ field: NAMED.has(element.field) ? element.field : 'other', result });
    return result;
  }

  async #handle(tx: Tx, application: Application, element: Element): Promise<keyof Counts> {
    const { phoneNumberId, isOurs, keyOf, delivery, afterCommit } = application;
    const { receivedAt } = delivery;
    if (isOurs(element) === false) return 'foreign';
    if (!(await this.inbox.firstTime(tx, keyOf(element), receivedAt))) return 'known';
    const { fact, field } = element;
    if (!READ.has(field)) await this.unread.count(tx, phoneNumberId, field, receivedAt);
    if (!fact) return 'unknown';
    const received = { fact, element, phoneNumberId, receivedAt, at: element.at ?? receivedAt };
    for (const handler of this.handlers.of(fact.kind)) {
      const after = await handler(tx, received);
      if (after) afterCommit.push(after);
    }
    return 'new';
  }
}
