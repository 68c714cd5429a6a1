import { jest } from '@jest/globals';
import { SECOND } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { inboxOf } from './inbox.fixture.js';

const body = (text: string) => Buffer.from(text);

describe('a webhook while the database hangs', () => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore('sqlite');
    store = await database.open();
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
  });
  afterEach(async () => {
    jest.useRealTimers();
    await database.remove();
  });
  const kept = async () =>
    (await store.read.selectFrom('deliveries').select('body').execute()).map((row) => Buffer.from(row.body).toString());

  it('is refused before 360dialog gives up, and the next one is kept', async () => {
    const { inbox } = inboxOf(store, new StoppedClock());
    const keep = store.keep.bind(store);
    const hang = Promise.withResolvers<void>();
    store.keep = (async (work: Parameters<Store['keep']>[0]) => {
      await hang.promise;
      return keep(work);
    }) as Store['keep'];
    const answers = [inbox.keep(body('first'), null), inbox.keep(body('second'), null)].map((one) =>
      one.catch((error: { code: string }) => error.code),
    );
    await new Promise(setImmediate);
    const behind = inbox.keep(body('behind'), null).catch((error: { code: string }) => error.code);
    await jest.advanceTimersByTimeAsync(4 * SECOND);
    expect(await Promise.all([...answers, behind])).toEqual(Array(3).fill('store_unavailable'));
    hang.resolve();
    await inbox.keep(body('later'), null);
    // What was under way is committed after all, and deduplicated when it is delivered again; what only waited is not.
    expect(await kept()).toEqual(['first', 'second', 'later']);
  });
});
