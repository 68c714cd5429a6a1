import { type PersonAddress, phoneAddress, phoneKey } from '#kernel/wa-id.js';
import { addressesOf, type Identifiers, type Person } from './person.js';

/** An address with its times, in ms since 1970. */
export interface HeldAddress {
  address: PersonAddress;
  /** When Meta first named the person under it; null while only API clients did. */
  since: number | null;
  /** When the person gave it up; null while it is theirs. */
  formerAt: number | null;
}

/** An address and the person who is found under it. */
export interface Holding extends HeldAddress {
  person: Person;
}

/** Meta names a person, or an API client does. */
export interface Mention {
  identifiers: Identifiers;
  /** Meta's time in ms; null for an API client. */
  at: number | null;
  /** Whether the user wrote or called, as opposed to something that Meta reports about them. */
  acts: boolean;
}

/** Who is named, and what follows for the addresses. */
export interface Resolution {
  /** The people who turn out to be one; none for a new person. */
  people: Person[];
  /** Addresses that the person has from now on. */
  taken: PersonAddress[];
  /** Addresses that the person had before they gave their number up. */
  former: Array<{ address: PersonAddress; formerAt: number }>;
  /** The person who had a number that is another's now. */
  loser: Person | null;
}

const LONG_AGO = Number.NEGATIVE_INFINITY;

/** Whether two sets of ids can belong to one person: no kind of id differs. */
export const areCompatible = (a: Identifiers, b: Identifiers): boolean =>
  sameOrUnknown(a.userId, b.userId) &&
  sameOrUnknown(a.parentUserId, b.parentUserId) &&
  sameOrUnknown(a.waId && phoneKey(a.waId), b.waId && phoneKey(b.waId));

export const sameOrUnknown = (a: string | null | undefined, b: string | null | undefined): boolean => !a || !b || a === b;

/**
 * Resolves a mention. Two people become one when Meta names an id of each together. A BSUID belongs to one person for ever, a number
 * does not: with another BSUID, or used after it was given up, it belongs to somebody else, to whom nothing of the former holder passes.
 */
export function resolveMention({ identifiers, at, acts }: Mention, found: ReadonlyMap<PersonAddress, Holding>): Resolution {
  const phone = identifiers.waId ? phoneAddress(identifiers.waId) : undefined;
  const ids = addressesOf({ ...identifiers, waId: null });
  const unknown = ids.filter((address) => !found.has(address));
  const named = sameUser(ids.flatMap((address) => found.get(address)?.person ?? []));
  const holding = phone && found.get(phone);
  const resolution = (people: Person[], rest: Partial<Resolution> = {}): Resolution => {
    return { people, taken: unknown, former: [], loser: null, ...rest };
  };
  if (!phone || !holding) return resolution(named, { taken: phone ? [phone, ...unknown] : unknown });
  const { person: holder, since, formerAt } = holding;
  const isLater = at !== null && at > (formerAt ?? since ?? LONG_AGO);
  const taken = [phone, ...unknown];
  if (named.some(({ id }) => id === holder.id)) {
    const underPresentId = ids.some((address) => found.get(address)?.formerAt === null);
    return resolution(named, underPresentId && formerAt !== null && at !== null && at >= formerAt ? { taken } : {});
  }
  if (!ids.length) return acts && formerAt !== null && isLater ? resolution([], { taken }) : resolution([holder]);
  if (formerAt !== null) {
    if (isLater) return resolution(named, { taken });
    return resolution([holder, ...named], { taken: [], former: unknown.map((address) => ({ address, formerAt })) });
  }
  if (!sameOrUnknown(holder.userId, identifiers.userId)) {
    return isLater ? resolution(named, { taken, loser: holder }) : resolution(named);
  }
  // A number that only an API client has used is whoever Meta says.
  const areOne = since === null || named.every((person) => areCompatible(person, holder));
  return areOne ? resolution([holder, ...named]) : resolution(named);
}

/** A BSUID and a parent BSUID that are named together are one user, unless their people have two BSUIDs. */
const sameUser = ([first, ...others]: Person[]): Person[] =>
  first ? [first, ...others.filter((other) => other.id !== first.id && sameOrUnknown(first.userId, other.userId))] : [];
