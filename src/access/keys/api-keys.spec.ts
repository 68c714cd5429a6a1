import { AuditService } from '#access/audit/audit.service.js';
import { AuditStore } from '#access/audit/audit.store.js';
import type { Principal } from '#access/authorization/principal.js';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import type { Settings } from '#config/settings.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { MINUTE } from '#kernel/clock.js';
import { Secret } from '#kernel/secret.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { SILENT_LOG } from '#telemetry/log.fixture.js';
import { ApiKeysService } from './api-keys.service.js';
import { ApiKeysStore } from './api-keys.store.js';
import { keysOfOneNumber } from './key-numbers.fixture.js';

describe.each(engines)('API keys on %s', (engine) => {
  const clock = new StoppedClock();
  let database: TemporaryStore;
  let store: Store;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((keys) => keys.flush()));
    await database.remove();
  });

  const services: ApiKeysService[] = [];
  const service = (apiKey: string | null, on = store) => {
    const keys = new ApiKeysService(
      new ApiKeysStore(on),
      keysOfOneNumber(new ApiKeysStore(on)),
      on,
      { apiKey: apiKey === null ? null : new Secret(apiKey) },
      clock,
      new AuditService(new AuditStore(on), on, clock, SILENT_LOG, { auditRetentionDays: 365 } as Settings),
      SILENT_LOG,
    );
    services.push(keys);
    return keys;
  };
  /** A second process; the SQLite file belongs to one alone. */
  const replica = async () => (engine === 'postgres' ? database.open() : store);
  const owner = async (): Promise<Principal> => {
    const keys = service('a-key-the-owner-chose');
    await keys.prepare();
    return (await keys.authenticate('a-key-the-owner-chose')) as Principal;
  };

  it('makes a first key once and hands it out once', async () => {
    const first = await service(null).prepare();
    expect(first).toMatch(/^wac_/);
    expect(await service(null).prepare()).toBeNull();
    expect((await service(null).authenticate(first as string))?.scopes).toEqual(new Set(ALL_SCOPES));
  });

  it('makes one first key when two replicas start together', async () => {
    const other = await replica();
    const made = await Promise.all([service(null).prepare(), service(null, other).prepare()]);
    expect(made.filter((text) => text !== null)).toHaveLength(1);
  });

  it('takes any text from the environment, and keeps its id over a restart', async () => {
    const before = await owner();
    expect(await owner()).toEqual(before);
    expect(before.scopes.size).toBe(ALL_SCOPES.length);
  });

  it('replaces the key of an earlier environment', async () => {
    await owner();
    const keys = service('another-key-the-owner-chose');
    await keys.prepare();
    expect(await keys.authenticate('a-key-the-owner-chose')).toBeNull();
    expect(await keys.authenticate('another-key-the-owner-chose')).not.toBeNull();
  });

  it('gives a key that was made with every scope each scope that a release brings, and no other key', async () => {
    const keys = service(null);
    const maker = await owner();
    const whole = await keys.create(maker, 'whole', [...ALL_SCOPES].reverse(), undefined);
    const part = await keys.create(maker, 'part', ALL_SCOPES.slice(1), undefined);
    const older = JSON.stringify(ALL_SCOPES.slice(2));
    await store.write((tx) => tx.updateTable('api_keys').set({ scopes: older }).execute());
    await service('a-key-the-owner-chose').prepare();
    expect((await keys.authenticate(whole.text))?.scopes).toEqual(new Set(ALL_SCOPES));
    expect((await keys.authenticate(part.text))?.scopes).toEqual(new Set(ALL_SCOPES.slice(2)));
  });

  it('knows no key that is wrong, short or empty', async () => {
    await owner();
    const keys = service(null);
    for (const token of ['', 'short', 'a-key-the-owner-chosE', 'x'.repeat(1_000)]) expect(await keys.authenticate(token)).toBeNull();
  });

  it('keeps no text of a key', async () => {
    const { text } = await service(null).create(await owner(), 'crm', ['calls:read'], undefined);
    const rows = JSON.stringify(await store.read.selectFrom('api_keys').selectAll().execute());
    expect(rows).not.toContain(text);
    expect(rows).not.toContain(text.slice(15));
    expect(rows).not.toContain('a-key-the-owner-chose');
  });

  it('refuses to hand on a scope that the maker lacks', async () => {
    const maker: Principal = { keyId: 'key_x', name: 'x', scopes: new Set(['keys:admin']), numbers: null };
    await expect(service(null).create(maker, 'more', ['calls:dial'], undefined)).rejects.toMatchObject({
      code: 'insufficient_scope',
      params: { scope: 'calls:dial' },
    });
  });

  it('makes no key for one that is deleted, or has lost the number, while its request runs', async () => {
    const maker = await owner();
    const keys = service(null);
    const { key } = await keys.create(maker, 'admin', ['keys:admin'], undefined);
    const by: Principal = { keyId: key.id, name: key.name, scopes: new Set(key.scopes), numbers: null };
    await store.write((tx) => new ApiKeysStore(store).limit(tx, key.id, ['300000000000001'], true));
    await expect(keys.create(by, 'wider', ['keys:admin'], undefined)).rejects.toMatchObject({ code: 'unauthenticated' });
    await keys.delete(EVERY_NUMBER, key.id);
    await expect(keys.create(by, 'orphan', ['keys:admin'], undefined)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect((await keys.list(EVERY_NUMBER, 10, null)).map(({ name }) => name)).toEqual(['API_KEY']);
  });

  it('refuses a deleted key at once, also on another replica', async () => {
    const [here, there] = [service(null), service(null, await replica())];
    const { key, text } = await here.create(await owner(), 'crm', ['calls:read'], undefined);
    expect(await there.authenticate(text)).not.toBeNull();
    await there.flush();
    await here.delete(EVERY_NUMBER, key.id);
    expect(await there.authenticate(text)).toBeNull();
    await expect(here.delete(EVERY_NUMBER, key.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('notes the last use at most once a minute', async () => {
    const keys = service(null);
    const { text } = await keys.create(await owner(), 'crm', ['calls:read'], undefined);
    const used = async () => {
      await keys.authenticate(text);
      await keys.flush();
      return (await keys.list(EVERY_NUMBER, 10, null)).find(({ name }) => name === 'crm')?.last_used_at;
    };
    const first = clock.now();
    expect(await used()).toBe(first);
    clock.pass(MINUTE - 1);
    expect(await used()).toBe(first);
    clock.pass(1);
    expect(await used()).toBe(first + MINUTE);
  });

  it('lists the oldest first, page by page', async () => {
    const maker = await owner();
    const keys = service(null);
    for (const name of ['a', 'b', 'c']) {
      clock.pass(1);
      await keys.create(maker, name, ['calls:read'], undefined);
    }
    const first = await keys.list(EVERY_NUMBER, 2, null);
    const last = first[1];
    const rest = await keys.list(EVERY_NUMBER, 10, last ? [last.created_at, last.id] : null);
    expect([...first, ...rest].map(({ name }) => name)).toEqual(['API_KEY', 'a', 'b', 'c']);
  });
});
