import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, temporaryStore } from '#store/temporary-store.fixture.js';
import { addressTimes } from './0014-addresses.js';

describe.each(engines)('the migration of addresses on %s', (engine) => {
  it('dates the addresses of people who wrote or called, and of no others', async () => {
    const database = await temporaryStore(engine);
    const store = await database.open();
    for (const [id, createdAt] of [
      ['usr_heard', 5],
      ['usr_typed', 6],
    ]) {
      await sql`insert into people (id, created_at) values (${id}, ${createdAt})`.execute(raw(store));
      await sql`insert into addresses (address, person_id) values (${`phone:${id}`}, ${id})`.execute(raw(store));
    }
    await sql`insert into windows (phone_number_id, person_id, last_inbound_at) values ('1', 'usr_heard', 9)`.execute(raw(store));
    for (const statement of addressTimes.filter((text) => text.startsWith('update'))) await sql.raw(statement).execute(raw(store));
    const rows = await store.read.selectFrom('addresses').select(['person_id', 'since', 'former_at']).orderBy('person_id').execute();
    expect(rows).toEqual([
      { person_id: 'usr_heard', since: 5, former_at: null },
      { person_id: 'usr_typed', since: null, former_at: null },
    ]);
    await database.remove();
  });
});
