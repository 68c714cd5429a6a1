import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { camelCase, snakeCase } from '#kernel/case.js';
import type { PersonAddress } from '#kernel/wa-id.js';
import { Prepared, PreparedRows, pick } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';
import type { HeldAddress, Holding } from './mention.js';
import type { Person } from './person.js';

const NAMES = ['id', 'wa_id', 'user_id', 'parent_user_id', 'username', 'name', 'created_at'] as const;
const COLUMNS = NAMES.map((name) => `people.${name}` as const);
const HELD_BY = ['person_id', 'since', 'former_at'] as const;
const HELD = ['addresses.address', 'addresses.since', 'addresses.former_at'] as const;

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
  readonly #openWindow = new Prepared((db: Tx, { phoneNumberId, personId, at }: { phoneNumberId: string; personId: string; at: number }) =>
    db
      .insertInto('windows')
      .values({ phone_number_id: phoneNumberId, person_id: personId, last_inbound_at: at })
      .onConflict((conflict) =>
        conflict.columns(['phone_number_id', 'person_id']).doUpdateSet({ last_inbound_at: at }).where('windows.last_inbound_at', '<', at),
      ),
  );

  /** These addresses as they are held, by address. */
  async byAddresses(reader: Reader, addresses: readonly PersonAddress[]): Promise<Map<PersonAddress, Holding>> {
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
    const { rows } = await this.#byIds.run(
      reader,
      [...new Set(ids)].map((id) => ({ id })),
    );
    return new Map(rows.map((row) => [row.id, camelCase(row)]));
  }

  async insert(tx: Tx, person: Person): Promise<void> {
    await this.#insert.run(tx, snakeCase(person));
  }

  async update(tx: Tx, person: Person): Promise<void> {
    const { id, created_at, ...row } = snakeCase(person);
    await tx.updateTable('people').set(row).where('id', '=', id).execute();
  }

  /** Writes an address, whoever had it before. */
  async hold(tx: Tx, personId: string, { address, since, formerAt }: HeldAddress): Promise<void> {
    await this.#hold.run(tx, { address, person_id: personId, since, former_at: formerAt });
  }

  async merge(tx: Tx, from: string, into: string): Promise<void> {
    await tx.updateTable('addresses').set({ person_id: into }).where('person_id', '=', from).execute();
    const windows = await tx.selectFrom('windows').selectAll().where('person_id', '=', from).execute();
    for (const window of windows) await this.openWindow(tx, window.phone_number_id, into, window.last_inbound_at);
    await tx.deleteFrom('windows').where('person_id', '=', from).execute();
    await tx.deleteFrom('people').where('id', '=', from).execute();
  }

  /** Writes when the user last wrote or called; an older time changes nothing. */
  async openWindow(tx: Tx, phoneNumberId: string, personId: string, at: number): Promise<void> {
    await this.#openWindow.run(tx, { phoneNumberId, personId, at });
  }

  async lastInboundAt(reader: Reader, phoneNumberId: string, personId: string): Promise<number | null> {
    const row = await reader
      .selectFrom('windows')
      .select('last_inbound_at')
      .where('phone_number_id', '=', phoneNumberId)
      .where('person_id', '=', personId)
      .executeTakeFirst();
    return row?.last_inbound_at ?? null;
  }
}

function toHolding({ address, since, former_at, ...row }: Selectable<Schema['people'] & Omit<Schema['addresses'], 'person_id'>>): Holding {
  return { address: address as PersonAddress, since, formerAt: former_at, person: camelCase(row) };
}
