import type { Contact } from '#dialog360/fact.js';
import { readContact } from '#dialog360/webhook/change.js';
import type { Identifiers } from '#identity/person.js';
import { type JsonRecord, record, records } from '#kernel/read.js';
import { phoneKey } from '#kernel/wa-id.js';

/** A delivery has at most 1,000 updates. */
const MAX_CONTACTS = 1_000;

/** The entries of `contacts` of one change as they came, found by their ids without a search. */
class ReceivedContacts {
  readonly #byId = new Map<string, JsonRecord>();

  constructor(contacts: unknown) {
    for (const contact of records(contacts).slice(0, MAX_CONTACTS).reverse())
      for (const key of keysOf(readContact(contact))) this.#byId.set(key, contact);
  }

  find(ids: Identifiers): JsonRecord | undefined {
    return keysOf(ids)
      .map((key) => this.#byId.get(key))
      .find((found) => found !== undefined);
  }
}

/** The contacts of each change are read once, however many elements it has. */
const readings = new WeakMap<JsonRecord, ReceivedContacts>();

/**
 * `contacts` of one element: the entry of its user as it came, completed by what is known of them. Meta leaves it out of statuses and some
 * terminates, and software that is written for Meta looks for the user there.
 * @param value the `value` that holds the element
 * @param known the person; null while the user is unknown
 * @returns nothing when neither says who the user is
 */
export function contactsOf(value: JsonRecord, named: Contact | null, known: Identifiers | null): { contacts?: JsonRecord[] } {
  const ids = completed(named, known);
  if (keysOf(ids).length === 0) return {};
  const reading = readings.get(value) ?? new ReceivedContacts(value.contacts);
  readings.set(value, reading);
  const received = reading.find(ids);
  const profile = { name: ids.name ?? null, ...(ids.username && { username: ids.username }), ...record(received?.profile) };
  const { waId, userId, parentUserId } = ids;
  return {
    contacts: [
      {
        ...(waId && { wa_id: waId }),
        ...(userId && { user_id: userId }),
        ...(parentUserId && { parent_user_id: parentUserId }),
        ...received,
        profile,
      },
    ],
  };
}

/** The webhook goes before what was known. */
const completed = (named: Contact | null, known: Identifiers | null): Contact => ({
  waId: named?.waId ?? known?.waId ?? null,
  userId: named?.userId ?? known?.userId ?? null,
  parentUserId: named?.parentUserId ?? known?.parentUserId ?? null,
  username: named?.username ?? known?.username ?? null,
  name: named?.name ?? known?.name ?? null,
});

const keysOf = ({ waId, userId, parentUserId }: Identifiers): string[] => [
  ...(waId ? [phoneKey(waId)] : []),
  ...[userId, parentUserId].flatMap((id) => id ?? []),
];
