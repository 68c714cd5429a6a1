import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type pg from 'pg';
import type { Store } from '#store/store.js';
import { type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { isOfPooler, recognize } from './pooler.js';
import { StatementNames } from './statement-names.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;

const sentOften = (names: StatementNames, text: string): string | undefined => Array.from({ length: 10 }, () => names.of(text)).at(-1);

describe('the names of statements', () => {
  it('are given to those that are sent often, the same by every process', () => {
    const [one, other] = [new StatementNames(), new StatementNames()];
    expect(one.of('select $1')).toBeUndefined();
    expect(sentOften(one, 'select $1')).toMatch(/^[0-9a-f]{32}$/);
    expect(sentOften(other, 'select $1')).toBe(one.of('select $1'));
    expect(sentOften(one, 'select $2')).not.toBe(one.of('select $1'));
  });

  it('are given to none whose columns change with the schema', () => {
    const names = new StatementNames();
    for (const text of ['select * from numbers', 'select people.* from people', 'insert into t values ($1) returning *'])
      expect(sentOften(names, text)).toBeUndefined();
    expect(sentOften(names, 'select count(*) from t')).toBeDefined();
  });

  it('are two hundred at most, and texts that come once leave nothing behind', () => {
    const names = new StatementNames();
    const named = Array.from({ length: 250 }, (_, n) => sentOften(names, `select ${n}`)).filter((name) => name !== undefined);
    expect(named).toHaveLength(200);
    const others = new StatementNames();
    const counted = () => {
      others.of('select $1');
      for (let n = 0; n < 2_000; n += 1) others.of(`once ${n}`);
    };
    for (let round = 0; round < 20; round += 1) counted();
    expect(others.of('select $1')).toBeUndefined();
  });
});

describe('a connection', () => {
  const client = (processID: number, pid: number) => ({ processID, query: async () => ({ rows: [{ pid }] }) }) as unknown as pg.PoolClient;

  it('is one of a pooler while it tells of another process than the one that answers', async () => {
    const [direct, pooled] = [client(1, 1), client(1, 2)];
    expect([isOfPooler(direct), isOfPooler(pooled)]).toEqual([true, true]);
    await recognize(direct);
    await recognize(pooled);
    expect([isOfPooler(direct), isOfPooler(pooled)]).toEqual([false, true]);
  });
});

onPostgres('named statements', () => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore('postgres');
    store = await database.open();
  });
  afterEach(() => database.remove());

  it('are parsed once by a connection, and planned each time', async () => {
    const found = await store.write(async (tx) => {
      for (let n = 0; n < 30; n += 1) await tx.selectFrom('seen').select('key').where('key', '=', String(n)).execute();
      const prepared = sql<{ custom: string; generic: string }>`(
        select custom_plans as custom, generic_plans as generic from pg_prepared_statements where statement like '%"seen"%')`;
      return tx.selectFrom(prepared.as('prepared')).select(['custom', 'generic']).execute();
    });
    expect(found.map(({ custom, generic }) => [Number(custom), Number(generic)])).toEqual([[21, 0]]);
  });

  it('outlast a column that the next release adds', async () => {
    const read = () => store.read.selectFrom('queues').selectAll().where('key', '=', '1').execute();
    for (let n = 0; n < 30; n += 1) await read();
    await store.write((tx) => sql`alter table queues add column later text`.execute(tx));
    expect(await read()).toEqual([]);
  });
});
