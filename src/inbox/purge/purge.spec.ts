import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSettings } from '#config/read-settings.js';
import { NumberCache } from '#identity/numbers/number-cache.service.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { NumbersStore } from '#identity/numbers/numbers.store.js';
import { DAY } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { InboxPurge } from './purge.service.js';

const [A, B] = ['300000000000001', '300000000000002'];

describe.each(engines)('deliveries past their time on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
  });
  afterEach(() => database.remove());

  it('are deleted, too, where they wait for a number that was removed, and stay where the number is in use', async () => {
    const clock = new StoppedClock();
    const settings = readSettings({ D360_API_KEY: 'key-of-a', D360_WEBHOOK_TOKEN: 'token-of-the-environment-0123456789' });
    const cache = new NumberCache(new NumbersStore(store), store, settings);
    const numbers = new NumbersService(cache, clock);
    await numbers.add(A, { source: 'environment' });
    await numbers.add(B, { source: 'api' });
    await numbers.change(B, { removedAt: clock.now() });
    const row = (phone_number_id: string, days: number) => ({
      ...{ phone_number_id, received_at: clock.now() - days * DAY, body: Buffer.from(`${phone_number_id} ${days}`) },
      ...{ state: 'new' as const, attempts: 0 },
    });
    await raw(store)
      .insertInto('deliveries')
      .values([row(A, 9), row(B, 9), row('', 9), row(B, 1)])
      .execute();
    await new InboxPurge(store, clock, new SettingsOfNumbers(cache, settings)).purge();
    const left = await store.read.selectFrom('deliveries').select('body').orderBy('id').execute();
    expect(left.map(({ body }) => Buffer.from(body).toString())).toEqual([`${A} 9`, ' 9', `${B} 1`]);
  });
});
