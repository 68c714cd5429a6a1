import { type RawBuilder, type Selectable, sql } from 'kysely';
import { snakeCase } from '#kernel/case.js';
import type { PersonAddress } from '#kernel/wa-id.js';
import type { Held } from '#store/batch/batch.js';
import { type ColumnTypes, insertAll, replacing } from '#store/batch/unnested.js';
import type { Schema } from '#store/schema.js';
import type { HeldAddress, Holding } from './mention.js';
import type { Person } from './person.js';

type Address = Selectable<Schema['addresses']>;
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

/** The people, addresses and customer-service windows that a batch has read and changed. */
export class PeopleBatch implements Held {
  readonly #people = new Map<string, Person>();
  /** How each address is held that was looked up; null when nobody has it. */
  readonly #addresses = new Map<string, Address | null>();
  #changed = new Map<string, Person>();
  #held = new Map<string, Address>();
  #windows = new Map<string, Window>();

  /** Those of which the batch does not know whose they are. */
  unknown(addresses: readonly PersonAddress[]): PersonAddress[] {
    return addresses.filter((address) => !this.#addresses.has(address));
  }

  /** What the database has under these addresses. */
  learn(addresses: readonly PersonAddress[], found: ReadonlyMap<PersonAddress, Holding>): void {
    for (const address of addresses) {
      const holding = found.get(address);
      this.#addresses.set(address, holding ? toRow(holding.person.id, holding) : null);
      if (holding) this.#people.set(holding.person.id, holding.person);
    }
  }

  at(addresses: readonly PersonAddress[]): Map<PersonAddress, Holding> {
    const found = new Map<PersonAddress, Holding>();
    for (const address of addresses) {
      const row = this.#addresses.get(address);
      const person = row && this.#people.get(row.person_id);
      if (row && person) found.set(address, { address, since: row.since, formerAt: row.former_at, person });
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

  hold(personId: string, held: HeldAddress): void {
    const row = toRow(personId, held);
    this.#addresses.set(row.address, row);
    this.#held.set(row.address, row);
  }

  note(window: Window): void {
    const key = `${window.phone_number_id} ${window.person_id}`;
    const before = this.#windows.get(key);
    this.#windows.set(key, before ? laterOf(before, window) : window);
  }

  takeWrites(): RawBuilder<unknown>[] {
    const people = [...this.#changed.values()].map((person) => snakeCase(person));
    const [addresses, windows] = [[...this.#held.values()], [...this.#windows.values()]];
    this.#changed = new Map();
    this.#held = new Map();
    this.#windows = new Map();
    return [
      ...(people.length ? [insertAll('people', PEOPLE, people, replacing(PEOPLE, ['id']))] : []),
      ...(addresses.length ? [insertAll('addresses', ADDRESSES, addresses, replacing(ADDRESSES, ['address']))] : []),
      ...(windows.length ? [insertAll('windows', WINDOWS, windows, WINDOW_CONFLICT)] : []),
    ];
  }

  forget(): void {
    this.#people.clear();
    this.#addresses.clear();
  }
}

const toRow = (personId: string, { address, since, formerAt }: HeldAddress): Address => ({
  address,
  person_id: personId,
  since,
  former_at: formerAt,
});

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
