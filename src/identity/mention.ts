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

/** Meta names a person to one of our numbers, or an API client does. */
export interface Mention {
  phoneNumberId: string;
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
export function resolveMention(mention: Mention, found: ReadonlyMap<PersonAddress, Holding>): Resolution {
  const { identifiers, at } = mention;
  const phone = identifiers.waId ? phoneAddress(identifiers.waId) : undefined;
  const ids = addressesOf({ ...identifiers, waId: null });
  const unknown = ids.filter((address) => !found.has(address));
  const named = sameUser(ids.flatMap((address) => found.get(address)?.person ?? []));
  const holding = phone && found.get(phone);
  const withoutNumber: Resolution = { people: named, taken: unknown, former: [], loser: null };
  if (!phone) return withoutNumber;
  const withNumber: Resolution = { ...withoutNumber, taken: [phone, ...unknown] };
  if (!holding) return withNumber;
  if (named.some(({ id }) => id === holding.person.id)) {
    const underPresentId = ids.some((address) => found.get(address)?.formerAt === null);
    return underPresentId && isBack(holding, at) ? withNumber : withoutNumber;
  }
  if (!ids.length) return mention.acts && isGivenUp(holding, at) ? withNumber : { ...withoutNumber, people: [holding.person] };
  return contested(mention, holding, { withNumber, withoutNumber, unknown });
}

/** A number that is known as one person's, named together with BSUIDs that are not. */
function contested(
  { identifiers, at }: Mention,
  holding: Holding,
  { withNumber, withoutNumber, unknown }: { withNumber: Resolution; withoutNumber: Resolution; unknown: PersonAddress[] },
): Resolution {
  const { person: holder, since, formerAt } = holding;
  const { people: named } = withoutNumber;
  if (formerAt !== null) {
    if (isGivenUp(holding, at)) return withNumber;
    const former = unknown.map((address) => ({ address, formerAt }));
    return { people: [holder, ...named], taken: [], former, loser: null };
  }
  if (!sameOrUnknown(holder.userId, identifiers.userId)) {
    return at !== null && at > (since ?? LONG_AGO) ? { ...withNumber, loser: holder } : withoutNumber;
  }
  // A number that only an API client has used is whoever Meta says.
  const areOne = since === null || named.every((person) => areCompatible(person, holder));
  return areOne ? { ...withoutNumber, people: [holder, ...named] } : withoutNumber;
}

/** Whether the holder had given the number up before. */
const isGivenUp = ({ formerAt }: Holding, at: number | null): boolean => formerAt !== null && at !== null && at > formerAt;

/** Whether the holder has the number again that was given up; within one second Meta's times do not say what came first. */
const isBack = ({ formerAt }: Holding, at: number | null): boolean => formerAt !== null && at !== null && at >= formerAt;

/** A BSUID and a parent BSUID that are named together are one user, unless their people have two BSUIDs. */
const sameUser = ([first, ...others]: Person[]): Person[] =>
  first ? [first, ...others.filter((other) => other.id !== first.id && sameOrUnknown(first.userId, other.userId))] : [];
