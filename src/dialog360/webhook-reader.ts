import { MINUTE } from '#kernel/clock.js';
import { list, parseJson, record, records, unixTime } from '#kernel/read.js';
import type { Element } from './fact.js';
import { Contacts, readContact, unknownElement, type WebhookChange } from './webhook/change.js';
import { type ChangeSource, changesOf } from './webhook/named-number.js';
import { readAccount } from './webhook/read-account.js';
import { readCallStatus, readCalls } from './webhook/read-calls.js';
import { readHandover } from './webhook/read-handover.js';
import { readMessageStatus, readMessages } from './webhook/read-messages.js';

/** Meta batches at most 1,000 updates in one delivery; ten times as many are an attack, and the reader stops. */
const MAX_ELEMENTS = 10_000;
const MAX_CONTACTS = 1_000;

/** How far the clock of Meta may be ahead of ours. */
const MOST_AHEAD_MS = 5 * MINUTE;

/** The elements of one delivery. */
export interface ReadDelivery {
  elements: Element[];
  /** The delivery does not have Meta's shape, as a whole or in part. */
  unreadable: boolean;
}

/** A delivery as it came. */
interface ReceivedBody {
  body: Uint8Array;
  /** In ms since 1970. */
  receivedAt: number;
}

/**
 * Reads one delivery from any bytes and never throws: an unknown element has no fact, and a body without the shape of a delivery
 * is `unreadable`.
 */
export function readDelivery(delivery: ReceivedBody): ReadDelivery {
  const read: ReadDelivery = { elements: [], unreadable: false };
  const reading = elementsIn(delivery);
  for (let step = reading.next(); ; step = reading.next()) {
    if (step.done) return { ...read, unreadable: step.value };
    read.elements.push(step.value);
  }
}

/**
 * The elements of one delivery, one by one, so that the reader of a large one can pause between them.
 * @returns whether the delivery is unreadable, as a whole or in part
 */
export function* elementsIn({ body, receivedAt }: ReceivedBody): Generator<Element, boolean> {
  let count = 0;
  try {
    const envelope = record(parseJson(new TextDecoder().decode(body)));
    const ours = envelope !== undefined && (envelope.object === undefined || envelope.object === 'whatsapp_business_account');
    if (!ours || !Array.isArray(envelope.entry)) return true;
    for (const source of changesOf(envelope.entry)) {
      for (const item of readChange(toChange(source, receivedAt))) {
        if (count >= MAX_ELEMENTS) return true;
        count += 1;
        yield notInTheFuture(item, receivedAt + MOST_AHEAD_MS);
      }
    }
    return false;
  } catch {
    // Nesting deep enough to exhaust the stack.
    return true;
  }
}

/**
 * The element with no time after `latest`: a call that rings from a time far ahead would never stop to ring. The key keeps Meta's own
 * time, so that a redelivery is recognized. Times at which something expires may lie ahead.
 */
function notInTheFuture(element: Element, latest: number): Element {
  const { at, fact } = element;
  const clamped = (time: number | null) => (time === null ? null : Math.min(time, latest));
  const ended = fact?.kind === 'call.terminate' ? { ...fact, startTime: clamped(fact.startTime), endTime: clamped(fact.endTime) } : fact;
  return { ...element, at: clamped(at), fact: ended };
}

function toChange({ item, value, entry, ...source }: ChangeSource, receivedAt: number): WebhookChange {
  return {
    ...source,
    value: value ?? { unreadable: record(item)?.value ?? item },
    contacts: new Contacts(records(value?.contacts).slice(0, MAX_CONTACTS).map(readContact)),
    entryTime: unixTime(entry.time) ?? null,
    time: entry.time,
    receivedAt,
  };
}

function* readChange(change: WebhookChange): Generator<Element> {
  const account = readAccount(change) ?? readHandover(change);
  if (account) return yield* account;
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
