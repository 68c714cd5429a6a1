import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Store } from '#store/store.js';
import { raw, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { BacklogStore } from './backlog.store.js';
import { InboxStore } from './inbox.store.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;
const WAITING = 5_000;
const NUMBER = '300000000000001';
const OTHER = '300000000000002';

interface Plan {
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
}

onPostgres('deliveries that wait on Postgres', () => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore('postgres');
    store = await database.open();
    // Nobody has analyzed the table since: for the planner it is nearly empty.
    const body = sql`convert_to(repeat(md5(n::text), 40), 'utf8')`;
    const first = sql.lit(NUMBER);
    await sql`insert into deliveries (phone_number_id, received_at, body, state, attempts)
      select ${first}, n, ${body}, 'new', case when n = 3 then 1 else 0 end from generate_series(1, ${sql.lit(WAITING)}) as n`.execute(
      raw(store),
    );
    await sql`insert into deliveries (phone_number_id, received_at, body, state, attempts)
      values (${sql.lit(OTHER)}, 0, '{}', 'new', 0), ('', -1, '{}', 'new', 0), ('300000000000003', 0, '{}', 'done', 0)`.execute(raw(store));
  });
  afterEach(() => database.remove());

  it('are read in order of arrival, the untried alone', async () => {
    const batch = await new InboxStore(store).waiting(NUMBER, 5);
    expect(batch.map(({ receivedAt }) => receivedAt)).toEqual([1, 2, 4, 5, 6]);
  });

  it('wait for the others of their number alone', async () => {
    const inbox = new InboxStore(store);
    const first = await Promise.all([OTHER, null].map((number) => inbox.waiting(number, 5)));
    expect(first.map((batch) => batch.map(({ phoneNumberId, receivedAt }) => [phoneNumberId, receivedAt]))).toEqual([
      [[OTHER, 0]],
      [[null, -1]],
    ]);
    expect(await new BacklogStore(store).waitingNumbers()).toEqual([null, NUMBER, OTHER]);
  });

  it('cost a batch no more pages when many wait', async () => {
    const blocksOf = async (statement: string) => {
      const { rows } = await sql<{ 'QUERY PLAN': { Plan: Plan }[] }>`explain (analyze, buffers, format json) ${sql.raw(statement)}`.execute(
        raw(store),
      );
      const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
      return (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
    };
    const all = await blocksOf('select body from deliveries');
    const batch = await blocksOf(`select * from untried_deliveries_of('${NUMBER}', 50)`);
    expect(all).toBeGreaterThan(500);
    expect(batch).toBeLessThan(all / 4);
    expect(await blocksOf('select * from waiting_numbers()')).toBeLessThan(all / 10);
  });
});
