import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { PeopleService } from '#identity/people.service.js';
import type { Identifiers } from '#identity/person.js';
import { wordsOf } from '#identity/words/person-words.js';
import { WordsUpkeep } from '#identity/words/words-upkeep.service.js';
import { DAY } from '#kernel/clock.js';
import { RetentionJob } from '#privacy/retention/retention.job.js';
import { numberLock, Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { offer } from './sdp.js';
import { addSecond, FIRST, SECOND } from './second-number.js';
import { type Body, World } from './world.js';

const ANA = '5215512340001';
const PEOPLE: Identifiers[] = [
  { waId: '5215511110001', name: 'José Pérez Núñez', username: 'pepe.perez' },
  { waId: '5215511110002', name: 'Josefina Peralta' },
  { waId: '34600111222', name: 'Pedro Jose' },
  { waId: '4915112345678', name: 'Jürgen Groß' },
  { userId: 'MX.10000000000000042', name: 'Łucja' },
];

describe.each(engines)('people by name on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    for (const person of PEOPLE) await know(person);
  });
  afterEach(() => world.close());

  const know = (ids: Identifiers, number = FIRST) =>
    world.app
      .get(Store)
      .write((tx) => world.app.get(PeopleService).named(tx, number, ids, 'wire', { at: world.clock.now() }), [numberLock(number)]);
  const ask = async (search: string, more: Record<string, string> = {}, headers = {}): Promise<Body> =>
    world.get(`/api/users?${new URLSearchParams({ search, ...more })}`, headers);
  const names = async (search: string, more = {}, headers = {}): Promise<string[]> =>
    (await ask(search, more, headers)).body.data.map(({ user }: Body) => user.name);
  const words = async (): Promise<string[]> => {
    const rows = await world.app.get(Store).read.selectFrom('person_words').select(['person_id', 'word']).execute();
    return rows.map(({ person_id, word }) => `${person_id} ${word}`).sort();
  };
  /** The words that the table should have. */
  const expected = async (): Promise<string[]> => {
    const people = await world.app.get(Store).read.selectFrom('people').selectAll().execute();
    return people
      .flatMap(({ id, wa_id, user_id, parent_user_id, username, name }) =>
        wordsOf({ waId: wa_id, userId: user_id, parentUserId: parent_user_id, username, name }).map((word) => `${id} ${word}`),
      )
      .sort();
  };

  it.each([
    ['perez', ['José Pérez Núñez']],
    ['PÉR', ['Josefina Peralta', 'José Pérez Núñez']],
    ['nunez jose', ['José Pérez Núñez']],
    ['jos per', ['Josefina Peralta', 'José Pérez Núñez']],
    ['jose', ['José Pérez Núñez', 'Pedro Jose', 'Josefina Peralta']],
    ['gross jurgen', ['Jürgen Groß']],
    ['lucja', ['Łucja']],
    ['ose', []],
    ['@pepe.per', ['José Pérez Núñez']],
    ['+52 1 55 1111 0001', ['José Pérez Núñez']],
    ['+52 55 1111-0002', ['Josefina Peralta']],
    ['521551111', ['José Pérez Núñez', 'Josefina Peralta']],
    ['0001', ['José Pérez Núñez']],
    ['111 222', ['Pedro Jose']],
    ['+0001', []],
    ['jose 0001', ['José Pérez Núñez']],
    ['MX.10000000000000042', ['Łucja']],
    ['mx.1000', ['Łucja']],
    ['!', []],
    ["%' or 1=1 --", []],
  ])('%j finds %j', async (search, found) => expect(await names(search)).toEqual(found));

  it('come page by page, each once, and with the last call of each', async () => {
    await world.greet();
    world.allow(ANA);
    const made = await world.do('make-call', { to: ANA, session: offer() });
    await world.pass(6);
    const [ana] = (await ask('ana')).body.data;
    expect(ana).toMatchObject({ phone_number_id: FIRST, user: { wa_id: ANA }, last_call: { id: made.body.id, direction: 'outbound' } });
    expect(ana.last_call).not.toHaveProperty('session');
    for (let n = 0; n < 30; n += 1) await know({ waId: `52155222200${String(n).padStart(2, '0')}`, name: `Mara Marín ${n % 7}` });
    for (const search of ['mar', 'mar marin', '5', 'mara 2']) {
      const whole = (await ask(search, { limit: '200' })).body;
      expect(whole.next_cursor).toBeNull();
      const pages: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body }: Body = await ask(search, { limit: '4', ...(cursor && { cursor }) });
        expect(body.data.length).toBeLessThanOrEqual(4);
        pages.push(...body.data.map(({ user }: Body) => user.wa_id));
        cursor = body.next_cursor;
      }
      expect(new Set(pages).size).toBe(pages.length);
      expect(pages).toEqual(whole.data.map(({ user }: Body) => user.wa_id));
    }
    expect((await ask('mar', { limit: '200' })).body.data).toHaveLength(30);
  });

  it('are those of the numbers that the key reaches, each number with its own', async () => {
    await addSecond(world, 'api');
    await know({ waId: '5215511110001', name: 'Pepe Second' }, SECOND);
    await world.app.get(NumbersService).refresh();
    const keyOf = async (numbers: string[] | null) => {
      const { body } = await world.post('/api/keys', { name: 'reader', scopes: ['calls:read'], numbers });
      return { authorization: `Bearer ${body.key}` };
    };
    const [first, second, all] = [await keyOf([FIRST]), await keyOf([SECOND]), await keyOf(null)];
    expect(await names('pepe', {}, first)).toEqual(['José Pérez Núñez']);
    expect(await names('pepe', {}, second)).toEqual(['Pepe Second']);
    expect((await names('pepe', {}, all)).sort()).toEqual(['José Pérez Núñez', 'Pepe Second']);
    expect(await names('pepe', { phone_number_id: SECOND }, all)).toEqual(['Pepe Second']);
    expect((await names('5215511110001', {}, all)).sort()).toEqual(['José Pérez Núñez', 'Pepe Second']);
    expect((await ask('pepe', { phone_number_id: SECOND }, first)).status).toBe(422);
  });

  it('are found by the whole reference of a call with them, first and once, in the numbers of the key alone', async () => {
    await world.greet();
    world.allow(ANA);
    await world.do('make-call', { to: ANA, session: offer(), reference: 'José' });
    await addSecond(world, 'api');
    const { body } = await world.post('/api/keys', { name: 'reader', scopes: ['calls:read'], numbers: [SECOND] });
    expect(await names('José')).toEqual(['Ana', 'José Pérez Núñez', 'Pedro Jose', 'Josefina Peralta']);
    expect((await names('José', { limit: '1' })).concat(await names('Jos'))).toEqual([
      'Ana',
      'José Pérez Núñez',
      'Pedro Jose',
      'Josefina Peralta',
    ]);
    expect(await names('José', {}, { authorization: `Bearer ${body.key}` })).toEqual([]);
    const pages: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Body = await ask('José', { limit: '1', ...(cursor && { cursor }) });
      pages.push(...page.body.data.map(({ user }: Body) => user.name));
      cursor = page.body.next_cursor;
    }
    expect(pages).toEqual(await names('José'));
  });

  it('are refused without words and with a cursor of another list, and a search creates nobody', async () => {
    expect((await ask('')).body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'search' }] });
    expect((await world.get('/api/users')).status).toBe(422);
    expect((await ask('ana', { cursor: 'WzFd' })).body).toMatchObject({ errors: [{ field: 'cursor' }] });
    expect((await ask('5219999999999')).body).toMatchObject({ data: [], next_cursor: null, complete: true });
    expect((await words()).filter((word) => word.includes('5219999999999'))).toEqual([]);
  });

  it('are found by what they are called now, when they are renamed, merged or change their number', async () => {
    await know({ waId: '5215511110001', name: 'Pepe Nuevo' });
    expect([await names('perez nunez'), await names('nuevo')]).toEqual([[], ['Pepe Nuevo']]);
    await know({ userId: 'MX.10000000000000077', name: 'Somebody' });
    await know({ userId: 'MX.10000000000000077', waId: '5215511110002' });
    expect(await names('mx.10000000000000077')).toEqual(await names('5215511110002'));
    const at = world.clock.now() + 1_000;
    await world.app
      .get(Store)
      .write(
        (tx) => world.app.get(PeopleService).changed(tx, FIRST, { former: { waId: '34600111222' }, present: { waId: '34600999888' }, at }),
        [numberLock(FIRST)],
      );
    expect([await names('999888'), await names('111222')]).toEqual([['Pedro Jose'], []]);
    // Whoever knows the whole former number finds the person by it, as everywhere.
    expect(await names('34600111222')).toEqual(['Pedro Jose']);
    expect(await words()).toEqual(await expected());
  });

  it('are renamed by a webhook, also many in one batch', async () => {
    await world.greet();
    const user = world.simulator.context.users.find('ana');
    if (!user) throw new Error('no Ana');
    user.person.name = 'Anastasia Renamed';
    world.simulator.messageSimulation.write(user, 'Hello again');
    await world.pass(2);
    expect([await names('anastasia'), (await names('ana')).includes('Anastasia Renamed')]).toEqual([['Anastasia Renamed'], true]);
    expect(await words()).toEqual(await expected());
  });

  it('are gone from the index once they are erased, or their retention is over', async () => {
    expect((await world.delete('/api/users/5215511110001')).body.erased.person_words).toBeGreaterThan(4);
    expect(await names('perez')).toEqual([]);
    world.clock.time += 3_650 * DAY;
    await world.app.get(RetentionJob).purge();
    expect(await words()).toEqual([]);
  });

  it('whom an older release has made, renamed or deleted are corrected beside the traffic', async () => {
    const db = raw(world.app.get(Store));
    await db
      .insertInto('people')
      .values({ id: 'usr_old', wa_id: '5215533330001', name: 'Vieja Persona', created_at: 1 } as never)
      .execute();
    await db.updateTable('people').set({ name: 'Otro Nombre' }).where('name', '=', 'Łucja').execute();
    await db.deleteFrom('people').where('name', '=', 'Pedro Jose').execute();
    expect((await words()).filter((word) => word.endsWith(' pedro'))).toEqual([]);
    await world.app.get(WordsUpkeep).look();
    expect([await names('vieja'), await names('otro nom'), await names('lucja')]).toEqual([['Vieja Persona'], ['Otro Nombre'], []]);
    expect(await words()).toEqual(await expected());
  });
});
