import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { type PersonAddress, readUser } from '#kernel/wa-id.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { PeopleStore } from './people.store.js';
import { addressesOf, identify, merged, type Naming, type Person, sameNaming } from './person.js';

/** Moves what a room keeps about one person to another, in the transaction that merges them. */
export type Absorb = (tx: Tx, from: string, into: string) => Promise<void>;

/** Who is who. Every room asks here, so that a person is one under all addresses. */
@Injectable()
export class PeopleService {
  readonly #absorbers: Absorb[] = [];

  constructor(
    private readonly people: PeopleStore,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Rooms that keep rows per person register how these move when two people turn out to be one. */
  onAbsorb(absorb: Absorb): void {
    this.#absorbers.push(absorb);
  }

  /** The person a naming means, made when new; people whom it proves to be one are merged. Call under the number's lock. */
  async named(tx: Tx, naming: Naming, source: 'wire' | 'caller'): Promise<Person> {
    const addresses = addressesOf(naming);
    if (!addresses.length) throw new Error('a naming without any address names nobody');
    return this.#settle(tx, await this.people.byAddresses(tx, addresses), [], naming, source);
  }

  /** Meta says under which addresses a person whom we addressed is known to it. Call under the number's lock. */
  async told(tx: Tx, personId: string, naming: Naming): Promise<Person> {
    const found = await this.people.byAddresses(tx, addressesOf(naming));
    const isAmongThem = [...found.values()].some(({ id }) => id === personId);
    const known = isAmongThem ? [] : (await this.people.byIds(tx, [personId])).values();
    return this.#settle(tx, found, [...known], naming, 'wire');
  }

  async #settle(
    tx: Tx,
    found: ReadonlyMap<PersonAddress, Person>,
    others: readonly Person[],
    naming: Naming,
    source: 'wire' | 'caller',
  ): Promise<Person> {
    const who = identify([...found.values(), ...others]);
    // Those that are known lead to the person already, or are moved with whom it absorbs.
    const addresses = addressesOf(naming).filter((address) => !found.has(address));
    if (who.kind === 'new') {
      const nobody = {
        id: newId('usr'),
        waId: null,
        userId: null,
        parentUserId: null,
        username: null,
        name: null,
        createdAt: this.clock.now(),
      };
      const person = merged(nobody, [], naming, source);
      await this.people.insert(tx, person);
      await this.people.address(tx, addresses, person.id);
      return person;
    }
    const person = merged(who.person, who.absorbed, naming, source);
    for (const other of who.absorbed) {
      for (const absorb of this.#absorbers) await absorb(tx, other.id, person.id);
      await this.people.absorb(tx, other.id, person.id);
    }
    if (!sameNaming(person, who.person)) await this.people.update(tx, person);
    await this.people.address(tx, addresses, person.id);
    return person;
  }

  /** The person behind a phone number or BSUID as a caller wrote it; undefined when nobody is known by it. */
  async find(written: string, reader: Reader = this.store.read): Promise<Person | undefined> {
    const user = readUser(written);
    if (!user) return undefined;
    const who = identify([...(await this.people.byAddresses(reader, addressesOf(user))).values()]);
    return who.kind === 'known' ? who.person : undefined;
  }

  byIds(ids: readonly string[], reader: Reader = this.store.read): Promise<Map<string, Person>> {
    return this.people.byIds(reader, ids);
  }

  /** The user wrote or called: the 24-hour customer-service window counts from `at`. */
  heard(tx: Tx, phoneNumberId: string, personId: string, at: number): Promise<void> {
    return this.people.openWindow(tx, phoneNumberId, personId, at);
  }

  lastInboundAt(phoneNumberId: string, personId: string, reader: Reader = this.store.read): Promise<number | null> {
    return this.people.lastInboundAt(reader, phoneNumberId, personId);
  }
}
