import { type Selectable, sql } from 'kysely';
import { snakeCase } from '#kernel/case.js';
import type { Held } from '#store/batch/batch.js';
import { type ColumnTypes, insertAll, replacing, type Write } from '#store/batch/batch-statement.js';
import type { Schema } from '#store/schema.js';
import type { Person } from './person.js';
import { wordWrites } from './words/person-words.store.js';

export type Address = Selectable<Schema['addresses']>;
type Window = Selectable<Schema['windows']>;

/** Of two holders in one second the business counts: asking the user takes nothing from the agent then. */
const THREAD_IS_NEWER = sql`excluded.thread_at is not null and (coalesce(windows.thread_at, -1) < excluded.thread_at
  or (windows.thread_at = excluded.thread_at and excluded.thread_holder = 'business'))`;

/** How a window takes what is known of it from elsewhere: the later of each. */
export const LATER_WINDOW = {
  last_inbound_at: sql<number>`case when windows.last_inbound_at < excluded.last_inbound_at then excluded.last_inbound_at else windows.last_inbound_at end`,
  thread_holder: sql<Window['thread_holder']>`case when ${THREAD_IS_NEWER} then excluded.thread_holder else windows.thread_holder end`,
  thread_at: sql<number | null>`case when ${THREAD_IS_NEWER} then excluded.thread_at else windows.thread_at end`,
};

const PEOPLE: ColumnTypes<Selectable<Schema['people']>> = {
  id: 'text',
  phone_number_id: 'text',
  wa_id: 'text',
  user_id: 'text',
  parent_user_id: 'text',
  username: 'text',
  name: 'text',
  created_at: 'bigint',
};
const ADDRESSES: ColumnTypes<Address> = { address: 'text', person_id: 'text', since: 'bigint', former_at: 'bigint' };
const WINDOWS: ColumnTypes<Window> = {
  phone_number_id: 'text',
  person_id: 'text',
  last_inbound_at: 'bigint',
  thread_holder: 'text',
  thread_at: 'bigint',
};
const WINDOW_CONFLICT = sql`on conflict (phone_number_id, person_id) do update set ${sql.join(
  Object.entries(LATER_WINDOW).map(([name, value]) => sql`${sql.ref(name)} = ${value}`),
)}`;

const PUT_PEOPLE = insertAll('people', PEOPLE, replacing(PEOPLE, ['id']));
const PUT_ADDRESSES = insertAll('addresses', ADDRESSES, replacing(ADDRESSES, ['address']));
const PUT_WINDOWS = insertAll('windows', WINDOWS, WINDOW_CONFLICT);

/** An address as it is stored, and the person who is found under it. */
export interface HeldRow {
  row: Address;
  person: Person;
}

/** The people, addresses and customer-service windows that a batch has read and changed. */
export class PeopleBatch implements Held {
  readonly #people = new Map<string, Person>();
  /** How each address is held that was looked up; null when nobody has it. */
  readonly #addresses = new Map<string, Address | null>();
  #changed = new Map<string, Person>();
  /** Those of the changed who are in the database already. */
  #known = new Set<string>();
  #held = new Map<string, Address>();
  #windows = new Map<string, Window>();

  /** Those of which the batch does not know whose they are. */
  unknown(addresses: readonly string[]): string[] {
    return addresses.filter((address) => !this.#addresses.has(address));
  }

  /** What the database has under these addresses. */
  learn(addresses: readonly string[], found: readonly HeldRow[]): void {
    for (const address of addresses) this.#addresses.set(address, null);
    for (const { row, person } of found) {
      this.#addresses.set(row.address, row);
      this.#people.set(person.id, person);
    }
  }

  at(addresses: readonly string[]): HeldRow[] {
    return addresses.flatMap((address) => {
      const row = this.#addresses.get(address);
      const person = row && this.#people.get(row.person_id);
      return row && person ? { row, person } : [];
    });
  }

  person(id: string): Person | undefined {
    return this.#people.get(id);
  }

  add(person: Person): void {
    this.#people.set(person.id, person);
    this.#changed.set(person.id, person);
  }

  put(person: Person): void {
    if (!this.#changed.has(person.id)) this.#known.add(person.id);
    this.add(person);
  }

  hold(row: Address): void {
    this.#addresses.set(row.address, row);
    this.#held.set(row.address, row);
  }

  note(window: Window): void {
    const key = `${window.phone_number_id} ${window.person_id}`;
    const before = this.#windows.get(key);
    this.#windows.set(key, before ? laterOf(before, window) : window);
  }

  takeWrites(): Write[] {
    const changed = [...this.#changed.values()];
    const words = wordWrites(changed, this.#known);
    const [addresses, windows] = [[...this.#held.values()], [...this.#windows.values()]];
    this.#changed = new Map();
    this.#known = new Set();
    this.#held = new Map();
    this.#windows = new Map();
    return [
      ...PUT_PEOPLE.of(changed.map((person) => snakeCase(person))),
      ...words,
      ...PUT_ADDRESSES.of(addresses),
      ...PUT_WINDOWS.of(windows),
    ];
  }

  forget(): void {
    this.#people.clear();
    this.#addresses.clear();
  }
}

/** As `LATER_WINDOW` in SQL. */
function laterOf(before: Window, after: Window): Window {
  const [former, later] = [before.thread_at ?? -1, after.thread_at ?? -1];
  const isNewer = after.thread_at !== null && (former < later || (former === later && after.thread_holder === 'business'));
  const thread = isNewer ? after : before;
  return {
    ...before,
    last_inbound_at: Math.max(before.last_inbound_at, after.last_inbound_at),
    thread_holder: thread.thread_holder,
    thread_at: thread.thread_at,
  };
}
