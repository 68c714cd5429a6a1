import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { placeOf, SEALED_COLUMNS } from '#store/sealed/sealed-columns.js';
import { beginSealing } from '#store/sealed/sealing-state.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { SealedValuesService } from './sealed-values.service.js';
import { keysNamed } from './sealing-keys.fixture.js';
import { SecretsService } from './secrets.service.js';

const COUNT = 120;
const idOf = (n: number) => `sub_${String(n).padStart(4, '0')}`;

describe.each(engines)('the sealed values of a database on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    await store.write(beginSealing);
    await store.write(async (tx) => {
      for (let n = 0; n < COUNT; n += 1)
        await sql`insert into subscriptions (id, url, scopes, created_by, secret, previous_secret, state, xid, event_id, failures, revision, created_at)
          values (${idOf(n)}, 'https://a.example', '[]', 'key_1', ${`whsec_${n}`}, ${n % 2 ? null : `whsec_old_${n}`}, 'active', 0, 0, 0, 1, 0)`.execute(
          tx,
        );
    });
  });
  afterEach(() => database.remove());

  const valuesWith = (...names: string[]) => new SealedValuesService(store, keysNamed(...names));
  const byKey = async () =>
    (await valuesWith().status())
      .filter(({ table, column }) => table === 'subscriptions' && column !== 'sealed_verify_token')
      .map(({ sealed, plain }) => ({ sealed, plain }));
  const id = (name: string) => String(keysNamed(name).sealingId);
  const opened = async (...names: string[]) => {
    const found = await store.read.selectFrom('subscriptions').select(['id', 'sealed_secret']).orderBy('id').execute();
    return found.map((row) =>
      keysNamed(...names).open(row.sealed_secret ?? '', placeOf({ table: 'subscriptions', column: 'sealed_secret', id: row.id })),
    );
  };
  const all = Array.from({ length: COUNT }, (_, n) => `whsec_${n}`);

  it('are sealed where they stood in plain text, once, by two processes at a time', async () => {
    const [one, other] = await Promise.all([valuesWith('a').sealPlain(), valuesWith('a').sealPlain()]);
    expect(one + other).toBe(COUNT * 1.5);
    expect(await byKey()).toEqual([
      { sealed: { [id('a')]: COUNT }, plain: 0 },
      { sealed: { [id('a')]: COUNT / 2 }, plain: 0 },
    ]);
    expect(await opened('a')).toEqual(all);
    expect(await valuesWith('a').sealPlain()).toBe(0);
  });

  it('go over to the first key, twice without harm, and after an interruption where it was', async () => {
    await valuesWith('a').sealPlain();
    const cutOff = valuesWith('b', 'a').rotate((_, done) => {
      if (done === 50) throw new Error('cut off');
    });
    await expect(cutOff).rejects.toThrow('cut off');
    expect((await byKey())[0]?.sealed).toEqual({ [id('a')]: COUNT - 50, [id('b')]: 50 });
    // Both keys open everything meanwhile.
    expect(await opened('b', 'a')).toEqual(all);
    expect(await valuesWith('b', 'a').rotate()).toEqual({ resealed: COUNT * 1.5 - 50, unopened: [] });
    expect(await valuesWith('b', 'a').rotate()).toEqual({ resealed: 0, unopened: [] });
    expect(await opened('b')).toEqual(all);
    await valuesWith('c', 'b').rotate();
    expect(await opened('c')).toEqual(all);
  });

  it('that a writer changes meanwhile stay as the writer left them', async () => {
    await valuesWith('a').sealPlain();
    const place = { table: 'subscriptions', column: 'sealed_secret', id: idOf(10) } as const;
    const fresh = keysNamed('a').seal('whsec_fresh', placeOf(place));
    let isFirst = true;
    // The writer comes between the reading of a batch and its transaction.
    const meanwhile = Object.create(store, {
      write: {
        value: async (work: Parameters<Store['write']>[0]) => {
          if (isFirst)
            await store.write((tx) =>
              sql`update subscriptions set sealed_secret = ${fresh} where sealed_secret is not null and id = ${place.id}`.execute(tx),
            );
          isFirst = false;
          return store.write(work);
        },
      },
    }) as Store;
    const { resealed } = await new SealedValuesService(meanwhile, keysNamed('b', 'a')).rotate();
    expect(resealed).toBe(COUNT * 1.5 - 1);
    await valuesWith('b', 'a').rotate();
    expect((await opened('b'))[10]).toBe('whsec_fresh');
  });

  it('that do not open are named and left alone', async () => {
    await valuesWith('a').sealPlain();
    await sql`update subscriptions set sealed_secret = (select sealed_secret from subscriptions where id = ${idOf(1)}) where id = ${idOf(2)}`.execute(
      raw(store),
    );
    const { unopened, resealed } = await valuesWith('b', 'a').rotate();
    expect([resealed, unopened]).toEqual([
      COUNT * 1.5 - 1,
      [{ table: 'subscriptions', column: 'sealed_secret', id: idOf(2), missingKey: null }],
    ]);
    expect((await valuesWith('c').rotate()).unopened).toHaveLength(COUNT * 1.5);
    expect((await byKey())[0]?.sealed).toEqual({ [id('a')]: 1, [id('b')]: COUNT - 1 });
  });

  it('that are no sealed values are counted and named, never shown', async () => {
    await valuesWith('a').sealPlain();
    await sql`update subscriptions set sealed_secret = 'whsec_canary_in_plain_text' where id = ${idOf(2)}`.execute(raw(store));
    const { unopened } = await valuesWith('b', 'a').rotate();
    expect(unopened).toEqual([{ table: 'subscriptions', column: 'sealed_secret', id: idOf(2), missingKey: null }]);
    const status = await byKey();
    expect(status[0]?.sealed).toEqual({ broken: 1, [id('b')]: COUNT - 1 });
    expect(JSON.stringify(status)).not.toContain('whsec');
  });

  it('of a lost key can be discarded, and nothing else', async () => {
    await valuesWith('a').sealPlain();
    await valuesWith('b', 'a')
      .rotate((_, done) => {
        if (done === 100) throw new Error('cut off');
      })
      .catch(() => undefined);
    expect(await valuesWith('b').discard(id('a'))).toBe(COUNT * 1.5 - 100);
    expect((await byKey()).map(({ sealed }) => sealed)).toEqual([{ [id('b')]: 100 }, {}]);
  });

  it('stand in columns that the schema has or will have, by a column that tells rows apart', async () => {
    const tables = await raw(store).introspection.getTables();
    for (const { table, column, id: by } of SEALED_COLUMNS) {
      const columns = tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? [];
      expect([table, columns.includes(by)]).toEqual([table, true]);
      if (table === 'subscriptions') expect(columns).toContain(column);
    }
  });
});

describe('the service of secrets', () => {
  const place = { table: 'subscriptions', column: 'sealed_secret', id: 'sub_1' } as const;

  it('seals and opens for a place, and refuses without a key', () => {
    const secrets = new SecretsService({ secretsKeys: keysNamed('a') });
    expect(secrets.open(secrets.seal('text', place), place)).toBe('text');
    expect(() => secrets.open(secrets.seal('text', place), { ...place, id: 'sub_2' })).toThrow('does not open');
    expect(secrets.isConfigured).toBe(true);
    const none = new SecretsService({ secretsKeys: keysNamed() });
    expect(none.isConfigured).toBe(false);
    expect(() => none.requireKey()).toThrow('secrets_key_missing');
    expect(() => none.seal('text', place)).toThrow('secrets_key_missing');
  });
});
