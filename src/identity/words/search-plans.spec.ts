import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import type { Store } from '#store/store.js';
import { raw, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { PersonWordsStore } from './person-words.store.js';

const NUMBER = '300000000000001';
const PEOPLE = 20_000;

(process.env.TEST_POSTGRES_URL ? describe : describe.skip)('the search of people on Postgres', () => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore('postgres');
    store = await database.open();
    await store.write(async (tx) => {
      await sql`insert into person_words (phone_number_id, word, person_id)
        select ${NUMBER}, word || n, 'usr_' || n from generate_series(1, ${PEOPLE}::int) as n, unnest(array['<0', 'ana', 'zoe']) as word`.execute(
        tx,
      );
    });
    await sql`analyze person_words`.execute(raw(store));
  });
  afterEach(() => database.remove());

  /** The plans of what `find` asks. */
  const plansOf = async (query: Partial<Parameters<PersonWordsStore['find']>[1]>): Promise<string> => {
    const sent = jest.spyOn(pg.Client.prototype, 'query');
    const all = { numbers: [NUMBER], read: '', before: [], others: [], except: [], after: null, limit: 51 };
    await new PersonWordsStore().find(store.read, { ...all, ...query });
    const asked = sent.mock.calls.map(([given]) => given as unknown as { text: string; values: unknown[] });
    sent.mockRestore();
    const client = await connect(store);
    const plans: string[] = [];
    for (const { text, values } of asked.filter((one) => one.text?.includes('person_words'))) {
      const { rows } = await client.query(`explain ${text}`, values);
      plans.push(...rows.map((row) => row['QUERY PLAN']));
    }
    await client.end();
    return plans.join('\n');
  };

  it('reads the index for each person whom a word excludes, also where few people have that word', async () => {
    const plan = await plansOf({ read: '<0', before: ['0'] });
    expect(plan).toContain('person_words_person');
    expect(plan).not.toContain('Seq Scan');
  });
});

async function connect(store: Store): Promise<pg.Client> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(raw(store));
  const url = new URL(process.env.TEST_POSTGRES_URL ?? '');
  url.pathname = `/${rows[0]?.name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}
