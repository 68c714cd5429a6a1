import { type JsonRecord, list, parseJson, record, records, text, unixTime } from '#kernel/read.js';
import type { Element } from './fact.js';
import { type Change, displayNumber, readContact, unknownElement } from './webhook/change.js';
import { readAccount } from './webhook/read-account.js';
import { readCallStatus, readCalls } from './webhook/read-calls.js';
import { readMessageStatus, readMessages } from './webhook/read-messages.js';

/** Meta batches at most 1,000 updates in one delivery; ten times that is an attack, and the rest of it is not read. */
const MAX_ELEMENTS = 10_000;
const MAX_CONTACTS = 1_000;

/** What one delivery said. */
export interface Reading {
  elements: Element[];
  /** It was, as a whole or in part, no delivery of Meta's shape. */
  unreadable: boolean;
}

/**
 * Reads one delivery, of whatever bytes it is made. Never throws: what is not understood becomes an element without a fact,
 * what has not even the shape of a delivery is `unreadable`.
 */
export function readDelivery(body: Uint8Array): Reading {
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

function* changesOf(entries: unknown[]): Generator<Change> {
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

function* readChange(change: Change): Generator<Element> {
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

function* elementsOf(change: Change): Generator<Element> {
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
