import { describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { CalleesService } from '#identity/callees.service.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { PeopleService } from '#identity/people.service.js';
import { openPostgresForMigrations } from '#store/postgres/open-postgres.js';
import { openSqlite } from '#store/sqlite.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { addSecond, FIRST, SECOND } from './second-number.js';
import { World } from './world.js';

const [ANA, BSUID, LATER] = ['5215512347001', 'MX.10000000000007001', '5215512347002'];
const OLD = {
  people: 'insert into people (id, wa_id, user_id, parent_user_id, username, name, created_at) values',
  addresses: 'insert into addresses (address, person_id, since, former_at) values',
  held: 'on conflict (address) do update set person_id = excluded.person_id, since = excluded.since, former_at = excluded.former_at',
} as const;

describe.each(engines)('people whom a release with one number has kept, on %s', (engine) => {
  /** What that release has written, and writes beside this one. */
  const writePerson = async (db: Kysely<never>, id: string, waId: string, userId: string | null, at: number): Promise<void> => {
    await sql.raw(`${OLD.people} ('${id}', '${waId}', ${userId ? `'${userId}'` : 'null'}, null, null, 'Ana', ${at})`).execute(db);
    const addresses = [`phone:${waId.replace(/^521/, '52')}`, ...(userId ? [`bsuid:${userId}`] : [])];
    for (const address of addresses) await sql.raw(`${OLD.addresses} ('${address}', '${id}', ${at}, null) ${OLD.held}`).execute(db);
  };

  it('are those of its number after the migration, with all that is theirs, and of no number that comes later', async () => {
    const world = await World.open({ engine });
    await world.stop();
    const { database } = world;
    const db = (database.kind === 'sqlite'
      ? openSqlite(database.path)
      : openPostgresForMigrations(database.url)) as unknown as Kysely<never>;
    const at = world.clock.now();
    try {
      // The schema and the rows of the release before.
      await sql.raw('alter table people drop column phone_number_id').execute(db);
      await sql.raw("delete from kysely_migration where name = '0024-people-of-numbers'").execute(db);
      await writePerson(db, 'usr_old', ANA, BSUID, at);
      await sql.raw(`insert into windows (phone_number_id, person_id, last_inbound_at) values ('${FIRST}', 'usr_old', ${at})`).execute(db);
      await sql
        .raw(
          `insert into permission_facts (phone_number_id, person_id, kind, at, ref, data) values ('${FIRST}', 'usr_old', 'asked', ${at}, 'wamid.OLD', '{}')`,
        )
        .execute(db);
    } finally {
      await db.destroy();
    }
    await world.start();
    try {
      const store = world.app.get(Store);
      expect(await store.read.selectFrom('people').select(['id', 'phone_number_id']).execute()).toEqual([
        { id: 'usr_old', phone_number_id: null },
      ]);
      expect(await store.read.selectFrom('numbers').select(['phone_number_id', 'address_scope']).execute()).toEqual([
        { phone_number_id: FIRST, address_scope: '' },
      ]);
      for (const user of [ANA, '525512347001', BSUID]) {
        const { body } = await world.get(`/api/calling/permissions/${user}`);
        expect(body).toMatchObject({
          user: { wa_id: ANA, user_id: BSUID, name: 'Ana' },
          window: { state: 'open' },
          last_request: { message_id: 'wamid.OLD' },
        });
      }
      // That release writes on beside this one.
      await writePerson(raw(store) as unknown as Kysely<never>, 'usr_beside', LATER, null, at);
      await addSecond(world);
      const people = world.app.get(PeopleService);
      for (const [id, user] of [
        ['usr_old', ANA],
        ['usr_old', BSUID],
        ['usr_beside', LATER],
      ] as const) {
        expect((await people.find(FIRST, user))?.id).toBe(id);
        expect(await people.find(SECOND, user)).toBeUndefined();
        expect(await people.byKeys([{ phoneNumberId: SECOND, personId: id }])).toEqual(new Map());
      }
      // Who is named again stays who they are, and has their number from then on.
      expect((await world.app.get(CalleesService).named(EVERY_NUMBER, { waId: ANA, name: 'Ana María' })).person.id).toBe('usr_old');
      const wrote = { from: LATER, id: 'wamid.NEW', timestamp: String(Math.floor(at / 1000) + 1), type: 'text', text: { body: 'Hola' } };
      const metadata = { display_phone_number: '5215500000001', phone_number_id: FIRST };
      const value = { messaging_product: 'whatsapp', metadata, contacts: [{ wa_id: LATER, profile: { name: 'Beto' } }], messages: [wrote] };
      const entry = [{ id: '200000000000001', changes: [{ field: 'messages', value }] }];
      expect(await world.deliver({ object: 'whatsapp_business_account', entry })).toBe(200);
      const rows = await store.read.selectFrom('people').select(['id', 'name', 'phone_number_id']).orderBy('id').execute();
      expect(rows).toEqual([
        { id: 'usr_beside', name: 'Beto', phone_number_id: FIRST },
        { id: 'usr_old', name: 'Ana', phone_number_id: null },
      ]);
      // And is erased there with every row.
      const { body } = await world.delete(`/api/users/${ANA}`);
      expect(body.erased).toMatchObject({ people: 1, addresses: 2, windows: 1, permission_facts: 1 });
      expect((await store.read.selectFrom('people').select('id').execute()).map(({ id }) => id)).toEqual(['usr_beside']);
    } finally {
      await world.close();
    }
  });
});
