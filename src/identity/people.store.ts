import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import type { ThreadHolder } from '#dialog360/fact.js';
import { camelCase, snakeCase } from '#kernel/case.js';
import type { PersonAddress } from '#kernel/wa-id.js';
import { batchOf } from '#store/batch/batch.js';
import { COUNT } from '#store/order.js';
import { Prepared, PreparedRows, pick } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';
import type { HeldAddress, Holding } from './mention.js';
import { LATER_WINDOW, PeopleBatch } from './people-batch.store.js';
import type { Person } from './person.js';

const NAMES = ['id', 'wa_id', 'user_id', 'parent_user_id', 'username', 'name', 'created_at'] as const;
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

/** The SQL of people, their addresses and their customer-service windows. */
@Injectable()
export class PeopleStore {
  readonly #byAddresses = new PreparedRows((db, rows: { address: string }[]) =>
    db
      .selectFrom('addresses')
      .innerJoin('people', 'people.id', 'addresses.person_id')
      .select([...COLUMNS, ...HELD])
      .where(
        'addresses.address',
        'in',
        rows.map(({ address }) => address),
      ),
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

  /** These addresses as they are held, by address. */
  async byAddresses(reader: Reader, addresses: readonly PersonAddress[]): Promise<Map<PersonAddress, Holding>> {
    const held = this.#held(reader);
    if (!held) return this.#select(reader, addresses);
    const unknown = held.unknown(addresses);
    if (unknown.length) held.learn(unknown, await this.#select(reader, unknown));
    return held.at(addresses);
  }

  async #select(reader: Reader, addresses: readonly PersonAddress[]): Promise<Map<PersonAddress, Holding>> {
    const { rows } = await this.#byAddresses.run(
      reader,
      addresses.map((address) => ({ address })),
    );
    return new Map(rows.map((row) => [row.address as PersonAddress, toHolding(row)]));
  }

  /** Every address of these people. */
  async holdingsOf(reader: Reader, personIds: readonly string[]): Promise<Holding[]> {
    const rows = await reader
      .selectFrom('addresses')
      .innerJoin('people', 'people.id', 'addresses.person_id')
      .select([...COLUMNS, ...HELD])
      .where('people.id', 'in', [...personIds])
      .execute();
    return rows.map(toHolding);
  }

  async byIds(reader: Reader, ids: readonly string[]): Promise<Map<string, Person>> {
    const held = this.#held(reader);
    const known = held ? ids.flatMap((id) => held.person(id) ?? []) : [];
    if (held && known.length === ids.length) return new Map(known.map((person) => [person.id, person]));
    const { rows } = await this.#byIds.run(
      reader,
      [...new Set(ids)].map((id) => ({ id })),
    );
    return new Map(rows.map((row) => [row.id, camelCase(row)]));
  }

  async insert(tx: Tx, person: Person): Promise<void> {
    const held = this.#held(tx);
    if (!held) return void (await this.#insert.run(tx, snakeCase(person)));
    held.put(person);
    batchOf(tx)?.noteNew(person.id);
  }

  async update(tx: Tx, person: Person): Promise<void> {
    const held = this.#held(tx);
    if (held) return held.put(person);
    const { id, created_at, ...row } = snakeCase(person);
    await tx.updateTable('people').set(row).where('id', '=', id).execute();
  }

  /** Writes an address, whoever had it before. */
  async hold(tx: Tx, personId: string, { address, since, formerAt }: HeldAddress): Promise<void> {
    const held = this.#held(tx);
    if (held) held.hold(personId, { address, since, formerAt });
    else await this.#hold.run(tx, { address, person_id: personId, since, former_at: formerAt });
  }

  async merge(tx: Tx, from: string, into: string): Promise<void> {
    await tx.updateTable('addresses').set({ person_id: into }).where('person_id', '=', from).execute();
    const windows = await tx.selectFrom('windows').selectAll().where('person_id', '=', from).execute();
    for (const window of windows) await this.#note.run(tx, { ...window, person_id: into });
    await tx.deleteFrom('windows').where('person_id', '=', from).execute();
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

function toHolding({ address, since, former_at, ...row }: Selectable<Schema['people'] & Omit<Schema['addresses'], 'person_id'>>): Holding {
  return { address: address as PersonAddress, since, formerAt: former_at, person: camelCase(row) };
}
