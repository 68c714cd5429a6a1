import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { camelCase, snakeCase } from '#kernel/case.js';
import type { PersonAddress } from '#kernel/wa-id.js';
import { batchOf } from '#store/batch/batch.js';
import { Prepared, PreparedRows, pick } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';
import { PeopleBatch } from './people-batch.js';
import type { Person } from './person.js';

const NAMES = ['id', 'wa_id', 'user_id', 'parent_user_id', 'username', 'name', 'created_at'] as const;
const COLUMNS = NAMES.map((name) => `people.${name}` as const);

/** The SQL of people, their addresses and their customer-service windows. */
@Injectable()
export class PeopleStore {
  readonly #byAddresses = new PreparedRows((db, rows: { address: string }[]) =>
    db
      .selectFrom('addresses')
      .innerJoin('people', 'people.id', 'addresses.person_id')
      .select([...COLUMNS, 'addresses.address'])
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
  readonly #address = new Prepared((db: Tx, { address, personId }: { address: string; personId: string }) =>
    db
      .insertInto('addresses')
      .values({ address, person_id: personId })
      .onConflict((conflict) => conflict.column('address').doUpdateSet({ person_id: personId })),
  );
  readonly #openWindow = new Prepared((db: Tx, { phoneNumberId, personId, at }: { phoneNumberId: string; personId: string; at: number }) =>
    db
      .insertInto('windows')
      .values({ phone_number_id: phoneNumberId, person_id: personId, last_inbound_at: at })
      .onConflict((conflict) =>
        conflict.columns(['phone_number_id', 'person_id']).doUpdateSet({ last_inbound_at: at }).where('windows.last_inbound_at', '<', at),
      ),
  );

  /** The people with any of these addresses, by address. */
  async byAddresses(reader: Reader, addresses: readonly PersonAddress[]): Promise<Map<PersonAddress, Person>> {
    const held = this.#held(reader);
    if (!held) return this.#select(reader, addresses);
    const unknown = held.unknown(addresses);
    if (unknown.length) held.learn(unknown, await this.#select(reader, unknown));
    return held.at(addresses);
  }

  async #select(reader: Reader, addresses: readonly PersonAddress[]): Promise<Map<PersonAddress, Person>> {
    const { rows } = await this.#byAddresses.run(
      reader,
      addresses.map((address) => ({ address })),
    );
    return new Map(rows.map(({ address, ...row }) => [address as PersonAddress, camelCase(row)]));
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

  async address(tx: Tx, addresses: readonly PersonAddress[], personId: string): Promise<void> {
    const held = this.#held(tx);
    for (const address of addresses) {
      if (held) held.address(address, personId);
      else await this.#address.run(tx, { address, personId });
    }
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
    const held = this.#held(tx);
    if (held) held.openWindow({ phone_number_id: phoneNumberId, person_id: personId, last_inbound_at: at });
    else await this.#openWindow.run(tx, { phoneNumberId, personId, at });
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

  #held(reader: Reader): PeopleBatch | undefined {
    return batchOf(reader)?.held(this, () => new PeopleBatch());
  }
}
