import type { Contact, Element } from '#dialog360/fact.js';
import type { Identifiers } from '#identity/person.js';
import { type JsonRecord, list, record } from '#kernel/read.js';
import { contactsOf } from './meta-contacts.js';

/** What the gateway knows beside an element. */
export interface AroundElement {
  /** The number for which the element was applied. */
  phoneNumberId: string;
  /** Bare digits; null while they are unknown. */
  displayPhoneNumber: string | null;
  wabaId: string | null;
  /** The user as the webhook names them, and as the gateway knows them. */
  contact: Contact | null;
  person: Identifiers | null;
  /** The caller's own `biz_opaque_callback_data`; null when the call has none, or the element is about none. */
  callbackData: string | null;
}

/** The members of an element in which it can stand alone. */
const MEMBERS = ['calls', 'statuses', 'messages'] as const;

/** Stands where Meta's webhook or registry names no account, as in Meta's own webhooks about restrictions. */
const NO_ACCOUNT = '0';

/**
 * One element of a webhook as Meta would post it alone, without SDP, which the outbox never holds. Members that the gateway does not know
 * stay as they came.
 */
export function metaBodyOf({ field, displayPhoneNumber, wabaId, source }: Element, around: AroundElement): JsonRecord {
  const { own = null, value = {}, time } = source ?? {};
  const display = displayPhoneNumber ?? around.displayPhoneNumber;
  const metadata = { ...(display && { display_phone_number: display }), ...record(value.metadata), phone_number_id: around.phoneNumberId };
  const content = own === null ? withoutPasswords(value) : { ...contactsIn(own, value, around), ...elementIn(own, around) };
  return {
    object: 'whatsapp_business_account',
    entry: [
      {
        id: wabaId ?? around.wabaId ?? NO_ACCOUNT,
        ...(time === undefined ? {} : { time }),
        changes: [{ field, value: { messaging_product: 'whatsapp', metadata, ...(content as JsonRecord) } }],
      },
    ],
  };
}

/** `errors` without an element are about the number: the contacts that stand beside them stay. */
function contactsIn(own: JsonRecord, value: JsonRecord, { contact, person }: AroundElement): JsonRecord {
  if (MEMBERS.some((member) => member in own)) return contactsOf(value, contact, person);
  return 'contacts' in value ? { contacts: value.contacts } : {};
}

function elementIn(own: JsonRecord, around: AroundElement): JsonRecord {
  const member = MEMBERS.find((name) => name in own);
  if (member === undefined) return own;
  const element = record(list(own[member])[0]) ?? {};
  return { ...own, [member]: [shown(element, around)] };
}

/** The gateway's own data, by which it finds its call again. */
const OURS = /^call_[0-9a-z]{26}$/i;

/** An element without SDP, also in the form that Meta has given up, and with the caller's own data in place of ours. */
function shown(element: JsonRecord, { callbackData }: AroundElement): JsonRecord {
  const { session: _, connection: __, biz_opaque_callback_data: received, ...rest } = element;
  const isOurs = typeof received === 'string' && OURS.test(received);
  const data = callbackData ?? (isOurs ? undefined : received);
  return { ...rest, ...(data === undefined ? {} : { biz_opaque_callback_data: data }) };
}

/** JSON without the passwords that Meta makes for SIP servers. */
function withoutPasswords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPasswords);
  const members = record(value);
  if (!members) return value;
  const kept = Object.entries(members).filter(([name]) => name !== 'sip_user_password');
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutPasswords(member)]));
}

/** The `wacid` of the call in a body; undefined when it is about none. */
export const wacidIn = (body: JsonRecord): string | undefined => {
  const { id } = callIn(body) ?? {};
  return typeof id === 'string' ? id : undefined;
};

/** The body with an SDP in its call. */
export function withSession(body: JsonRecord, session: object): JsonRecord {
  const [entry, change, call] = [entryIn(body), changeIn(body), callIn(body)];
  const value = { ...record(change?.value), calls: [{ ...call, session }] };
  return { ...body, entry: [{ ...entry, changes: [{ ...change, value }] }] };
}

const entryIn = (body: JsonRecord): JsonRecord | undefined => record(list(body.entry)[0]);
const changeIn = (body: JsonRecord): JsonRecord | undefined => record(list(entryIn(body)?.changes)[0]);
const callIn = (body: JsonRecord): JsonRecord | undefined => record(list(record(changeIn(body)?.value)?.calls)[0]);
