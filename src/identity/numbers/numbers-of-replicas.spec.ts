import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { NumbersStore } from './numbers.store.js';
import { A, ADDED, ALL, B, startRegistry, until } from './registry.fixture.js';

const isReplicated = engines.includes('postgres');

(isReplicated ? describe : describe.skip)('the registry of numbers of two replicas on Postgres', () => {
  let database: TemporaryStore;
  beforeEach(async () => {
    database = await temporaryStore('postgres');
  });
  afterEach(() => database.remove());
  const start = () => startRegistry(database, new StoppedClock());

  it('hears by a notification of numbers that were added, changed and removed elsewhere', async () => {
    const [here, there] = [await start(), await start()];
    await until(async () => Boolean(here.store.notifications?.isUp && there.store.notifications?.isUp));
    await here.numbers.add(A, { source: 'environment' });
    await until(async () => there.numbers.byId(A) !== null);
    await here.numbers.change(A, { name: 'Sales' });
    await until(async () => there.numbers.byId(A)?.name === 'Sales');
    await here.numbers.change(A, { removedAt: 1 });
    await until(async () => there.numbers.byId(A) === null);
  });

  it('hears of a change also while it reads what was there before', async () => {
    const [here, there] = [await start(), await start()];
    await until(async () => Boolean(here.store.notifications?.isUp && there.store.notifications?.isUp));
    await here.numbers.add(A, { source: 'environment' });
    await until(async () => there.numbers.byId(A) !== null);
    const gate = Promise.withResolvers<void>();
    const all = NumbersStore.prototype.all;
    const reading = jest.spyOn(NumbersStore.prototype, 'all').mockImplementationOnce(async function (this: NumbersStore) {
      const rows = await all.call(this);
      await gate.promise;
      return rows;
    });
    const early = there.cache.refresh();
    const heard = Promise.withResolvers<void>();
    there.store.notifications?.listen('numbers', () => heard.resolve());
    await here.numbers.change(A, { state: 'paused' });
    await heard.promise;
    gate.resolve();
    await early;
    reading.mockRestore();
    expect(there.numbers.byId(A)?.state).toBe('paused');
  });

  it('finds them by looking, and when somebody asks for one, where no notification comes', async () => {
    const [here, there] = [await start(), await start()];
    await until(async () => Boolean(here.store.notifications?.isUp && there.store.notifications?.isUp));
    await here.numbers.add(B, ADDED);
    await until(async () => there.numbers.byId(B) !== null);
    jest.spyOn(here.store.notifications as NonNullable<Store['notifications']>, 'announce').mockReturnValue(undefined);
    await here.numbers.add(A, { source: 'environment' });
    expect((await there.numbers.require(ALL, A)).phoneNumberId).toBe(A);
    await here.numbers.change(A, { name: 'Sales' });
    await there.cache.look();
    expect(there.numbers.byId(A)?.name).toBe('Sales');
    const reads = jest.spyOn(there.cache, 'refresh');
    await Promise.all(Array.from({ length: 100 }, (_, n) => there.numbers.ofToken(`unknown-${n}`)));
    // Each must see what was committed before it asked, so they share readings, and none is left out.
    expect(reads.mock.calls.length).toBeLessThan(3);
  });
});
