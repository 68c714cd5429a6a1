import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { ForwardsStore } from './forwards.store.js';

const [RARE, BUSY] = ['300000000000002', '300000000000001'];
const ROWS = 20_000;

describe.each(engines)('the deliveries of one number among those of another, on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    const number = sql`case when n % 5000 = 0 then ${sql.lit(RARE)} else ${sql.lit(BUSY)} end`;
    const counted =
      engine === 'sqlite'
        ? sql`with recursive s(n) as (select 1 union all select n + 1 from s where n < ${sql.lit(ROWS)})
            insert into deliveries (phone_number_id, received_at, body, state, attempts) select ${number}, n, '{}', 'done', 0 from s`
        : sql`insert into deliveries (phone_number_id, received_at, body, state, attempts)
            select ${number}, n, convert_to(repeat(md5(n::text), 10), 'utf8'), 'done', 0 from generate_series(1, ${sql.lit(ROWS)}) as n`;
    await counted.execute(raw(store));
  });
  afterEach(() => database.remove());

  it('are read by the index of the number, in order, from the cursor on', async () => {
    const forwards = new ForwardsStore(store);
    const { xid } = await store.read.selectFrom('deliveries').select('xid').limit(1).executeTakeFirstOrThrow();
    const of = { name: RARE, numbers: [RARE] };
    expect((await forwards.after(of, { xid, id: 0 }, 10)).map(({ id }) => id)).toEqual([5_000, 10_000, 15_000, 20_000]);
    expect((await forwards.after(of, { xid, id: 10_000 }, 1)).map(({ id }) => id)).toEqual([15_000]);
    if (engine === 'sqlite') {
      const { rows } = await sql<{ detail: string }>`explain query plan select id from deliveries
        where phone_number_id in (${RARE}) and id > 0 order by xid, id limit 10`.execute(raw(store));
      expect(rows.map(({ detail }) => detail).join()).toMatch(/INDEX deliveries_of_number \(phone_number_id=\? AND (id|rowid)>\?\)/);
      return;
    }
    const blocksOf = async (statement: string) => {
      const { rows } = await sql<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>`explain (analyze, buffers, format json) ${sql.raw(
        statement,
      )}`.execute(raw(store));
      const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
      return (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
    };
    const all = await blocksOf('select body from deliveries');
    await blocksOf(`select * from deliveries_of_after('${RARE}', ${xid}, 0, 20)`);
    const page = await blocksOf(`select * from deliveries_of_after('${RARE}', ${xid}, 0, 20)`);
    expect(all).toBeGreaterThan(500);
    expect(page).toBeLessThan(all / 3);
  });
});
