import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { LONGEST_QUEUE_MS, PermissionReads } from './permission-reads.service.js';
import { PermissionReadsStore, type ReadSlot } from './permission-reads.store.js';

const NUMBER = '300000000000001';
const LIMIT = { most: 5, spanMs: 1_000, longestWaitMs: 2_000 };
/** Keeps the slots apart from those that become free while a slow machine asks. */
const LONG = { most: 5, spanMs: 3_600_000, longestWaitMs: 7_200_000 };

describe.each(engines)('permission reads on %s', (engine) => {
  let database: TemporaryStore;
  let stores: Store[];

  beforeEach(async () => {
    database = await temporaryStore(engine);
    // Only Postgres takes several replicas.
    stores = engine === 'postgres' ? await Promise.all([1, 2, 3].map(() => database.open())) : [await database.open()];
  });
  afterEach(() => database.remove());

  it('get five slots in any second over all replicas, and one that would wait longer than two seconds gets none', async () => {
    const all = stores.map((store) => new PermissionReads(store, new PermissionReadsStore()));
    const began = performance.now();
    const waits = await Promise.all(Array.from({ length: 60 }, (_, n) => all[n % all.length]?.take(NUMBER)));
    const seconds = Math.ceil((performance.now() - began) / 1_000);
    const given = waits.filter((wait) => wait !== undefined);
    // Five at once, five after a second, five after two, and five for each second that the machine took to ask.
    expect(given.length).toBeGreaterThanOrEqual(10);
    expect(given.length).toBeLessThanOrEqual(15 + 5 * seconds);
    expect(Math.max(...given)).toBeLessThanOrEqual(LONGEST_QUEUE_MS);
  });
});

const onPostgres = engines.includes('postgres') ? describe : describe.skip;

onPostgres('the slots of three replicas on one Postgres', () => {
  let database: TemporaryStore;
  let stores: Store[];
  const slots = new PermissionReadsStore();

  beforeEach(async () => {
    database = await temporaryStore('postgres');
    stores = await Promise.all([1, 2, 3].map(() => database.open()));
  });
  afterEach(() => database.remove());

  const takeAll = async (count: number, limit: typeof LIMIT): Promise<Array<ReadSlot | undefined>> =>
    Promise.all(Array.from({ length: count }, (_, n) => stores[n % 3]?.write((tx) => slots.take(tx, NUMBER, limit))));
  const timesOf = (taken: Array<ReadSlot | undefined>) => taken.flatMap((slot) => slot?.at ?? []).sort((a, b) => a - b);

  it('lie so that no second has more than five', async () => {
    const times = timesOf(await takeAll(60, LIMIT));
    for (const [index, at] of times.entries()) expect(at - (times[index - 5] ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(times.length).toBeGreaterThanOrEqual(10);
  });

  it('are fifteen within the longest wait, whoever asks; the others take none', async () => {
    const taken = await takeAll(30, LONG);
    expect(timesOf(taken)).toHaveLength(15);
    expect(taken.filter((slot) => slot?.waitMs === 0).length).toBeLessThanOrEqual(5);
  });

  it('of another number are its own', async () => {
    await takeAll(15, LONG);
    expect((await stores[1]?.write((tx) => slots.take(tx, '300000000000002', LONG)))?.waitMs).toBe(0);
  });

  it('count for nothing when they lie further ahead than a wait can be: the clock of the database was set back', async () => {
    const ahead = Date.now() + 3_600_000;
    await stores[0]?.write((tx) =>
      tx
        .insertInto('permission_reads')
        .values({ phone_number_id: NUMBER, slots: `{${ahead},${ahead},${ahead},${ahead},${ahead}}` })
        .execute(),
    );
    expect((await takeAll(1, LIMIT))[0]?.waitMs).toBe(0);
  });
});
