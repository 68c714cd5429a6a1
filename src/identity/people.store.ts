import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import type { ThreadHolder } from '#dialog360/fact.js';
import { camelCase, snakeCase } from '#kernel/case.js';
import type { PersonAddress } from '#kernel/wa-id.js';
import { batchOf, runAhead } from '#store/batch/batch.js';
import { COUNT } from '#store/order.js';
import { Prepared, PreparedRows, pick } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';
import type { HeldAddress, Holding } from './mention.js';
import { type Address, type HeldRow, LATER_WINDOW, PeopleBatch } from './people-batch.store.js';
import type { Person, PersonKey } from './person.js';
import { PersonWordsStore } from './words/person-words.store.js';

const NAMES = ['id', 'phone_number_id', 'wa_id', 'user_id', 'parent_user_id', 'username', 'name', 'created_at'] as const;
const COLUMNS = NAMES.map((name) => `people.${name}` as const);
const HELD_BY = ['person_id', 'since', 'former_at'] as const;
const HELD = ['addresses.address', 'addresses.since', 'addresses.former_at'] as const;

const WINDOW = ['phone_number_id', 'person_id', 'last_inbound_at', 'thread_holder', 'thread_at'] as const;

/** What is known of the exchange with a user. Times are ms since 1970. */
export interface LastContact {
  /** When the user last wrote or called. */
  lastInboundAt: number | null;
  /** Who holds the thread with the user. */
  thread: { holder: ThreadHolder; at: number } | null;
}

/** Ends the scope of an address. No address begins with an id and a bar. */
const SCOPE_END = '|';

/**
 * The SQL of people, their addresses and their customer-service windows. People belong to one business number each, and so do
 * addresses: this class alone knows that those of a number are stored behind its scope.
 */
@Injectable()
export class PeopleStore {
  /** The words under which people are found: written with each change of a person. */
  readonly words = new PersonWordsStore();
  /** What stands before the addresses of a number. It never changes. */
  readonly #prefixes = new Map<string, string>();
  readonly #byAddresses = new PreparedRows((db, rows: { address: string }[]) =>
    selectHeld(db).where(
      'addresses.address',
      'in',
      rows.map(({ address }) => address),
    ),
  );
  readonly #readAhead = new Prepared((db: Tx, { addresses }: { addresses: string[] }) =>
    selectHeld(db).where('addresses.address', '=', sql<string>`any(${addresses})`),
  );
  readonly #byIds = new PreparedRows((db, rows: { id: string }[]) =>
    db
      .selectFrom('people')
      .select(COLUMNS)
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      ),
  );
  readonly #insert = new Prepared((db: Tx, row: Selectable<Schema['people']>) => db.insertInto('people').values(pick(row, NAMES)));
  readonly #hold = new Prepared((db: Tx, row: Selectable<Schema['addresses']>) =>
    db
      .insertInto('addresses')
      .values(pick(row, ['address', ...HELD_BY]))
      .onConflict((conflict) => conflict.column('address').doUpdateSet(pick(row, HELD_BY))),
  );
  readonly #note = new Prepared((db: Tx, row: Selectable<Schema['windows']>) =>
    db
      .insertInto('windows')
      .values(pick(row, WINDOW))
      .onConflict((conflict) => conflict.columns(['phone_number_id', 'person_id']).doUpdateSet(LATER_WINDOW)),
  );

  /** These addresses as the number's people hold them, by address. */
  async byAddresses(reader: Reader, phoneNumberId: string, addresses: readonly PersonAddress[]): Promise<Map<PersonAddress, Holding>> {
    const prefix = this.#prefixes.get(phoneNumberId) ?? (await this.#readPrefix(reader, phoneNumberId));
    const stored = addresses.map((address) => prefix + address);
    const rows = await this.#at(reader, phoneNumberId, stored);
    return new Map(rows.map((row) => toHolding(row, prefix)).map((holding) => [holding.address, holding]));
  }

  /** The people who are found under these addresses, of each of these numbers, with a few statements for all. */
  async atEach(reader: Reader, numbers: readonly string[], addresses: readonly PersonAddress[]): Promise<Map<string, Person[]>> {
    const prefixes = await this.#prefixesOf(reader, numbers);
    const numberOf = new Map(numbers.flatMap((id) => addresses.map((address) => [`${prefixes.get(id) ?? ''}${address}`, id])));
    const { rows } = await this.#byAddresses.run(
      reader,
      [...numberOf.keys()].map((address) => ({ address })),
    );
    const people = rows.map((row) => toHeldRow(row, numberOf.get(row.address) ?? '').person);
    return Map.groupBy(people, ({ phoneNumberId }) => phoneNumberId);
  }

  /** Reads for a batch, with one statement, the people under these addresses of numbers. Does nothing outside of one. @returns those that are known */
  async readAhead(tx: Tx, addresses: ReadonlyMap<string, readonly PersonAddress[]>): Promise<PersonKey[]> {
    const held = this.#held(tx);
    if (!held) return [];
    const prefixes = await this.#prefixesOf(tx, [...addresses.keys()]);
    const numberOf = new Map<string, string>(
      [...addresses].flatMap(([id, ofNumber]) => ofNumber.map((address) => [`${prefixes.get(id) ?? ''}${address}`, id] as const)),
    );
    const rows = await runAhead(tx, this.#readAhead.compiled(tx, { addresses: [...numberOf.keys()] }));
    const found = rows.map((row) => toHeldRow(row, numberOf.get(row.address) ?? ''));
    held.learn([...numberOf.keys()], found);
    const people = new Map(found.map(({ person }) => [person.id, person.phoneNumberId]));
    return [...people].map(([personId, phoneNumberId]) => ({ personId, phoneNumberId }));
  }

  async #at(reader: Reader, phoneNumberId: string, stored: readonly string[]): Promise<HeldRow[]> {
    const held = this.#held(reader);
    if (!held) return this.#select(reader, phoneNumberId, stored);
    const unknown = held.unknown(stored);
    if (unknown.length) held.learn(unknown, await this.#select(reader, phoneNumberId, unknown));
    return held.at(stored);
  }

  async #select(reader: Reader, phoneNumberId: string, stored: readonly string[]): Promise<HeldRow[]> {
    const { rows } = await this.#byAddresses.run(
      reader,
      stored.map((address) => ({ address })),
    );
    return rows.map((row) => toHeldRow(row, phoneNumberId));
  }

  /** Every address of these people of a number. */
  async holdingsOf(reader: Reader, phoneNumberId: string, personIds: readonly string[]): Promise<Holding[]> {
    const prefix = this.#prefixes.get(phoneNumberId) ?? (await this.#readPrefix(reader, phoneNumberId));
    const rows = await selectHeld(reader)
      .where('people.id', 'in', [...personIds])
      .execute();
    return rows
      .map((row) => toHolding(toHeldRow(row, phoneNumberId), prefix))
      .filter(({ person }) => person.phoneNumberId === phoneNumberId);
  }

  /** People by id. A person of another number than the key names is not found. */
  async byKeys(reader: Reader, keys: readonly PersonKey[]): Promise<Map<string, Person>> {
    const numbers = new Map(keys.map(({ personId, phoneNumberId }) => [personId, phoneNumberId]));
    const people = await this.#byIdsAnywhere(reader, [...numbers.keys()]);
    const found = new Map<string, Person>();
    for (const [id, phoneNumberId] of numbers) {
      const person = people.get(id);
      if (person && (await this.#belongs(reader, person, phoneNumberId))) found.set(id, { ...person, phoneNumberId });
    }
    return found;
  }

  /** People after an id, in the order of their ids, of every number; those of no number belong to the first. */
  async page(reader: Reader, after: string, limit: number): Promise<Person[]> {
    const rows = await reader.selectFrom('people').select(COLUMNS).where('id', '>', after).orderBy('id').limit(limit).execute();
    const first = rows.some(({ phone_number_id }) => phone_number_id === null) ? await this.#firstNumber(reader) : '';
    return rows.map((row) => ({ ...camelCase(row), phoneNumberId: row.phone_number_id ?? first }));
  }

  async #firstNumber(reader: Reader): Promise<string> {
    const row = await reader.selectFrom('numbers').select('phone_number_id').where('address_scope', '=', '').executeTakeFirst();
    return row?.phone_number_id ?? '';
  }

  async #byIdsAnywhere(reader: Reader, ids: readonly string[]): Promise<Map<string, Unassigned>> {
    const held = this.#held(reader);
    const known = held ? ids.flatMap((id) => held.person(id) ?? []) : [];
    if (held && known.length === ids.length) return new Map(known.map((person) => [person.id, person]));
    const { rows } = await this.#byIds.run(
      reader,
      ids.map((id) => ({ id })),
    );
    return new Map(rows.map((row) => [row.id, camelCase(row)]));
  }

  async #belongs(reader: Reader, { phoneNumberId: own }: Unassigned, phoneNumberId: string): Promise<boolean> {
    if (own !== null) return own === phoneNumberId;
    return (this.#prefixes.get(phoneNumberId) ?? (await this.#readPrefix(reader, phoneNumberId))) === '';
  }

  async #readPrefix(reader: Reader, phoneNumberId: string): Promise<string> {
    return (await this.#prefixesOf(reader, [phoneNumberId])).get(phoneNumberId) ?? '';
  }

  /** A number of which no row is kept yet will be the first, unless another is. */
  async #prefixesOf(reader: Reader, ids: readonly string[]): Promise<Map<string, string>> {
    if (!ids.every((id) => this.#prefixes.has(id))) {
      const rows = await reader.selectFrom('numbers').select(['phone_number_id', 'address_scope']).execute();
      for (const row of rows) this.#prefixes.set(row.phone_number_id, prefixOf(row.address_scope));
    }
    const isFirst = this.#prefixes.size === 0;
    return new Map(ids.map((id) => [id, this.#prefixes.get(id) ?? prefixOf(isFirst ? '' : id)]));
  }

  async insert(tx: Tx, person: Person): Promise<void> {
    const held = this.#held(tx);
    if (!held) {
      await this.#insert.run(tx, snakeCase(person));
      return this.words.insert(tx, person);
    }
    held.add(person);
    batchOf(tx)?.noteNew(person.id);
  }

  async update(tx: Tx, person: Person): Promise<void> {
    const held = this.#held(tx);
    if (held) return held.put(person);
    const { id, created_at, ...row } = snakeCase(person);
    await tx.updateTable('people').set(row).where('id', '=', id).execute();
    await this.words.replace(tx, person);
  }

  /** Writes an address; another person of the same number may have had it before. */
  async hold(tx: Tx, { id, phoneNumberId }: Person, { address, since, formerAt }: HeldAddress): Promise<void> {
    const prefix = this.#prefixes.get(phoneNumberId) ?? (await this.#readPrefix(tx, phoneNumberId));
    const row = { address: prefix + address, person_id: id, since, former_at: formerAt };
    const held = this.#held(tx);
    if (held) held.hold(row);
    else await this.#hold.run(tx, row);
  }

  async merge(tx: Tx, from: string, into: string): Promise<void> {
    await tx.updateTable('addresses').set({ person_id: into }).where('person_id', '=', from).execute();
    const windows = await tx.selectFrom('windows').selectAll().where('person_id', '=', from).execute();
    for (const window of windows) await this.#note.run(tx, { ...window, person_id: into });
    await tx.deleteFrom('windows').where('person_id', '=', from).execute();
    await this.words.delete(tx, from);
    await tx.deleteFrom('people').where('id', '=', from).execute();
  }

  /** Writes when the user last wrote or called, and who held the thread then; older times change nothing. */
  async note(tx: Tx, phoneNumberId: string, personId: string, { lastInboundAt, thread }: LastContact): Promise<void> {
    const holder = { thread_holder: thread?.holder ?? null, thread_at: thread?.at ?? null };
    const row = { phone_number_id: phoneNumberId, person_id: personId, last_inbound_at: lastInboundAt ?? 0, ...holder };
    const held = this.#held(tx);
    if (held) held.note(row);
    else await this.#note.run(tx, row);
  }

  async lastContact(reader: Reader, phoneNumberId: string, personId: string): Promise<LastContact> {
    const row = await reader
      .selectFrom('windows')
      .select(['last_inbound_at', 'thread_holder', 'thread_at'])
      .where('phone_number_id', '=', phoneNumberId)
      .where('person_id', '=', personId)
      .executeTakeFirst();
    const { thread_holder: holder = null, thread_at: at = null } = row ?? {};
    return { lastInboundAt: row?.last_inbound_at || null, thread: holder !== null && at !== null ? { holder, at } : null };
  }

  /** How many threads of a number the agent holds, and since when it holds the latest. */
  async agentThreads(reader: Reader, phoneNumberId: string): Promise<{ threads: number; lastAt: number | null }> {
    const row = await reader
      .selectFrom('windows')
      .select(({ fn }) => [COUNT, fn.max('thread_at').as('lastAt')])
      .where('phone_number_id', '=', phoneNumberId)
      .where('thread_holder', '=', sql.lit('agent' as const))
      .executeTakeFirstOrThrow();
    return { threads: Number(row.n), lastAt: row.lastAt === null ? null : Number(row.lastAt) };
  }

  #held(reader: Reader): PeopleBatch | undefined {
    return batchOf(reader)?.held(this, () => new PeopleBatch());
  }
}

/** Addresses with those who hold them. */
const selectHeld = (reader: Reader) =>
  reader
    .selectFrom('addresses')
    .innerJoin('people', 'people.id', 'addresses.person_id')
    .select([...COLUMNS, ...HELD]);

const prefixOf = (scope: string): string => scope && scope + SCOPE_END;

/** A person as their row has them: the number is null when a release with one number wrote it. */
type Unassigned = Omit<Person, 'phoneNumberId'> & { phoneNumberId: string | null };

type Joined = Selectable<Schema['people']> & Omit<Address, 'person_id'>;

/** A row that was found by an address of the number: it is of that number. */
function toHeldRow({ address, since, former_at, ...row }: Joined, phoneNumberId: string): HeldRow {
  const person = camelCase(row);
  return {
    row: { address, person_id: row.id, since, former_at },
    person: { ...person, phoneNumberId: person.phoneNumberId ?? phoneNumberId },
  };
}

const toHolding = ({ row, person }: HeldRow, prefix: string): Holding => ({
  address: row.address.slice(prefix.length) as PersonAddress,
  since: row.since,
  formerAt: row.former_at,
  person,
});
