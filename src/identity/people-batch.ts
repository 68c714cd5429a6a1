import { type RawBuilder, sql } from 'kysely';
import { snakeCase } from '#kernel/case.js';
import type { PersonAddress } from '#kernel/wa-id.js';
import type { Held } from '#store/batch/batch.js';
import { type ColumnTypes, insertAll, replacing } from '#store/batch/unnested.js';
import type { Person } from './person.js';

interface Window {
  phone_number_id: string;
  person_id: string;
  last_inbound_at: number;
}

const PEOPLE = {
  id: 'text',
  wa_id: 'text',
  user_id: 'text',
  parent_user_id: 'text',
  username: 'text',
  name: 'text',
  created_at: 'bigint',
} as const;
const ADDRESSES = { address: 'text', person_id: 'text' } as const;
const WINDOWS: ColumnTypes<Window> = { phone_number_id: 'text', person_id: 'text', last_inbound_at: 'bigint' };

/** The people, addresses and customer-service windows that a batch has read and changed. */
export class PeopleBatch implements Held {
  readonly #people = new Map<string, Person>();
  /** The person of each address that was looked up; null when there is none. */
  readonly #owners = new Map<PersonAddress, string | null>();
  #changed = new Map<string, Person>();
  #addressed = new Map<PersonAddress, string>();
  #windows = new Map<string, Window>();

  /** Those of which the batch does not know whose they are. */
  unknown(addresses: readonly PersonAddress[]): PersonAddress[] {
    return addresses.filter((address) => !this.#owners.has(address));
  }

  /** What the database has under these addresses. */
  learn(addresses: readonly PersonAddress[], found: ReadonlyMap<PersonAddress, Person>): void {
    for (const address of addresses) {
      const person = found.get(address);
      this.#owners.set(address, person?.id ?? null);
      if (person) this.#people.set(person.id, person);
    }
  }

  at(addresses: readonly PersonAddress[]): Map<PersonAddress, Person> {
    const found = new Map<PersonAddress, Person>();
    for (const address of addresses) {
      const person = this.#people.get(this.#owners.get(address) ?? '');
      if (person) found.set(address, person);
    }
    return found;
  }

  person(id: string): Person | undefined {
    return this.#people.get(id);
  }

  put(person: Person): void {
    this.#people.set(person.id, person);
    this.#changed.set(person.id, person);
  }

  address(address: PersonAddress, personId: string): void {
    this.#owners.set(address, personId);
    this.#addressed.set(address, personId);
  }

  openWindow(window: Window): void {
    const key = `${window.phone_number_id} ${window.person_id}`;
    if ((this.#windows.get(key)?.last_inbound_at ?? 0) < window.last_inbound_at) this.#windows.set(key, window);
  }

  takeWrites(): RawBuilder<unknown>[] {
    const people = [...this.#changed.values()].map((person) => snakeCase(person));
    const addresses = [...this.#addressed].map(([address, person_id]) => ({ address, person_id }));
    const windows = [...this.#windows.values()];
    this.#changed = new Map();
    this.#addressed = new Map();
    this.#windows = new Map();
    const later = sql`on conflict (phone_number_id, person_id) do update set last_inbound_at = excluded.last_inbound_at
      where windows.last_inbound_at < excluded.last_inbound_at`;
    return [
      ...(people.length ? [insertAll('people', PEOPLE, people, replacing(PEOPLE, ['id']))] : []),
      ...(addresses.length ? [insertAll('addresses', ADDRESSES, addresses, replacing(ADDRESSES, ['address']))] : []),
      ...(windows.length ? [insertAll('windows', WINDOWS, windows, later)] : []),
    ];
  }

  forget(): void {
    this.#people.clear();
    this.#owners.clear();
  }
}
