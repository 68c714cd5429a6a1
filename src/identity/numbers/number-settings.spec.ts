import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSettings } from '#config/read-settings.js';
import { inboxOf } from '#inbox/inbox.fixture.js';
import { InboxStore } from '#inbox/inbox.store.js';
import { HOUR } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { NumberCache } from './number-cache.service.js';
import { SettingsOfNumbers } from './number-settings.service.js';
import { NumbersService } from './numbers.service.js';
import { NumbersStore } from './numbers.store.js';

const [A, B] = ['300000000000001', '300000000000002'];
const env = {
  ...{ D360_API_KEY: 'key-of-a', D360_WEBHOOK_TOKEN: 'token-of-the-environment-0123456789' },
  ...{ COMPLIANCE_TIME_ZONE: 'America/Mexico_City', RETENTION_DAYS: '30', PERMISSION_POLICY: 'sandbox' },
};

describe.each(engines)('the settings in force on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let numbers: NumbersService;
  let settings: SettingsOfNumbers;
  const clock = new StoppedClock();

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    const gateway = readSettings(env);
    const cache = new NumberCache(new NumbersStore(store), store, gateway);
    await cache.onModuleInit();
    numbers = new NumbersService(cache, clock);
    settings = new SettingsOfNumbers(cache, gateway);
    await numbers.add(A, { source: 'environment' });
    await numbers.add(B, { source: 'api' });
  });
  afterEach(() => database.remove());

  it('are the own of a number, else the gateway, and change with it at once', async () => {
    const gateway = {
      ...{ timeZone: 'America/Mexico_City', pollCron: '*/15 * * * *', reportCron: '0 8 * * *', permissionPolicy: 'sandbox' },
      ...{ requiredConversations: 1_000, windowDays: 30 },
    };
    expect([settings.of(A), settings.of(B), settings.of('9')]).toEqual([gateway, gateway, gateway]);
    const own = {
      ...{ time_zone: 'Asia/Tokyo', poll_cron: '0 * * * *', report_cron: '0 6 * * *', permission_policy: 'production' },
      ...{ required_conversations: 2_000, retention_days: 7 },
    };
    await numbers.change(B, { settings: JSON.stringify(own) });
    expect([settings.of(A), settings.of(B)]).toEqual([
      gateway,
      {
        ...{ timeZone: 'Asia/Tokyo', pollCron: '0 * * * *', reportCron: '0 6 * * *', permissionPolicy: 'production' },
        ...{ requiredConversations: 2_000, windowDays: 30 },
      },
    ]);
    await numbers.change(B, { settings: JSON.stringify({ time_zone: null }) });
    expect(settings.of(B)).toEqual(gateway);
  });

  it('keep the retention of a number that was removed', async () => {
    expect(await settings.ownRetentions()).toEqual([]);
    await numbers.change(B, { settings: JSON.stringify({ retention_days: 7 }) });
    expect(await settings.ownRetentions()).toEqual([{ phoneNumberId: B, days: 7, isRemoved: false }]);
    await numbers.change(B, { removedAt: clock.now() });
    expect(await settings.ownRetentions()).toEqual([{ phoneNumberId: B, days: 7, isRemoved: true }]);
  });

  it('give deliveries of no number to the first alone: another that is silent does not look alive', async () => {
    const { inbox } = inboxOf(store, clock);
    const heardAt = (id: string) => new InboxStore(store).lastReceivedAt(numbers.keptUnder(id));
    await inbox.keep(Buffer.from('{}'), B);
    const before = clock.now();
    clock.pass(HOUR);
    await inbox.keep(Buffer.from('{}'), null);
    expect([await heardAt(A), await heardAt(B)]).toEqual([clock.now(), before]);
    clock.pass(HOUR);
    await inbox.keep(Buffer.from('{}'), A);
    expect([await heardAt(A), await heardAt(B)]).toEqual([clock.now(), before]);
  });
});
