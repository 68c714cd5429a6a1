import type { Contact, Element, ElementSource, WebhookFact, WireError } from '#dialog360/fact.js';
import { HOUR, SECOND } from '#kernel/clock.js';
import { errorNumber, idText, type JsonRecord, list, record, records, text, unixTime } from '#kernel/read.js';
import { sha256 } from '#kernel/secret.js';
import { phoneDigits, phoneKey, readUserId, type UserIds } from '#kernel/wa-id.js';

/** One `entry[].changes[]`, with what its envelope says about the number it is for. */
export interface WebhookChange {
  /** As Meta names it, in lower case; empty when there was none. */
  field: string;
  /** Empty when Meta sent something that is no object. */
  value: JsonRecord;
  phoneNumberId: string | null;
  displayPhoneNumber: string | null;
  wabaId: string | null;
  /** `value.contacts[]`. */
  contacts: Contacts;
  /** `entry[].time`: the only time that account webhooks carry; null when absent. */
  entryTime: number | null;
  /** The same as it came. */
  time: unknown;
  /** When the delivery arrived, in ms since 1970. */
  receivedAt: number;
}

/** The contacts of a change, found by their ids without a search: a delivery may hold thousands of elements and of contacts. */
export class Contacts {
  readonly #byPhone = new Map<string, Contact>();
  readonly #byUserId = new Map<string, Contact>();
  /** The contact, when the change has exactly one. */
  readonly only: Contact | undefined;

  constructor(contacts: readonly Contact[]) {
    this.only = contacts.length === 1 ? contacts[0] : undefined;
    // The first of several contacts with one id is the one that is found.
    for (const contact of [...contacts].reverse()) {
      if (contact.waId !== null) this.#byPhone.set(phoneKey(contact.waId), contact);
      for (const id of [contact.userId, contact.parentUserId]) if (id !== null) this.#byUserId.set(id, contact);
    }
  }

  /** The contact that shares one of the ids; a shared phone counts before a shared user id. */
  find({ waId, userId, parentUserId }: UserIds): Contact | undefined {
    const byPhone = waId === null ? undefined : this.#byPhone.get(phoneKey(waId));
    return byPhone ?? this.#byUserId.get(userId ?? '') ?? this.#byUserId.get(parentUserId ?? '');
  }
}

/** What distinguishes one element of a change from every other. */
export interface ElementIdentity {
  /** The `wacid`, the `wamid` or, for what has no id, a digest of its content. */
  id: string;
  /** The event or the status; calls and their statuses share ids and whole seconds, so it must name its kind too. */
  event: string;
  at: number | null;
}

/**
 * An element with a key that depends on the element alone, so that a redelivery in another batch has the same.
 * @param own the members of the change's value that are this element; none when it is the whole of it
 */
export function elementOf(
  change: WebhookChange,
  { id, event, at }: ElementIdentity,
  fact: WebhookFact | null,
  own: ElementSource['own'] = null,
): Element {
  const { field, phoneNumberId, displayPhoneNumber, wabaId } = change;
  const parts = [phoneNumberId ?? displayPhoneNumber ?? '', field, id, event, at];
  return {
    field,
    phoneNumberId,
    displayPhoneNumber,
    wabaId,
    at,
    key: `${timeOrdered(at)}${sha256(JSON.stringify(parts)).slice(0, 32)}`,
    fact,
    ...(fact === null ? {} : { source: { own, value: change.value, time: change.time } }),
  };
}

const LATEST = 0xff_ffff_ffff;

/** The time as the beginning of a key, so that new keys stand side by side in their index, however many there are. */
const timeOrdered = (at: number | null): string =>
  Math.min(LATEST, Math.max(0, Math.trunc((at ?? 0) / SECOND)))
    .toString(16)
    .padStart(12, '0');

/**
 * Tells elements apart that carry no time at all: the same words an hour later are a new report, and a redelivery within the hour is
 * none.
 */
export const timeless = ({ receivedAt }: WebhookChange, at: number | null): string =>
  at === null ? `:${Math.floor(receivedAt / HOUR)}` : '';

/** An element without a fact: stored, counted and deduplicated like any other. */
export function unknownElement(change: WebhookChange, content: unknown, event = 'unknown'): Element {
  const at = unixTime(record(content)?.timestamp) ?? change.entryTime;
  return elementOf(change, { id: idText(record(content)?.id) ?? digest(content), event: `${event}:${digest(content)}`, at }, null);
}

export const digest = (content: unknown): string => sha256(JSON.stringify(content) ?? '');

/** Digits when it is a phone number in any writing, else as it came. */
export const displayNumber = (value: unknown): string | null => {
  const written = text(value);
  return written === undefined ? null : (phoneDigits(written) ?? written);
};

const samePhone = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && phoneKey(one) === phoneKey(other);

/** Whether a `from` or `to` is the business itself, by its display number; false when that is not known. */
export const isBusiness = (change: WebhookChange, id: string | null): boolean => samePhone(change.displayPhoneNumber, id);

/** Members that may name one user, each of which should hold one kind of id. */
export interface UserMembers {
  phone: unknown;
  user?: unknown;
  parent?: unknown;
}

const NOBODY: UserIds = { waId: null, userId: null, parentUserId: null };

/**
 * The ids of one user. The form of an id decides what it is, wherever it stands: with a hidden number the BSUID stands in members made
 * for numbers. An id in the member of its own kind counts before one elsewhere. A user id of an unknown form is one all the same.
 */
export function readUserIds({ phone, user, parent }: UserMembers): UserIds {
  const ids = { ...NOBODY };
  const misplaced: Array<[keyof UserIds, string]> = [];
  for (const [member, value] of [
    ['waId', phone],
    ['userId', user],
    ['parentUserId', parent],
  ] as const) {
    const written = idText(value)?.trim();
    if (!written) continue;
    const read = readUserId(written) ?? (member === 'waId' ? undefined : { kind: member, id: written });
    if (!read) continue;
    const { kind, id } = read;
    if (kind === member) ids[kind] = id;
    else misplaced.push([kind, id]);
  }
  for (const [kind, id] of misplaced) ids[kind] ??= id;
  return ids;
}

export const isNobody = ({ waId, userId, parentUserId }: UserIds): boolean => waId === null && userId === null && parentUserId === null;

/** The ids of a user in members such as `recipient_id`, `recipient_user_id` and `recipient_parent_user_id`. */
export const userIdsIn = (source: JsonRecord, side: 'from' | 'to' | 'recipient'): UserIds =>
  readUserIds({
    phone: source[side === 'recipient' ? 'recipient_id' : side],
    user: source[`${side}_user_id`],
    parent: source[`${side}_parent_user_id`],
  });

/**
 * The user of one element: its own ids completed by the entry of `contacts` that shares one of them. The only contact of a change
 * completes an element that names nobody, and one that is `alone` in the change and names the user by another kind of id. Where both
 * have an id of one kind and these differ, they are two people. Null when no user is named at all.
 */
export function userContactOf({ contacts }: WebhookChange, ids: UserIds, alone: boolean): Contact | null {
  const match = contacts.find(ids) ?? (isNobody(ids) || (alone && complements(contacts.only, ids)) ? contacts.only : undefined);
  const sameNumber = ids.waId === null || samePhone(match?.waId ?? null, ids.waId);
  const contact: Contact = {
    waId: (sameNumber ? match?.waId : undefined) ?? ids.waId,
    userId: ids.userId ?? match?.userId ?? null,
    parentUserId: ids.parentUserId ?? match?.parentUserId ?? null,
    username: match?.username ?? null,
    name: match?.name ?? null,
  };
  return isNobody(contact) ? null : contact;
}

const complements = (contact: Contact | undefined, ids: UserIds): boolean =>
  contact !== undefined && (['waId', 'userId', 'parentUserId'] as const).every((kind) => contact[kind] === null || ids[kind] === null);

/** An entry of `contacts[]`, of a webhook or of the answer to a message. */
export function readContact(contact: JsonRecord): Contact {
  const profile = record(contact.profile);
  return {
    ...readUserIds({ phone: contact.wa_id, user: contact.user_id, parent: contact.parent_user_id }),
    username: text(profile?.username) ?? text(contact.username) ?? null,
    name: text(profile?.name) ?? null,
  };
}

/** Meta sends one or two errors; every call that failed carries a copy of those beside it. */
const MAX_ERRORS = 20;

/** The first entries of an `errors[]` array. */
export const readErrors = (errors: unknown): WireError[] =>
  records(list(errors).slice(0, MAX_ERRORS)).map((error) => ({
    code: errorNumber(error.code) ?? null,
    message: text(error.message) ?? text(error.title) ?? null,
    details: text(record(error.error_data)?.details) ?? text(error.error_data) ?? text(error.details) ?? null,
  }));
