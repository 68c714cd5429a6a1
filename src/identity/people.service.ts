import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { type PersonAddress, readUser } from '#kernel/wa-id.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { PeopleStore } from './people.store.js';
import { addressesOf, type Identifiers, identify, mergedPerson, type Person, sameIdentifiers } from './person.js';

/** Moves the rows of one person to another, in the transaction that merges them. */
export type Merge = (tx: Tx, from: string, into: string) => Promise<void>;

/** Resolves identities: a person is the same under all their addresses. */
@Injectable()
export class PeopleService {
  readonly #merges: Merge[] = [];

  constructor(
    private readonly people: PeopleStore,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Registers how a module moves its rows when two people are merged. */
  onMerge(merge: Merge): void {
    this.#merges.push(merge);
  }

  /** The person with these identifiers, created when new. People that they prove to be the same are merged. Needs the number's lock. */
  async named(tx: Tx, identifiers: Identifiers, source: 'wire' | 'caller'): Promise<Person> {
    const addresses = addressesOf(identifiers);
    if (!addresses.length) throw new Error('identifiers without any address identify no person');
    return this.#resolve(tx, await this.people.byAddresses(tx, addresses), [], identifiers, source);
  }

  /** Adds the identifiers that Meta has for a person after a request of ours. Needs the number's lock. */
  async identified(tx: Tx, personId: string, identifiers: Identifiers): Promise<Person> {
    const found = await this.people.byAddresses(tx, addressesOf(identifiers));
    const isAmongThem = [...found.values()].some(({ id }) => id === personId);
    const known = isAmongThem ? [] : (await this.people.byIds(tx, [personId])).values();
    return this.#resolve(tx, found, [...known], identifiers, 'wire');
  }

  async #resolve(
    tx: Tx,
    found: ReadonlyMap<PersonAddress, Person>,
    others: readonly Person[],
    identifiers: Identifiers,
    source: 'wire' | 'caller',
  ): Promise<Person> {
    const who = identify([...found.values(), ...others]);
    // The known addresses belong to the person already, or move with the merged people.
    const addresses = addressesOf(identifiers).filter((address) => !found.has(address));
    if (who.kind === 'new') {
      const person = mergedPerson({ id: newId('usr'), createdAt: this.clock.now() }, [], identifiers, source);
      await this.people.insert(tx, person);
      await this.people.address(tx, addresses, person.id);
      return person;
    }
    const person = mergedPerson(who.person, who.others, identifiers, source);
    for (const other of who.others) {
      for (const merge of this.#merges) await merge(tx, other.id, person.id);
      await this.people.merge(tx, other.id, person.id);
    }
    if (!sameIdentifiers(person, who.person)) await this.people.update(tx, person);
    await this.people.address(tx, addresses, person.id);
    return person;
  }

  /** The person with a phone number or BSUID as an API client wrote it; undefined when none is known. */
  async find(written: string, reader: Reader = this.store.read): Promise<Person | undefined> {
    const user = readUser(written);
    return user && this.known(user, reader);
  }

  /** The person with these identifiers; undefined when none is known. Changes nothing, also when they prove two people to be one. */
  async known(identifiers: Identifiers, reader: Reader = this.store.read): Promise<Person | undefined> {
    const who = identify([...(await this.people.byAddresses(reader, addressesOf(identifiers))).values()]);
    return who.kind === 'known' ? who.person : undefined;
  }

  /** The people with these ids, by id. */
  byIds(ids: readonly string[], reader: Reader = this.store.read): Promise<Map<string, Person>> {
    return this.people.byIds(reader, ids);
  }

  /** Records that the user wrote or called: the 24-hour customer-service window counts from `at`, in ms since 1970. */
  heard(tx: Tx, phoneNumberId: string, personId: string, at: number): Promise<void> {
    return this.people.openWindow(tx, phoneNumberId, personId, at);
  }

  /** When the user last wrote or called, in ms since 1970. */
  lastInboundAt(phoneNumberId: string, personId: string, reader: Reader = this.store.read): Promise<number | null> {
    return this.people.lastInboundAt(reader, phoneNumberId, personId);
  }
}
