import { Injectable } from '@nestjs/common';
import type { ThreadHolder } from '#dialog360/fact.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { type PersonAddress, readUser } from '#kernel/wa-id.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { addressesAfter, type IdentityChange, presentIds, resolveChange } from './identity-change.js';
import { areCompatible, type HeldAddress, type Holding, type Mention, type Resolution, resolveMention, sameOrUnknown } from './mention.js';
import { type LastContact, PeopleStore } from './people.store.js';
import {
  addressesOf,
  type Identifiers,
  identify,
  isAddress,
  mergedPerson,
  type Person,
  type PersonKey,
  sameIdentifiers,
} from './person.js';

/** Moves the rows of one person to another, in the transaction that merges them. */
export type Merge = (tx: Tx, from: string, into: string) => Promise<void>;

/** What a module does when a person is reached under other ids from now on, in the transaction of the change. */
export type AddressChanged = (tx: Tx, personId: string) => Promise<void>;

/** When Meta names somebody: its time in ms since 1970. */
interface Said {
  at: number;
}

/**
 * Resolves identities: a person is the same under all their addresses. People belong to one business number: none is found through
 * another, whatever the two numbers know of the same user.
 */
@Injectable()
export class PeopleService {
  readonly #merges: Merge[] = [];
  readonly #addressChanged: AddressChanged[] = [];

  constructor(
    private readonly people: PeopleStore,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Registers how a module moves its rows when two people are merged. */
  onMerge(merge: Merge): void {
    this.#merges.push(merge);
  }

  /** Registers what a module does when the ids of a person change. */
  onAddressChanged(handler: AddressChanged): void {
    this.#addressChanged.push(handler);
  }

  /**
   * The person with these identifiers at a number, created when new. People that they prove to be the same are merged. Needs the number's lock.
   * @param said for a webhook; `acts` when the user wrote or called
   */
  async named(
    tx: Tx,
    phoneNumberId: string,
    identifiers: Identifiers,
    source: 'wire' | 'caller',
    said?: Said & { acts?: boolean },
  ): Promise<Person> {
    const addresses = addressesOf(identifiers);
    if (!addresses.length) throw new Error('identifiers without any address identify no person');
    const found = await this.people.byAddresses(tx, phoneNumberId, addresses);
    const mention = { phoneNumberId, identifiers, at: said?.at ?? null, acts: said?.acts === true };
    return this.#apply(tx, mention, source, found, resolveMention(mention, found));
  }

  /** Reads at once the people of numbers whom a batch of facts names; the contact is null in facts that name no user. @returns those that are known */
  async readAhead(tx: Tx, named: readonly { phoneNumberId: string; contact: Identifiers | null }[]): Promise<PersonKey[]> {
    const addresses = new Map<string, PersonAddress[]>();
    for (const { phoneNumberId, contact } of named) {
      if (contact) addresses.set(phoneNumberId, [...(addresses.get(phoneNumberId) ?? []), ...addressesOf(contact)]);
    }
    return addresses.size > 0 ? this.people.readAhead(tx, addresses) : [];
  }

  /**
   * Adds the identifiers that Meta has for a person. Those of somebody else change nothing. Needs the number's lock.
   * @param said `equates` for an answer to a request of ours to this person: its number is theirs, also when it differs
   */
  async identified(tx: Tx, key: PersonKey, identifiers: Identifiers, said?: Said & { equates?: boolean }): Promise<Person> {
    const { phoneNumberId, personId } = key;
    const found = await this.people.byAddresses(tx, phoneNumberId, addressesOf(identifiers));
    const mention = { phoneNumberId, identifiers, at: said?.at ?? null, acts: false };
    const resolution = resolveMention(mention, found);
    const { people } = resolution;
    if (people.some(({ id }) => id === personId)) return this.#apply(tx, mention, 'wire', found, resolution);
    const known = (await this.people.byKeys(tx, [key])).get(personId);
    if (!known) return this.#apply(tx, mention, 'wire', found, resolution);
    const all = [identifiers, ...people];
    const fits = all.every((ids) => areCompatible(known, ids));
    const fitsButNumber = fits || all.every(({ userId }) => sameOrUnknown(known.userId, userId));
    const equates = fits || (fitsButNumber && (said?.equates === true || (found.size === 0 && (await this.#isTyped(tx, known)))));
    if (!equates || resolution.loser) return known;
    return this.#apply(tx, mention, 'wire', found, { ...resolution, people: [known, ...people] });
  }

  /** Whether only API clients have used the number of a person: Meta may know it in another writing. */
  async #isTyped(tx: Tx, { id, phoneNumberId, waId }: Person): Promise<boolean> {
    const holdings = await this.people.holdingsOf(tx, phoneNumberId, [id]);
    return holdings.some(({ address, since }) => since === null && isAddress(address, waId));
  }

  /** One person goes on under other ids: whoever is known under any of them. Needs the number's lock. */
  async changed(tx: Tx, phoneNumberId: string, change: IdentityChange): Promise<Person> {
    const { former, present } = change;
    const found = await this.people.byAddresses(tx, phoneNumberId, [...addressesOf(former), ...addressesOf(present)]);
    const { people, takes, loser } = resolveChange(change, found);
    const holdings = people.length
      ? await this.people.holdingsOf(
          tx,
          phoneNumberId,
          people.map(({ id }) => id),
        )
      : [];
    const held = addressesAfter(change, takes, holdings, found);
    const ids = presentIds([present, ...people], held);
    const { username, name } = present;
    const names = { username: username ?? null, name: name ?? null };
    const person = await this.#join(tx, people, { phoneNumberId, identifiers: names }, 'wire', ids);
    for (const address of held) await this.people.hold(tx, person, address);
    await this.#bereave(tx, loser, takes);
    for (const handler of this.#addressChanged) await handler(tx, person.id);
    return person;
  }

  async #apply(
    tx: Tx,
    mention: Mention,
    source: 'wire' | 'caller',
    found: ReadonlyMap<PersonAddress, Holding>,
    { people, taken, former, loser }: Resolution,
  ): Promise<Person> {
    const ids = new Set(people.map(({ id }) => id));
    const isTheirs = (address: PersonAddress): boolean => {
      const holding = found.get(address);
      return taken.includes(address) || (holding?.formerAt === null && ids.has(holding.person.id));
    };
    const person = await this.#join(tx, people, { ...mention, identifiers: theirsOf(mention.identifiers, isTheirs) }, source);
    const since = source === 'wire' ? mention.at : null;
    const held: HeldAddress[] = [
      ...taken.map((address) => ({ address, since, formerAt: null })),
      ...former.map(({ address, formerAt }) => ({ address, since: null, formerAt })),
      // The first webhook about an address that an API client has used.
      ...[...found.values()].filter(
        (one) => since !== null && one.since === null && one.formerAt === null && ids.has(one.person.id) && !taken.includes(one.address),
      ),
    ].map((one) => ({ ...one, since: one.since ?? (one.formerAt === null ? since : null) }));
    for (const address of held) await this.people.hold(tx, person, address);
    await this.#bereave(tx, loser, taken.find((address) => found.get(address)?.person.id === loser?.id) ?? null);
    return person;
  }

  /** One person of several, or a new one. */
  async #join(
    tx: Tx,
    people: readonly Person[],
    { phoneNumberId, identifiers }: Pick<Mention, 'phoneNumberId' | 'identifiers'>,
    source: 'wire' | 'caller',
    ids: Partial<Person> = {},
  ): Promise<Person> {
    const who = identify(people);
    if (who.kind === 'new') {
      const person = { ...mergedPerson({ id: newId('usr'), phoneNumberId, createdAt: this.clock.now() }, [], identifiers, source), ...ids };
      await this.people.insert(tx, person);
      return person;
    }
    const person = { ...mergedPerson(who.person, who.others, identifiers, source), ...ids };
    for (const other of who.others) {
      for (const merge of this.#merges) await merge(tx, other.id, person.id);
      await this.people.merge(tx, other.id, person.id);
    }
    if (!sameIdentifiers(person, who.person)) await this.people.update(tx, person);
    return person;
  }

  /** Takes a number from a person: it is another's now. */
  async #bereave(tx: Tx, loser: Person | null, address: PersonAddress | null): Promise<void> {
    if (!loser) return;
    if (address && isAddress(address, loser.waId)) await this.people.update(tx, { ...loser, waId: null });
    for (const handler of this.#addressChanged) await handler(tx, loser.id);
  }

  /** The person of a number with a phone number or BSUID as an API client wrote it; undefined when none is known. */
  async find(phoneNumberId: string, written: string, reader: Reader = this.store.read): Promise<Person | undefined> {
    const user = readUser(written);
    return user && this.known(phoneNumberId, user, reader);
  }

  /** As `find`, of each of these numbers at once, in their order: the user is another person at each. */
  async findAtEach(numbers: readonly string[], written: string, reader: Reader = this.store.read): Promise<Person[]> {
    const user = readUser(written);
    const found = user ? await this.people.atEach(reader, numbers, addressesOf(user)) : new Map<string, Person[]>();
    return numbers.flatMap((id) => {
      const who = identify(found.get(id) ?? []);
      return who.kind === 'known' ? [who.person] : [];
    });
  }

  /** The person of a number with these identifiers; undefined when none is known. Changes nothing, also when they prove two people to be one. */
  async known(phoneNumberId: string, identifiers: Identifiers, reader: Reader = this.store.read): Promise<Person | undefined> {
    const holdings = await this.people.byAddresses(reader, phoneNumberId, addressesOf(identifiers));
    const who = identify([...holdings.values()].map(({ person }) => person));
    return who.kind === 'known' ? who.person : undefined;
  }

  /** The people with these ids, by id; the id of a person of another number is unknown. */
  byKeys(keys: readonly PersonKey[], reader: Reader = this.store.read): Promise<Map<string, Person>> {
    return this.people.byKeys(reader, keys);
  }

  /** Every address under which a person was ever known. */
  async addressesOf({ id, phoneNumberId }: Person, reader: Reader = this.store.read): Promise<PersonAddress[]> {
    return (await this.people.holdingsOf(reader, phoneNumberId, [id])).map(({ address }) => address);
  }

  /**
   * Records that the user wrote or called: the 24-hour customer-service window counts from `at`, in ms since 1970. `holder` is who
   * held the thread then; null for a call, which shows nothing of it.
   */
  heard(tx: Tx, phoneNumberId: string, personId: string, at: number, holder: ThreadHolder | null = null): Promise<void> {
    return this.people.note(tx, phoneNumberId, personId, { lastInboundAt: at, thread: holder && { holder, at } });
  }

  /** Records who holds the thread with the user since `at`, in ms since 1970. Opens no window. */
  threadPassed(tx: Tx, phoneNumberId: string, personId: string, holder: ThreadHolder, at: number): Promise<void> {
    return this.people.note(tx, phoneNumberId, personId, { lastInboundAt: null, thread: { holder, at } });
  }

  /** When the user last wrote or called, and who holds the thread. */
  lastContact(phoneNumberId: string, personId: string, reader: Reader = this.store.read): Promise<LastContact> {
    return this.people.lastContact(reader, phoneNumberId, personId);
  }

  /** How many threads of a number the Meta Business Agent holds, and since when the latest, in ms since 1970. */
  agentThreads(phoneNumberId: string): Promise<{ threads: number; lastAt: number | null }> {
    return this.people.agentThreads(this.store.read, phoneNumberId);
  }
}

/** The identifiers without the ids that are not this person's. */
const theirsOf = (identifiers: Identifiers, isTheirs: (address: PersonAddress) => boolean): Identifiers => {
  const keep = (kind: 'waId' | 'userId' | 'parentUserId'): string | null => {
    const [address] = addressesOf({ [kind]: identifiers[kind] });
    return address && isTheirs(address) ? (identifiers[kind] ?? null) : null;
  };
  return { ...identifiers, waId: keep('waId'), userId: keep('userId'), parentUserId: keep('parentUserId') };
};
