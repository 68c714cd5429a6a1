import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CompiledQuery, Kysely } from 'kysely';
import type { Schema } from '#store/schema.js';
import type { Reader, Store, Tx } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { NumbersStore } from './numbers/numbers.store.js';
import { PeopleService } from './people.service.js';
import { PeopleStore } from './people.store.js';
import type { Identifiers, Person } from './person.js';

const [A, B] = ['300000000000001', '300000000000002'];
const [NOBODY, PHONE, NEXT, USER, PARENT] = ['usr_nobody', '5215512345678', '5215512345679', 'MX.10000001', 'MX.ENT.20000001'];
const T = Date.UTC(2026, 10, 23, 12);
const ANA: Identifiers = { waId: PHONE, userId: USER, parentUserId: PARENT, username: 'ana', name: 'Ana' };

describe.each(engines)('people of two numbers on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let people: PeopleService;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    people = new PeopleService(new PeopleStore(), store, new StoppedClock());
    const numbers = new NumbersStore(store);
    for (const [i, phoneNumberId] of [A, B].entries()) await store.write((tx) => numbers.insert(tx, phoneNumberId, T + i, {}));
  });
  afterEach(() => database.remove());

  const ways: Array<[string, <R>(work: (tx: Tx) => Promise<R>) => Promise<R>]> = [
    ['one by one', (work) => store.write(work)],
    ['in a batch', (work) => store.writeBatch(work, [])],
  ];
  const wrote = (number: string, ids: Identifiers, seconds = 1): Promise<Person> =>
    store.write((tx) => people.named(tx, number, ids, 'wire', { at: T + seconds * 1000, acts: true }));
  const at = async (number: string, id: string): Promise<Person | undefined> =>
    (await people.byKeys([{ phoneNumberId: number, personId: id }])).get(id);
  const rowsOf = async ({ id }: Person) => ({
    people: await store.read.selectFrom('people').selectAll().where('id', '=', id).execute(),
    addresses: await store.read.selectFrom('addresses').selectAll().where('person_id', '=', id).orderBy('address').execute(),
    windows: await store.read.selectFrom('windows').selectAll().where('person_id', '=', id).execute(),
  });

  it.each(ways)('who writes to both is two people, %s', async (_, write) => {
    const [one, other] = await write(async (tx) => {
      const both = [
        await people.named(tx, A, ANA, 'wire', { at: T }),
        await people.named(tx, B, ANA, 'wire', { at: T }),
        await people.named(tx, A, { waId: PHONE }, 'wire', { at: T + 1 }),
        await people.named(tx, B, { userId: USER }, 'wire', { at: T + 1 }),
      ];
      expect(both.map(({ phoneNumberId }) => phoneNumberId)).toEqual([A, B, A, B]);
      expect([both[2]?.id, both[3]?.id]).toEqual([both[0]?.id, both[1]?.id]);
      return both as [Person, Person];
    });
    expect(other.id).not.toBe(one.id);
    for (const written of [PHONE, USER, PARENT, '+52 55 1234 5678']) {
      expect((await people.find(A, written))?.id).toBe(one.id);
      expect((await people.find(B, written))?.id).toBe(other.id);
    }
    const addresses = await store.read.selectFrom('addresses').select('address').orderBy('address').execute();
    expect(addresses.map(({ address }) => address)).toEqual([
      ...['bsuid:MX.10000001', 'bsuid:MX.ENT.20000001', 'phone:525512345678'].map((address) => `${B}|${address}`),
      ...['bsuid:MX.10000001', 'bsuid:MX.ENT.20000001', 'phone:525512345678'],
    ]);
    for (const person of [one, other])
      expect((await people.addressesOf(person)).sort()).toEqual(['bsuid:MX.10000001', 'bsuid:MX.ENT.20000001', 'phone:525512345678']);
  });

  it('is found at many numbers with a few statements', async () => {
    const numbers = new NumbersStore(store);
    const many = Array.from({ length: 200 }, (_, n) => `3000000000010${String(n).padStart(3, '0')}`);
    await store.write(async (tx) => {
      for (const [n, id] of many.entries()) await numbers.insert(tx, id, T + 2 + n, {});
    });
    const known = [await wrote(A, ANA), await wrote(many[7] ?? '', { userId: USER }), await wrote(B, { waId: NEXT })];
    const { executor, count } = counting(raw(store));
    const found = await people.findAtEach([A, B, ...many], USER, executor);
    expect(found.map(({ id, phoneNumberId }) => [id, phoneNumberId])).toEqual(known.slice(0, 2).map((one) => [one.id, one.phoneNumberId]));
    expect(count()).toBeLessThan(10);
    expect((await people.findAtEach([B, many[7] ?? ''], PHONE)).map(({ id }) => id)).toEqual([]);
    expect(await people.findAtEach([], USER)).toEqual([]);
    expect(await people.findAtEach([A], 'nobody at all')).toEqual([]);
  });

  it('nobody is found through the other number: neither by address nor by id, and the answer is that for nobody', async () => {
    const ofA = await wrote(A, ANA);
    const ofB = await wrote(B, { waId: NEXT });
    for (const written of [PHONE, USER, PARENT]) expect(await people.find(B, written)).toEqual(await people.find(B, '4915112345678'));
    expect(await people.find(A, NEXT)).toBeUndefined();
    expect(await at(B, ofA.id)).toEqual(await at(B, NOBODY));
    expect(await at(A, ofB.id)).toEqual(await at(A, NOBODY));
    expect(await at(A, ofA.id)).toEqual(ofA);
    expect(await at(B, ofB.id)).toEqual(ofB);
    const named = [ANA, { waId: NEXT }].map((contact) => ({ phoneNumberId: B, contact }));
    const ahead = await store.writeBatch((tx) => people.readAhead(tx, named), []);
    // SQLite has no batch.
    expect(ahead).toEqual(engine === 'sqlite' ? [] : [{ phoneNumberId: B, personId: ofB.id }]);
  });

  it.each(ways)('what one number learns of an id of the other changes nobody there, %s', async (_, write) => {
    const ofA = await wrote(A, { waId: PHONE });
    const before = await rowsOf(ofA);
    const named = await write((tx) => people.identified(tx, { phoneNumberId: B, personId: ofA.id }, ANA, { at: T + 9, equates: true }));
    expect([named.phoneNumberId, named.id === ofA.id]).toEqual([B, false]);
    expect(await rowsOf(ofA)).toEqual(before);
  });

  it.each(ways)(
    'a change of number or BSUID that one number reports, and two people who become one there, leave the other, %s',
    async (_, write) => {
      const ofB = await wrote(B, ANA);
      await store.write((tx) => people.heard(tx, B, ofB.id, T + 5));
      const before = await rowsOf(ofB);
      const ofA = await wrote(A, ANA);
      const [former, present] = [
        { waId: PHONE, userId: USER },
        { waId: NEXT, userId: 'MX.10000002' },
      ];
      const changed = await write((tx) => people.changed(tx, A, { former, present, at: T + 9_000 }));
      expect(changed).toMatchObject({ id: ofA.id, waId: NEXT });
      await wrote(A, { userId: 'MX.10000003' }, 10);
      await wrote(A, { waId: NEXT, userId: 'MX.10000002', parentUserId: 'MX.ENT.30000' }, 11);
      expect(await rowsOf(ofB)).toEqual(before);
      expect(await people.find(B, NEXT)).toBeUndefined();
      expect(await people.find(B, PHONE)).toEqual(ofB);
      // And another user who has the old number now, as B reports: A's person keeps every id.
      const kept = await rowsOf(changed);
      await wrote(B, { waId: NEXT, userId: 'MX.90000009' }, 20);
      await wrote(B, { waId: PHONE, userId: 'MX.90000008' }, 21);
      expect(await rowsOf(changed)).toEqual(kept);
    },
  );

  describe('whom a release with one number wrote', () => {
    beforeEach(async () => {
      const db = raw(store);
      await db
        .insertInto('people')
        .values({ id: 'usr_old', wa_id: PHONE, user_id: USER, parent_user_id: null, username: null, name: 'Ana', created_at: T })
        .execute();
      for (const address of ['phone:525512345678', `bsuid:${USER}`])
        await db.insertInto('addresses').values({ address, person_id: 'usr_old', since: T, former_at: null }).execute();
    });

    it.each(ways)('is found for the number that was there first and for no other, %s', async (_, write) => {
      const old = {
        id: 'usr_old',
        phoneNumberId: A,
        waId: PHONE,
        userId: USER,
        parentUserId: null,
        username: null,
        name: 'Ana',
        createdAt: T,
      };
      for (const written of [PHONE, USER]) {
        expect(await people.find(A, written)).toEqual(old);
        expect(await people.find(B, written)).toBeUndefined();
      }
      expect(await at(A, 'usr_old')).toEqual(old);
      expect(await at(B, 'usr_old')).toEqual(await at(B, NOBODY));
      const other = await write((tx) => people.named(tx, B, ANA, 'wire', { at: T + 9 }));
      expect(other.id).not.toBe('usr_old');
      expect(await at(A, 'usr_old')).toEqual(old);
      const same = await write((tx) => people.named(tx, A, ANA, 'wire', { at: T + 9 }));
      expect(same).toMatchObject({ id: 'usr_old', parentUserId: PARENT, username: 'ana' });
      expect(await at(A, 'usr_old')).toEqual(same);
      expect(await at(B, 'usr_old')).toBeUndefined();
      expect(await at(B, other.id)).toEqual(other);
    });

    it('is still theirs when that release goes on beside this one', async () => {
      await wrote(B, ANA);
      const ofA = await wrote(A, { waId: NEXT, userId: 'MX.10000002' });
      // As that release writes: without a number, and a row that is there is changed.
      const db = raw(store);
      await db.updateTable('people').set({ name: 'Otra' }).where('id', '=', ofA.id).execute();
      await db
        .insertInto('addresses')
        .values({ address: 'bsuid:MX.ENT.90000', person_id: ofA.id, since: T, former_at: null })
        .onConflict((conflict) => conflict.column('address').doUpdateSet({ person_id: ofA.id }))
        .execute();
      expect(await people.find(A, 'MX.ENT.90000')).toEqual({ ...ofA, name: 'Otra' });
      expect(await people.find(B, 'MX.ENT.90000')).toBeUndefined();
    });
  });

  it('belong to the number that is not kept yet as to the first, unless another is there', async () => {
    expect((await wrote('300000000000009', ANA)).phoneNumberId).toBe('300000000000009');
    expect(await people.find(A, PHONE)).toBeUndefined();
    await store.write((tx) => tx.deleteFrom('numbers').execute());
    const fresh = new PeopleService(new PeopleStore(), store, new StoppedClock());
    await store.write((tx) => fresh.named(tx, '300000000000009', { waId: NEXT }, 'caller'));
    const addresses = await store.read.selectFrom('addresses').select('address').where('address', 'like', '%525512345679').execute();
    expect(addresses).toEqual([{ address: 'phone:525512345679' }]);
  });

  it('keep their scope however often the number is saved again', async () => {
    const numbers = new NumbersStore(store);
    await store.write((tx) => numbers.insert(tx, A, T, { displayPhoneNumber: '15550001' }));
    await store.write((tx) => numbers.insert(tx, B, T, { displayPhoneNumber: '15550002' }));
    const kept = await store.read.selectFrom('numbers').select(['phone_number_id', 'address_scope']).orderBy('phone_number_id').execute();
    expect(kept).toEqual([
      { phone_number_id: A, address_scope: '' },
      { phone_number_id: B, address_scope: B },
    ]);
  });
});

/** A reader that counts its statements. */
function counting(db: Kysely<Schema>): { executor: Reader; count: () => number } {
  let statements = 0;
  const executor = db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => result,
  });
  for (const one of [executor, executor.getExecutor()]) {
    const execute = one.executeQuery.bind(one);
    one.executeQuery = (async (query: CompiledQuery) => {
      statements += 1;
      return execute(query as never);
    }) as typeof one.executeQuery;
  }
  return { executor: executor as unknown as Reader, count: () => statements };
}
