import { type JsonRecord, list, parseJson, record, records, text, unixTime } from '#kernel/read.js';
import type { Element } from './fact.js';
import { displayNumber, readContact, unknownElement, type WebhookChange } from './webhook/change.js';
import { readAccount } from './webhook/read-account.js';
import { readCallStatus, readCalls } from './webhook/read-calls.js';
import { readMessageStatus, readMessages } from './webhook/read-messages.js';

/** Meta batches at most 1,000 updates in one delivery; ten times as many are an attack, and the reader stops. */
const MAX_ELEMENTS = 10_000;
const MAX_CONTACTS = 1_000;

/** The elements of one delivery. */
export interface ReadDelivery {
  elements: Element[];
  /** The delivery does not have Meta's shape, as a whole or in part. */
  unreadable: boolean;
}

/**
 * Reads one delivery from any bytes and never throws: an unknown element has no fact, and a body without the shape of a delivery
 * is `unreadable`.
 */
export function readDelivery(body: Uint8Array): ReadDelivery {
  const elements: Element[] = [];
  try {
    const envelope = record(parseJson(new TextDecoder().decode(body)));
    const ours = envelope !== undefined && (envelope.object === undefined || envelope.object === 'whatsapp_business_account');
    if (!ours || !Array.isArray(envelope.entry)) return { elements, unreadable: true };
    for (const change of changesOf(envelope.entry)) {
      for (const item of readChange(change)) {
        if (elements.length >= MAX_ELEMENTS) return { elements, unreadable: true };
        elements.push(item);
      }
    }
    return { elements, unreadable: false };
  } catch {
    // Nesting deep enough to exhaust the stack.
    return { elements, unreadable: true };
  }
}

function* changesOf(entries: unknown[]): Generator<WebhookChange> {
  for (const source of entries) {
    const entry: JsonRecord = record(source) ?? {};
    for (const item of list(entry.changes)) {
      const change = record(item);
      const value = record(change?.value);
      const metadata = record(value?.metadata);
      yield {
        field: text(change?.field)?.toLowerCase() ?? '',
        value: value ?? { unreadable: change?.value ?? item },
        phoneNumberId: text(metadata?.phone_number_id) ?? null,
        displayPhoneNumber: displayNumber(metadata?.display_phone_number),
        wabaId: text(entry.id) ?? null,
        contacts: records(value?.contacts).slice(0, MAX_CONTACTS).map(readContact),
        entryTime: unixTime(entry.time) ?? null,
      };
    }
  }
}

function* readChange(change: WebhookChange): Generator<Element> {
  const account = readAccount(change);
  if (account) {
    yield account;
    return;
  }
  let empty = true;
  for (const item of elementsOf(change)) {
    empty = false;
    yield item;
  }
  if (empty) yield unknownElement(change, change.value);
}

function* elementsOf(change: WebhookChange): Generator<Element> {
  yield* readCalls(change);
  const statuses = list(change.value.statuses);
  for (const source of statuses) {
    const status = record(source);
    const ofCall = change.field === 'calls' || status?.type === 'call';
    if (!status) yield unknownElement(change, source, 'status');
    else yield (ofCall ? readCallStatus : readMessageStatus)(change, status, statuses.length === 1);
  }
  yield* readMessages(change);
}
