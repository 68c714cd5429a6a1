import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sha256 } from '#kernel/secret.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { NumbersStore } from './numbers.store.js';
import { A, ADDED, B, C, known, startRegistry, TOKEN, until } from './registry.fixture.js';

describe.each(engines)('the registry of numbers on %s', (engine) => {
  let database: TemporaryStore;
  let clock: StoppedClock;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    clock = new StoppedClock();
  });
  afterEach(() => database.remove());

  const start = (settings = known()) => startRegistry(database, clock, settings);

  it('gives the number of the environment the secrets of the settings, and stores none of them', async () => {
    const { numbers, store } = await start();
    await numbers.add(A, { source: 'environment' });
    const [number] = numbers.all();
    expect(number).toMatchObject({ phoneNumberId: A, source: 'environment', state: 'active', mode: 'live', createdAt: clock.now() });
    expect(number?.apiKey?.reveal()).toBe('key-of-a');
    expect(number?.webhookTokenDigests).toEqual([sha256(TOKEN)]);
    expect(number?.forward?.url).toBe('https://chat.example/hook');
    const [row] = await store.read.selectFrom('numbers').selectAll().execute();
    expect(JSON.stringify(row)).not.toMatch(/key-of-a|token-of-the-environment|chat\.example/);
  });

  it('gives another number what its own row holds, and what it leaves open is null', async () => {
    const { numbers } = await start();
    const settings = JSON.stringify({ time_zone: 'America/Mexico_City', retention_days: 7, permission_policy: 'lax', later: 1 });
    await numbers.add(B, { ...ADDED, settings, forward: JSON.stringify({ url: 'https://b.example', headers: { a: 'b' } }) });
    const number = numbers.byId(B);
    expect(number?.apiKey?.reveal()).toBe('opened:sealed');
    expect(number?.forward).toEqual({ url: 'https://b.example', headers: { a: 'b' } });
    expect(number?.settings).toMatchObject({ time_zone: 'America/Mexico_City', retention_days: 7, permission_policy: null, media: null });
    expect(number?.webhookTokenDigests).toHaveLength(2);
  });

  it('scopes the addresses of each number but the first by its id', async () => {
    const { numbers, store } = await start();
    await numbers.add(B, ADDED);
    await numbers.add(A, { source: 'environment' });
    await numbers.add(B, { name: 'again' });
    const rows = await store.read
      .selectFrom('numbers')
      .select(['phone_number_id', 'address_scope', 'name'])
      .orderBy('phone_number_id')
      .execute();
    expect(rows).toEqual([
      { phone_number_id: A, address_scope: A, name: null },
      { phone_number_id: B, address_scope: '', name: 'again' },
    ]);
  });

  it('takes a row that an older release has written as that of the environment', async () => {
    const { numbers, store, cache } = await start();
    await raw(store)
      .insertInto('numbers')
      .values({ phone_number_id: A, display_phone_number: null, waba_id: null, learned_at: 7, key_digest: null } as never)
      .execute();
    await cache.refresh();
    expect(numbers.environment).toMatchObject({ phoneNumberId: A, source: 'environment', state: 'active', createdAt: 7 });
  });

  it('has one number of the environment: the configured one, else the first', async () => {
    const { numbers } = await start();
    await numbers.add(A, { source: 'environment' });
    clock.pass(1);
    await numbers.add(C, { source: 'environment' });
    expect(numbers.all().map(({ phoneNumberId }) => phoneNumberId)).toEqual([A]);
    if (engine === 'sqlite') return;
    const { numbers: configured } = await start(known({ D360_PHONE_NUMBER_ID: C }));
    expect(configured.all().map(({ phoneNumberId }) => phoneNumberId)).toEqual([C]);
  });

  it('counts as there before one that is added only what is in use', async () => {
    const { numbers } = await start(known({ D360_PHONE_NUMBER_ID: B }));
    await numbers.add(A, { source: 'environment' });
    clock.pass(1);
    await numbers.add(B, { source: 'environment' });
    clock.pass(1);
    expect(await numbers.addNew(C, ADDED, async (_tx, before) => before)).toEqual([B]);
  });

  it('finds a number by its token alone', async () => {
    const { numbers } = await start();
    await numbers.add(A, { source: 'environment' });
    await numbers.add(B, ADDED);
    const of = async (token: string) => (await numbers.ofToken(sha256(token)))?.phoneNumberId ?? null;
    expect([await of(TOKEN), await of('token-of-b'), await of('before'), await of('of-nobody')]).toEqual([A, B, B, null]);
  });

  it('finds the numbers for which a webhook is, and says so of each', async () => {
    const { numbers } = await start();
    await numbers.add(A, { source: 'environment', displayPhoneNumber: '525500000001', wabaId: 'waba-1' });
    await numbers.add(B, { ...ADDED, displayPhoneNumber: '525500000002', wabaId: 'waba-2' });
    await numbers.add(C, { ...ADDED, wabaId: 'waba-2' });
    const of = (phoneNumberId: string | null, displayPhoneNumber: string | null, wabaId: string | null) => {
      const named = { phoneNumberId, displayPhoneNumber, wabaId };
      return [numbers.ofAccount(named).map((one) => one.phoneNumberId), [A, B, C].map((id) => numbers.isOurs(id, named))];
    };
    expect(of(B, '525500000001', 'waba-1')).toEqual([[B], [false, true, false]]);
    expect(of('9', '525500000001', 'waba-1')).toEqual([[], [false, false, false]]);
    expect(of(null, '525500000002', null)).toEqual([[B], [false, true, false]]);
    expect(of(null, null, 'waba-2')).toEqual([
      [B, C],
      [false, true, true],
    ]);
    expect(of(null, '525500000009', 'waba-2')).toEqual([[C], [false, false, null]]);
    expect(of(null, null, '0')).toEqual([
      [A, B, C],
      [null, null, null],
    ]);
  });

  it('learns of one number alone, tells who listens, and writes nothing twice', async () => {
    const { numbers, store } = await start();
    await numbers.add(A, { source: 'environment' });
    await numbers.add(B, ADDED);
    const changed: string[] = [];
    numbers.onChanged((ids) => changed.push(...ids));
    await numbers.learn(A, { wabaId: 'waba-1' });
    await numbers.learn(B, { displayPhoneNumber: '525500000002' });
    const writes = jest.spyOn(store, 'write');
    await numbers.learn(A, { wabaId: 'waba-1' });
    await numbers.learn(A, { wabaId: '0' });
    await numbers.learn(B, { displayPhoneNumber: '525500000002' });
    await numbers.learn(C, { displayPhoneNumber: '525500000003' });
    expect([changed, writes.mock.calls]).toEqual([[A, B], []]);
    expect([numbers.byId(A)?.wabaId, numbers.byId(B)?.displayPhoneNumber, numbers.byId(A)?.displayPhoneNumber]).toEqual([
      'waba-1',
      '525500000002',
      null,
    ]);
  });

  it('does not take what was read before a write for what came of it', async () => {
    const { numbers, cache, store } = await start();
    await numbers.add(A, { source: 'environment' });
    const gate = Promise.withResolvers<void>();
    const all = NumbersStore.prototype.all;
    const reading = jest.spyOn(NumbersStore.prototype, 'all').mockImplementationOnce(async function (this: NumbersStore) {
      const rows = await all.call(this);
      await gate.promise;
      return rows;
    });
    const early = cache.refresh();
    const learning = numbers.learn(A, { displayPhoneNumber: '525500000001' });
    await until(
      async () => (await store.read.selectFrom('numbers').select('display_phone_number').executeTakeFirst())?.display_phone_number !== null,
    );
    await setImmediate();
    gate.resolve();
    await Promise.all([early, learning]);
    reading.mockRestore();
    expect(numbers.byId(A)?.displayPhoneNumber).toBe('525500000001');
  });

  it('takes no number of the environment that is not in use for the first one', async () => {
    const { numbers } = await start();
    await numbers.add(C, { source: 'environment' });
    const { numbers: configured } = await start(known({ D360_PHONE_NUMBER_ID: A }));
    clock.pass(1);
    await configured.add(A, { source: 'environment' });
    const before = await configured.addNew(B, ADDED, async (_tx, ids) => ids);
    expect(before).toEqual([A]);
  });

  it('keeps a write for done when the database goes away right after it, and reads it with the next look', async () => {
    const { numbers, cache } = await start();
    await numbers.add(A, { source: 'environment' });
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    jest.spyOn(NumbersStore.prototype, 'all').mockRejectedValueOnce(away);
    await numbers.change(A, { name: 'Sales' });
    // On Postgres the notification of the commit may have read it already.
    if (engine === 'sqlite') expect(numbers.byId(A)?.name).toBeNull();
    await cache.look();
    expect(numbers.byId(A)?.name).toBe('Sales');
  });
});
