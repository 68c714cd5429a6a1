import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '#store/store.js';
import { type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { READING, type Reading } from './reading.js';
import { ReadingsStore } from './readings.store.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;
const NUMBERS = ['300000000000001', '300000000000002'];

/** Every combination of source, scope and time, in an order that puts older ones after newer ones. */
const readings = [3, 1, 2, 2].flatMap((at) =>
  ['meta', 'owner'].flatMap((source) =>
    (['number', 'portfolio'] as const).map(
      (scope): Reading => ({ name: READING.callPrimary, source, scope, value: `${source} ${scope} ${at}`, observedAt: at }),
    ),
  ),
);

const bySource = (all: readonly Reading[]) => all.toSorted((one, other) => one.source.localeCompare(other.source));

onPostgres('the readings of a batch', () => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore('postgres');
    store = await database.open();
  });
  afterEach(() => database.remove());

  const kept = async () =>
    (await store.read.selectFrom('readings').selectAll().orderBy('phone_number_id').orderBy('source').execute()).map(
      ({ phone_number_id, ...row }) => ({ ...row, isFirst: phone_number_id === NUMBERS[0] }),
    );

  it.each(['known', 'not read'])('are those that the same saves leave one by one, where the rows are %s', async (known) => {
    const readingsStore = new ReadingsStore();
    const orders = [readings, readings.toReversed(), [...readings.slice(5), ...readings.slice(0, 5)]];
    for (const order of orders) {
      const [one, other] = NUMBERS as [string, string];
      await store.write(async (tx) => {
        for (const reading of order) await readingsStore.save(tx, one, reading);
      });
      await store.writeBatch(async (tx) => {
        if (known === 'known') await readingsStore.readAhead(tx, [other], READING.callPrimary);
        for (const reading of order) await readingsStore.save(tx, other, reading);
        const named = await readingsStore.named(tx, other, READING.callPrimary);
        expect(bySource(named)).toEqual(bySource(await readingsStore.named(store.read, one, READING.callPrimary)));
      }, []);
      const rows = await kept();
      const of = (isFirst: boolean) => rows.filter((row) => row.isFirst === isFirst).map(({ isFirst: _, ...row }) => row);
      expect(of(false)).toEqual(of(true));
      expect(of(true)).toHaveLength(2);
    }
  });

  it('are read ahead for several numbers at once, also where a number has none', async () => {
    const readingsStore = new ReadingsStore();
    const [one, other] = NUMBERS as [string, string];
    const [first] = readings as [Reading, ...Reading[]];
    await store.write((tx) => readingsStore.save(tx, one, first));
    await store.writeBatch(async (tx) => {
      await readingsStore.readAhead(tx, NUMBERS, READING.callPrimary);
      await store.write((elsewhere) => readingsStore.save(elsewhere, other, first));
      expect(await readingsStore.named(tx, one, READING.callPrimary)).toEqual([first]);
      expect(await readingsStore.named(tx, other, READING.callPrimary)).toEqual([]);
    }, []);
  });
});
