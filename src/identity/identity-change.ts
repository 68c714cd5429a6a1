import { bsuidAddress, type PersonAddress, phoneAddress } from '#kernel/wa-id.js';
import { type HeldAddress, type Holding, sameOrUnknown } from './mention.js';
import { addressesOf, type Identifiers, type Person } from './person.js';

/** One person goes on under other ids. */
export interface IdentityChange {
  former: Identifiers;
  /** What the person has from then on; an id that is missing is void. */
  present: Identifiers;
  /** Meta's time in ms since 1970. */
  at: number;
}

/** Whom a change concerns. */
export interface ChangedPeople {
  /** The people who turn out to be one; none when nobody is known under any of the ids. */
  people: Person[];
  /** The new number, when it is the person's. */
  takes: PersonAddress | null;
  /** Who had the new number before. */
  loser: Person | null;
}

const LONG_AGO = Number.NEGATIVE_INFINITY;

/**
 * Finds whom a change concerns, whatever arrived before it. BSUIDs decide. A former number counts for the person who had it then, and the
 * new number may have belonged to somebody else before.
 */
export function resolveChange({ former, present, at }: IdentityChange, found: ReadonlyMap<PersonAddress, Holding>): ChangedPeople {
  const people = new Map<string, Person>();
  const holdersOf = (ids: Identifiers): Person[] =>
    addressesOf({ ...ids, waId: null }).flatMap((address) => found.get(address)?.person ?? []);
  const underNewIds = holdersOf(present);
  for (const person of [...holdersOf(former), ...underNewIds]) people.set(person.id, person);
  const old = former.waId ? found.get(phoneAddress(former.waId)) : undefined;
  if (old && hadThen(old, at) && sameOrUnknown(old.person.userId, former.userId)) people.set(old.person.id, old.person);
  const takes = present.waId ? phoneAddress(present.waId) : null;
  const holding = takes ? found.get(takes) : undefined;
  if (!holding || people.has(holding.person.id)) return { people: [...people.values()], takes, loser: null };
  const { person, since } = holding;
  const cameAfter = (since ?? Number.POSITIVE_INFINITY) >= at;
  if (cameAfter && !underNewIds.length && sameOrUnknown(person.userId, present.userId)) {
    return { people: [...people.values(), person], takes, loser: null };
  }
  const hadItBefore = (since ?? LONG_AGO) <= at;
  return { people: [...people.values()], takes: hadItBefore ? takes : null, loser: hadItBefore ? person : null };
}

const hadThen = ({ since, formerAt }: Holding, at: number): boolean => (since ?? LONG_AGO) <= at && (formerAt ?? at) >= at;

/**
 * The addresses of the person after a change; changes may arrive in any order. `holdings` are those of all people that became one.
 * What the change names as former or leaves out is given up, unless the person took it later.
 */
export function addressesAfter(
  { former, present, at }: IdentityChange,
  takes: PersonAddress | null,
  holdings: readonly Holding[],
  found: ReadonlyMap<PersonAddress, Holding>,
): HeldAddress[] {
  const newIds = [...(takes ? [takes] : []), ...addressesOf({ ...present, waId: null })];
  const oldIds = addressesOf(former).filter((address) => !newIds.includes(address));
  const known = new Map(holdings.map((holding) => [holding.address, holding]));
  const knownUnder = (addresses: readonly PersonAddress[]) => new Set(addresses.map((address) => known.get(address)?.person.id));
  const [before, after] = [knownUnder(oldIds), knownUnder(newIds)];
  const kept = holdings
    .filter(({ address }) => !newIds.includes(address))
    .map(({ address, since, formerAt, person }): HeldAddress => {
      // Who was known under a new id alone may have got this address together with it.
      const isOfTheNew = after.has(person.id) && !before.has(person.id);
      const isOlder = (since ?? LONG_AGO) < at || (since === at && !isOfTheNew);
      const isNamed = oldIds.includes(address) && (since ?? LONG_AGO) <= at;
      return { address, since, formerAt: formerAt ?? (isOlder || isNamed ? at : null) };
    });
  const unheld = oldIds.filter((address) => !known.has(address) && !found.has(address));
  return [
    ...kept,
    ...unheld.map((address) => ({ address, since: null, formerAt: at })),
    ...newIds.map((address): HeldAddress => {
      const { since = null, formerAt = null } = known.get(address) ?? {};
      const wasGivenUpLater = formerAt !== null && formerAt >= at;
      return { address, since: Math.max(since ?? at, at), formerAt: wasGivenUpLater ? formerAt : null };
    }),
  ];
}

/** The ids by which the person is reached: of those that are still theirs the latest of each kind. */
export function presentIds(
  candidates: readonly Identifiers[],
  held: readonly HeldAddress[],
): Pick<Person, 'waId' | 'userId' | 'parentUserId'> {
  const theirs = new Map(held.filter(({ formerAt }) => formerAt === null).map(({ address, since }) => [address, since ?? LONG_AGO]));
  const latest = (kind: 'waId' | 'userId' | 'parentUserId'): string | null =>
    candidates
      .flatMap((ids) => {
        const id = ids[kind];
        const since = id ? theirs.get(kind === 'waId' ? phoneAddress(id) : bsuidAddress(id)) : undefined;
        return id && since !== undefined ? [{ id, since }] : [];
      })
      .reduce<{ id: string; since: number } | null>((best, one) => (best && best.since >= one.since ? best : one), null)?.id ?? null;
  return { waId: latest('waId'), userId: latest('userId'), parentUserId: latest('parentUserId') };
}
