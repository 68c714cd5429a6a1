import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Prepared, PreparedRows, pick } from '#store/prepared.js';
import type { Reader, Store, Tx } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';

interface Seen {
  key: string;
  at: number;
}

describe.each(engines)('a prepared statement on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let built: number[];
  let add: PreparedRows<Seen, unknown, Tx>;
  let find: PreparedRows<{ key: string }, Seen>;

  const several = (count: number, from = 0): Seen[] => Array.from({ length: count }, (_, i) => ({ key: `k${from + i}`, at: from + i }));
  const all = async () => (await store.read.selectFrom('seen').selectAll().orderBy('at').execute()).map(({ key, at }) => ({ key, at }));

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    built = [];
    add = new PreparedRows((db: Tx, rows: Seen[]) => {
      built.push(rows.length);
      return db
        .insertInto('seen')
        .values(rows.map((row) => pick(row, ['key', 'at'])))
        .onConflict((conflict) => conflict.doNothing());
    });
    find = new PreparedRows((db: Reader, rows: { key: string }[]) => {
      const keys = rows.map(({ key }) => key);
      return db.selectFrom('seen').select(['key', 'at']).where('key', 'in', keys).orderBy('at');
    });
  });
  afterEach(() => database.remove());

  it('is built once, and takes new values with each run', async () => {
    for (const row of several(3)) await store.write((tx) => add.run(tx, [row]));
    expect(await all()).toEqual(several(3));
    expect(built).toEqual([1]);
  });

  it('is built for each number of rows, in the right order', async () => {
    await store.write((tx) => add.run(tx, several(2)));
    await store.write((tx) => add.run(tx, several(3, 2)));
    await store.write((tx) => add.run(tx, several(2, 5)));
    expect(await all()).toEqual(several(7));
    expect(built).toEqual([2, 3]);
  });

  it('goes through many rows in pieces, and through none without a statement', async () => {
    expect((await store.write((tx) => add.run(tx, several(150)))).changed).toBe(150);
    expect((await store.write((tx) => add.run(tx, []))).changed).toBe(0);
    expect(built).toEqual([64, 22]);
    const found = await find.run(store.read, several(150));
    expect(found.rows).toEqual(several(150));
  });

  it('says how many rows it has changed', async () => {
    await store.write((tx) => add.run(tx, several(2)));
    expect(await store.write((tx) => add.run(tx, several(5)))).toEqual({ rows: [], changed: 3 });
  });

  it('keeps the values of runs apart that wait for each other, and writes nothing when its transaction fails', async () => {
    await Promise.all(several(20).map((row) => store.write((tx) => add.run(tx, [row]))));
    const failing = store.write(async (tx) => {
      await add.run(tx, [{ key: 'lost', at: 99 }]);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    const found = await Promise.all(several(20).map(({ key }) => find.run(store.read, [{ key }])));
    expect(found.map(({ rows }) => rows[0])).toEqual(several(20));
    expect(await all()).toHaveLength(20);
  });

  it('takes one set of values, null among them, and leaves what is fixed as it is', async () => {
    const set = new Prepared((db: Tx, { value, key }: { value: string; key: string }) =>
      db.insertInto('meta').values({ key, value }).returning(['key', 'value']),
    );
    expect(await store.write((tx) => set.first(tx, { key: 'a', value: 'one' }))).toEqual({ key: 'a', value: 'one' });
    const marked = new Prepared((db: Tx, { id, lastUsedAt }: { id: string; lastUsedAt: number | null }) =>
      db
        .insertInto('api_keys')
        .values({ id, name: 'n', hash: id, scopes: '[]', source: 'api', every_scope: 0, created_at: 7, last_used_at: lastUsedAt })
        .returning(['name', 'created_at', 'last_used_at']),
    );
    expect(await store.write((tx) => marked.first(tx, { id: 'k1', lastUsedAt: null }))).toEqual({
      name: 'n',
      created_at: 7,
      last_used_at: null,
    });
    expect((await store.write((tx) => marked.first(tx, { id: 'k2', lastUsedAt: 5 })))?.last_used_at).toBe(5);
  });
});
