import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { InvalidSettings } from '#config/environment.js';
import type { SealingKeys } from '#kernel/sealed.js';
import { sha256 } from '#kernel/secret.js';
import { keysNamed } from '#secrets/sealing-keys.fixture.js';
import { READABLE_SINCE } from '#store/migrations/index.js';
import { openStore } from '#store/open-store.js';
import { readMeta } from '#store/store.js';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { placeOf } from './sealed-columns.js';
import { isSealing } from './sealing-state.js';

describe.each(engines)('the start on %s with sealed secrets', (engine) => {
  let database: TemporaryDatabase;
  beforeEach(async () => {
    database = await emptyDatabase(engine);
  });
  afterEach(() => database.erase());

  const open = (secretsKeys?: SealingKeys) =>
    openStore({ database: database.database, mode: 'live', ...(secretsKeys ? { secretsKeys } : {}) });

  /** A subscription whose secret is sealed with the key `a`. */
  async function seal(): Promise<void> {
    const store = await open(keysNamed('a'));
    const place = placeOf({ table: 'subscriptions', column: 'sealed_secret', id: 'sub_1' });
    await sql`insert into subscriptions (id, url, scopes, created_by, secret, sealed_secret, state, xid, event_id, failures, revision, created_at)
      values ('sub_1', 'https://a.example', '[]', 'key_1', '', ${keysNamed('a').seal('whsec_1', place)}, 'active', 0, 0, 0, 1, 0)`.execute(
      raw(store),
    );
    await store.close();
  }

  /** Everything in the database: on SQLite the bytes of its file. */
  async function content(): Promise<string> {
    const { database: url } = database;
    if (url.kind === 'sqlite') return sha256(readFileSync(url.path));
    const store = await open();
    const tables = (await raw(store).introspection.getTables({ withInternalKyselyTables: true })).map(({ name }) => name).sort();
    const rows: unknown[] = [];
    for (const table of tables)
      rows.push(table, (await sql`select t::text from ${sql.table(table)} t order by 1`.execute(raw(store))).rows);
    return JSON.stringify(rows)
      .replace(/"t":"\(generation,[^"]*"/, '')
      .concat(String(await store.close()));
  }

  it.each([
    ['without a key', keysNamed(), /^SECRETS_KEY is missing: .* sealed with the key (\w{8}): /],
    ['with another key', keysNamed('b'), /^SECRETS_KEY has the key \w{8}, which does not open .* sealed with the key (\w{8}): /],
  ])('is refused %s, names the key that is missing, and changes nothing', async (_, keys, sentence) => {
    await seal();
    const before = await content();
    const refused = (await open(keys).catch((error: unknown) => error)) as InvalidSettings;
    expect(refused.name).toBe('InvalidSettings');
    expect(refused.faults).toEqual([expect.stringMatching(sentence)]);
    expect(sentence.exec(refused.faults[0] ?? '')?.[1]).toBe(keysNamed('a').sealingId);
    expect(refused.in('es')[0]).toContain(keysNamed('a').sealingId);
    expect(await content()).toBe(before);
    await (await open(keysNamed('b', 'a'))).close();
  });

  it('is refused before a migration', async () => {
    await seal();
    const store = await open(keysNamed('a'));
    await sql`delete from kysely_migration where name = '0027-sealed-secrets'`.execute(raw(store));
    await store.close();
    // The migration itself would fail on its own columns.
    await expect(open(keysNamed('b'))).rejects.toThrow(/sealed with the key/);
  });

  it('seals from the beginning where no older release can work beside, and such a release is refused from then on', async () => {
    const fresh = await open(keysNamed('a'));
    expect([await isSealing(fresh.read), await readMeta(fresh.read, 'readable_since')]).toEqual([true, '0027-sealed-secrets']);
    await fresh.close();
    const again = await open(keysNamed('a'));
    expect(await readMeta(again.read, 'readable_since')).toBe('0027-sealed-secrets');
    await again.close();
  });

  it('leaves a database that had another start without a key as it is, but for a SQLite file', async () => {
    await (await open(keysNamed())).close();
    const store = await open(keysNamed('a'));
    const isAlone = engine === 'sqlite';
    expect([await isSealing(store.read), await readMeta(store.read, 'readable_since')]).toEqual([
      isAlone,
      isAlone ? '0027-sealed-secrets' : READABLE_SINCE,
    ]);
    await store.close();
  });
});
