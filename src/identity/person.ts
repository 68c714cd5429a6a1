import type { Contact } from '#dialog360/fact.js';
import { bsuidAddress, type PersonAddress, phoneAddress } from '#kernel/wa-id.js';

/**
 * One WhatsApp user of one business number with every address that Meta has equated: a phone number, a BSUID, a parent BSUID. `waId` is
 * the last one from Meta, or the number as an API client typed it while none came from Meta. Who talks to two numbers is two people.
 */
export interface Person {
  id: string;
  /** The business number that the person belongs to. */
  phoneNumberId: string;
  waId: string | null;
  userId: string | null;
  parentUserId: string | null;
  username: string | null;
  name: string | null;
  createdAt: number;
}

/** Names a person: the id counts only together with its number. */
export interface PersonKey {
  phoneNumberId: string;
  personId: string;
}

/** What identifies a user: the contact of a webhook, or the user as an API client wrote it. */
export type Identifiers = Partial<Contact>;

/** Every address in the identifiers; empty when there is none. */
export const addressesOf = ({ waId, userId, parentUserId }: Identifiers): PersonAddress[] => [
  ...(waId ? [phoneAddress(waId)] : []),
  ...[userId, parentUserId].flatMap((id) => (id ? bsuidAddress(id) : [])),
];

/** Whether a number has this address. */
export const isAddress = (address: PersonAddress, waId: string | null): boolean => waId !== null && phoneAddress(waId) === address;

export type Identification =
  /** No person is known under any of these addresses. */
  | { kind: 'new' }
  /** One person; `others` turn out to be the same person, the youngest last. */
  | { kind: 'known'; person: Person; others: Person[] };

/** Resolves the people found under the addresses to one: the eldest stays, the others are merged into it. */
export function identify(found: readonly Person[]): Identification {
  const distinct = [...new Map(found.map((person) => [person.id, person])).values()];
  const [eldest, ...younger] = distinct.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return eldest ? { kind: 'known', person: eldest, others: younger } : { kind: 'new' };
}

const IDENTIFIERS = ['waId', 'userId', 'parentUserId', 'username', 'name'] as const;

/** What is fixed when a person is created; every identifier may still be missing. */
type Begun = Pick<Person, 'id' | 'phoneNumberId' | 'createdAt'> & Partial<Person>;

/** The person with new identifiers. What they leave out stays; those of an API client never replace those of Meta. */
export function mergedPerson(person: Begun, others: readonly Person[], identifiers: Identifiers, source: 'wire' | 'caller'): Person {
  const merged = IDENTIFIERS.map((name) => {
    const kept = [person, ...others].map((one) => one[name]).find((value) => typeof value === 'string') ?? null;
    return [name, source === 'wire' ? (identifiers[name] ?? kept) : (kept ?? identifiers[name] ?? null)];
  });
  return { ...person, ...Object.fromEntries(merged) };
}

const UNKEPT = 'unkept:';

/** Somebody of whom no row is kept, to be shown: the id is that of their address, and no row has it. */
export function unkeptPerson(phoneNumberId: string, identifiers: Identifiers, now: number): Person {
  const id = `${UNKEPT}${addressesOf(identifiers).sort().join()}`;
  return mergedPerson({ id, phoneNumberId, createdAt: now }, [], identifiers, 'caller');
}

export const isKept = ({ id }: Pick<Person, 'id'>): boolean => !id.startsWith(UNKEPT);

export const sameIdentifiers = (a: Person, b: Person): boolean => IDENTIFIERS.every((name) => a[name] === b[name]);
