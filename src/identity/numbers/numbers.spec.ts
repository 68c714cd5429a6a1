import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readSettings } from '#config/read-settings.js';
import { Problem } from '#kernel/problem.js';
import { Secret, sha256 } from '#kernel/secret.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { NumberCache } from './number-cache.service.js';
import { NumbersService } from './numbers.service.js';
import { NumbersStore } from './numbers.store.js';

const [A, B, C] = ['300000000000001', '300000000000002', '300000000000003'];
const TOKEN = 'token-of-the-environment-0123456789';
const ALL = { numbers: null };
const known = (given: Record<string, string> = {}) =>
  readSettings({ D360_API_KEY: 'key-of-a', D360_WEBHOOK_TOKEN: TOKEN, WEBHOOK_FORWARD_URL: 'https://chat.example/hook', ...given });

describe.each(engines)('the registry of numbers on %s', (engine) => {
  let database: TemporaryStore;
  let clock: StoppedClock;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    clock = new StoppedClock();
  });
  afterEach(() => database.remove());

  /** The registry of one process. */
  const start = async (settings = known()) => {
    const store: Store = await database.open();
    const cache = new NumberCache(new NumbersStore(store), store, settings);
    cache.openKey = (sealed) => new Secret(`opened:${sealed}`);
    cache.openForward = (sealed) => new Secret(sealed);
    await cache.onModuleInit();
    cache.onApplicationBootstrap();
    return { store, cache, numbers: new NumbersService(cache, clock) };
  };
  const others = {
    source: 'api',
    sealedApiKey: 'sealed',
    webhookTokenDigest: sha256('token-of-b'),
    previousWebhookTokenDigest: sha256('before'),
  } as const;
  const problemOf = async (asked: Promise<unknown>) => {
    const problem = await asked.then(
      () => null,
      (error: unknown) => error,
    );
    if (!(problem instanceof Problem)) throw new Error('no problem');
    const { code, params, errors } = problem;
    return { code, params, errors };
  };

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
    await numbers.add(B, { ...others, settings, forward: JSON.stringify({ url: 'https://b.example', headers: { a: 'b' } }) });
    const number = numbers.byId(B);
    expect(number?.apiKey?.reveal()).toBe('opened:sealed');
    expect(number?.forward).toEqual({ url: 'https://b.example', headers: { a: 'b' } });
    expect(number?.settings).toMatchObject({ time_zone: 'America/Mexico_City', retention_days: 7, permission_policy: null, media: null });
    expect(number?.webhookTokenDigests).toHaveLength(2);
  });

  it('scopes the addresses of each number but the first by its id', async () => {
    const { numbers, store } = await start();
    await numbers.add(B, others);
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
    expect(await numbers.addNew(C, others, async (_tx, before) => before)).toEqual([B]);
  });

  describe('asked by a principal', () => {
    let numbers: NumbersService;
    beforeEach(async () => {
      ({ numbers } = await start());
      await numbers.add(A, { source: 'environment' });
    });

    it('needs no id where one number alone can be meant, and says which one it must be', async () => {
      expect((await numbers.require(ALL)).phoneNumberId).toBe(A);
      expect((await numbers.require(ALL, A)).phoneNumberId).toBe(A);
      expect(await problemOf(numbers.require(ALL, B))).toMatchObject({
        code: 'unknown_number',
        errors: [{ message: { en: `must be ${A}` } }],
      });
    });

    it('asks for an id where several can be meant, and lists none of them', async () => {
      await numbers.add(B, others);
      const problem = await problemOf(numbers.require(ALL));
      expect(problem.code).toBe('number_required');
      expect(JSON.stringify(problem)).not.toMatch(/3000000/);
      expect((await numbers.require(ALL, B)).phoneNumberId).toBe(B);
      expect((await numbers.require({ numbers: [B] })).phoneNumberId).toBe(B);
    });

    it.each([[[B]], [[B, C]], [[]]])('answers a number out of reach of %j as one that does not exist', async (reached) => {
      await numbers.add(B, others);
      await numbers.add(C, others);
      const nobodys = await problemOf(numbers.require({ numbers: reached }, '999999999999999'));
      const theirs = await problemOf(numbers.require({ numbers: reached }, A));
      expect(nobodys.code).toBe('unknown_number');
      expect(JSON.stringify(theirs).replaceAll(A, '999999999999999')).toBe(JSON.stringify(nobodys));
      expect(await problemOf(numbers.requireProven({ numbers: reached }, A))).toEqual(theirs);
    });

    it('looks equally often into the database for either', async () => {
      const { numbers: fresh, cache } = await start();
      const look = jest.spyOn(cache, 'refreshAfterMiss');
      await problemOf(fresh.require({ numbers: [B] }, '999999999999999'));
      await problemOf(fresh.require({ numbers: [B] }, A));
      expect(look).toHaveBeenCalledTimes(2);
    });

    it('proves no number while nobody asks 360dialog', async () => {
      expect((await problemOf(numbers.requireProven(ALL, A))).code).toBe('number_unproven');
    });

    it('says why there is none while there is none, and asks for the one of the environment', async () => {
      await numbers.change(A, { removedAt: 1 });
      expect((await problemOf(numbers.require(ALL))).code).toBe('upstream_unavailable');
      const prover = {
        find: jest.fn(async () => undefined),
        reason: new Problem('upstream_key_rejected'),
        declared: null,
        assertProven: async () => undefined,
      };
      numbers.prover = prover;
      expect((await problemOf(numbers.require(ALL, A))).code).toBe('upstream_key_rejected');
      expect(prover.find).toHaveBeenCalledTimes(1);
      numbers.prover = { ...prover, declared: numbers.unkept(C) };
      expect((await numbers.require(ALL)).phoneNumberId).toBe(C);
      expect([numbers.byId(C)?.phoneNumberId, numbers.all()]).toEqual([C, []]);
    });

    it('does not wait for the one of the environment where another is meant', async () => {
      await numbers.change(A, { removedAt: 1 });
      await numbers.add(B, others);
      numbers.prover = { find: () => new Promise(() => undefined), reason: null, declared: null, assertProven: async () => undefined };
      expect((await numbers.require({ numbers: [B] })).phoneNumberId).toBe(B);
      expect((await numbers.require(ALL, B)).phoneNumberId).toBe(B);
    });
  });

  it('finds a number by its token alone', async () => {
    const { numbers } = await start();
    await numbers.add(A, { source: 'environment' });
    await numbers.add(B, others);
    const of = async (token: string) => (await numbers.ofToken(sha256(token)))?.phoneNumberId ?? null;
    expect([await of(TOKEN), await of('token-of-b'), await of('before'), await of('of-nobody')]).toEqual([A, B, B, null]);
  });

  it('finds the numbers for which a webhook is, and says so of each', async () => {
    const { numbers } = await start();
    await numbers.add(A, { source: 'environment', displayPhoneNumber: '525500000001', wabaId: 'waba-1' });
    await numbers.add(B, { ...others, displayPhoneNumber: '525500000002', wabaId: 'waba-2' });
    await numbers.add(C, { ...others, wabaId: 'waba-2' });
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
    await numbers.add(B, others);
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
    const before = await configured.addNew(B, others, async (_tx, ids) => ids);
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

  if (engine === 'sqlite') return;

  describe('on two replicas', () => {
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
      await here.numbers.add(B, others);
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
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await setImmediate();
}
