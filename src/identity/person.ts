import type { Contact } from '#dialog360/fact.js';
import { bsuidAddress, type PersonAddress, phoneAddress } from '#kernel/wa-id.js';

/**
 * One WhatsApp user, whatever the number of addresses Meta has equated: a phone number in every writing, a BSUID, a parent
 * BSUID. `waId` is what Meta last called the user, or what a caller typed while Meta has said nothing yet.
 */
export interface Person {
  id: string;
  waId: string | null;
  userId: string | null;
  parentUserId: string | null;
  username: string | null;
  name: string | null;
  createdAt: number;
}

/** What names a user to us: a webhook's contact, or the user as a caller wrote it. */
export type Naming = Partial<Contact>;

/** Every address that a naming holds; empty when it names nobody. */
export function addressesOf(naming: Naming): PersonAddress[] {
  const addresses: PersonAddress[] = [];
  if (naming.waId) addresses.push(phoneAddress(naming.waId));
  if (naming.userId) addresses.push(bsuidAddress(naming.userId));
  if (naming.parentUserId) addresses.push(bsuidAddress(naming.parentUserId));
  return addresses;
}

export type Identification =
  /** Nobody is known under any of these addresses. */
  | { kind: 'new' }
  /** One person; `absorbed` are others that this naming proves to be the same, youngest last. */
  | { kind: 'known'; person: Person; absorbed: Person[] };

/** Whom the people found under the naming's addresses turn out to be: the eldest stays, the others are absorbed. */
export function identify(found: readonly Person[]): Identification {
  const distinct = [...new Map(found.map((person) => [person.id, person])).values()];
  const [eldest, ...younger] = distinct.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return eldest ? { kind: 'known', person: eldest, absorbed: younger } : { kind: 'new' };
}

/** The person as known after a naming. What `told` leaves out stays; a caller's typing never replaces what Meta said. */
export function merged(person: Person, others: readonly Person[], told: Naming, source: 'wire' | 'caller'): Person {
  const pick = <K extends 'waId' | 'userId' | 'parentUserId' | 'username' | 'name'>(key: K): string | null => {
    const kept = [person, ...others].map((one) => one[key]).find((value) => value !== null) ?? null;
    return source === 'wire' ? (told[key] ?? kept) : (kept ?? told[key] ?? null);
  };
  return {
    ...person,
    waId: pick('waId'),
    userId: pick('userId'),
    parentUserId: pick('parentUserId'),
    username: pick('username'),
    name: pick('name'),
  };
}

export const sameNaming = (a: Person, b: Person): boolean =>
  a.waId === b.waId && a.userId === b.userId && a.parentUserId === b.parentUserId && a.username === b.username && a.name === b.name;
