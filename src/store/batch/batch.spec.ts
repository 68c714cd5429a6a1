import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Store, Tx } from '#store/store.js';
import { type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { AppendedRows } from './appended-rows.js';
import { batchOf, type Held } from './batch.js';
import { insertAll, replacing, type Write } from './batch-statement.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;
const SEEN = { key: 'text', at: 'bigint' } as const;
const PUT = insertAll<{ key: string; at: number }>('seen', SEEN, replacing(SEEN, ['key']));

/** Rows of `seen` that a batch has read and changed. */
class Marks implements Held {
  readonly known = new Map<string, number>();
  #changed = new Map<string, number>();

  put(key: string, at: number): void {
    this.known.set(key, at);
    this.#changed.set(key, at);
  }

  takeWrites(): Write[] {
    const rows = [...this.#changed].map(([key, at]) => ({ key, at }));
    this.#changed = new Map();
    return PUT.of(rows);
  }

  forget(): void {
    this.known.clear();
  }
}

onPostgres('a batch on Postgres', () => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore('postgres');
    store = await database.open();
  });
  afterEach(() => database.remove());

  const owner = {};
  const marksOf = (tx: Tx) => batchOf(tx)?.held(owner, () => new Marks()) as Marks;
  const seen = () => store.read.selectFrom('seen').selectAll().orderBy('key').execute();
  const batch = <T>(work: (tx: Tx, marks: Marks) => Promise<T>) => store.writeBatch((tx) => work(tx, marksOf(tx)), ['number:1']);

  it('writes what was changed at its end, however often, and each row once', async () => {
    await batch(async (_, marks) => {
      for (const at of [1, 2, 3]) marks.put('a', at);
      marks.put('b', 1);
    });
    await batch(async (_, marks) => marks.put('a', 9));
    expect(await seen()).toEqual([
      { key: 'a', at: 9 },
      { key: 'b', at: 1 },
    ]);
  });

  it('writes nothing when its work fails', async () => {
    const failing = batch(async (_, marks) => {
      marks.put('a', 1);
      throw new Error('not today');
    });
    await expect(failing).rejects.toThrow('not today');
    expect(await seen()).toEqual([]);
  });

  it('is seen whole by a statement that knows nothing of it', async () => {
    const found = await batch(async (tx, marks) => {
      marks.put('a', 1);
      return tx.selectFrom('seen').select('key').execute();
    });
    expect(found).toEqual([{ key: 'a' }]);
  });

  it('keeps what it knows after a statement that reads, and forgets it after one that writes', async () => {
    await batch(async (tx, marks) => {
      marks.put('a', 1);
      batchOf(tx)?.noteNew('usr_1');
      await tx.selectFrom('seen').select('key').execute();
      expect([marks.known.size, batchOf(tx)?.isNew('usr_1')]).toEqual([1, true]);
      await tx.updateTable('seen').set({ at: 2 }).execute();
      expect([marks.known.size, batchOf(tx)?.isNew('usr_1')]).toEqual([0, false]);
      await sql`select 1`.execute(tx);
    });
    expect(await seen()).toEqual([{ key: 'a', at: 2 }]);
  });

  it('takes any text, and numbers its rows in the order in which they were added', async () => {
    const names = ['"quoted"', "it's", 'back\\slash', '{a,b}', 'NULL', '', '\u{1f4de} ñ', 'line\nbreak', '\t,{}"'];
    const rows = names.map((name) => ({ call_id: 'call_1', at: 1, kind: 'state', name, data: '{}' }));
    await store.writeBatch(async (tx) => {
      const types = { call_id: 'text', at: 'bigint', kind: 'text', name: 'text', data: 'text' } as const;
      batchOf(tx)
        ?.held({}, () => new AppendedRows<(typeof rows)[number]>(insertAll('timeline', types)))
        .add(...rows);
    }, []);
    const kept = await store.read.selectFrom('timeline').select('name').orderBy('id').execute();
    expect(kept.map(({ name }) => name)).toEqual(names);
  });

  it('has its inserts planned once by a connection, and what reads a table each time', async () => {
    const plansOf = async (like: string, tx: Tx) => {
      const plans = sql<{
        n: number;
      }>`(select coalesce(sum(generic_plans), 0)::int as n from pg_prepared_statements where statement like ${like})`;
      return (await tx.selectFrom(plans.as('plans')).select('n').executeTakeFirstOrThrow()).n;
    };
    let found: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      await batch(async (tx, marks) => {
        await tx.selectFrom('seen').select('at').where('key', '=', 'a').execute();
        found = [await plansOf('with "w0" as (insert into "seen"%', tx), await plansOf('select "at" from "seen"%', tx)];
        marks.put('a', n);
      });
    }
    const [inserts, reads] = found;
    expect(inserts).toBeGreaterThan(0);
    expect(reads).toBe(0);
  });

  it('leaves other transactions as they are', async () => {
    await batch(async () => undefined);
    await store.write(async (tx) => expect(batchOf(tx)).toBeUndefined());
  });

  it('is made at once or not at all, where its caller cannot wait', async () => {
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const other = await database.open();
    const writer = other.write(async () => {
      begun.resolve();
      await held.promise;
    }, ['number:1']);
    await begun.promise;
    const now = (one: Store) =>
      one.writeBatchNow({ prepare: async () => undefined, apply: async (tx) => marksOf(tx).put('now', 1) }, ['number:1']);
    expect(await now(store)).toBeNull();
    expect(await now(other)).toBeNull();
    held.resolve();
    await writer;
    expect(await now(store)).toEqual(expect.objectContaining({ result: undefined }));
    expect(await seen()).toEqual([{ key: 'now', at: 1 }]);
  });

  it('is made for the locks that are free when others have some, and what was prepared for those is undone', async () => {
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const other = await database.open();
    const writer = other.write(async () => {
      begun.resolve();
      await held.promise;
    }, ['number:2']);
    await begun.promise;
    const prepared: (readonly string[])[] = [];
    const written = await store.writeBatchNow(
      {
        prepare: async (tx, locks) => {
          prepared.push(locks);
          for (const lock of locks) await tx.insertInto('seen').values({ key: lock, at: prepared.length }).execute();
          return locks;
        },
        apply: async (_tx, locks) => locks,
      },
      ['number:1', 'number:2', 'number:3'],
    );
    held.resolve();
    await writer;
    expect([written?.result, prepared.length]).toEqual([['number:1', 'number:3'], 2]);
    expect(await seen()).toEqual([
      { key: 'number:1', at: 2 },
      { key: 'number:3', at: 2 },
    ]);
  });

  it('has its locks before it reads, although nobody waits for the answer', async () => {
    const locksNow = sql<{ n: number }>`(select count(*) as n from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())`;
    const prepare = async (tx: Tx) => Number((await tx.selectFrom(locksNow.as('locks')).select('n').executeTakeFirstOrThrow()).n);
    for (const locks of [['number:1'], ['number:1', 'number:2', 'number:3']]) {
      const written = await store.writeBatchNow({ prepare, apply: async (_tx, n) => n }, locks);
      expect(written?.result).toBe(locks.length);
    }
  });

  it('leaves nothing when what is prepared or applied fails, and its connections stay of use', async () => {
    const failing = async (tx: Tx) => {
      marksOf(tx).put('a', 1);
      throw new Error('not today');
    };
    const nothing = async () => undefined;
    for (let round = 0; round < 12; round += 1) {
      const ends = [
        store.writeBatchNow({ prepare: failing, apply: nothing }, ['number:1']),
        store.writeBatchNow({ prepare: nothing, apply: failing }, ['number:2']),
      ];
      for (const end of ends) await expect(end).rejects.toThrow('not today');
    }
    expect(await seen()).toEqual([]);
    expect(await store.writeBatchNow({ prepare: nothing, apply: async (tx) => marksOf(tx).put('b', 1) }, ['number:1'])).not.toBeNull();
    expect(await seen()).toEqual([{ key: 'b', at: 1 }]);
  });
});
