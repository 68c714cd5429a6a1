import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { lockInstance } from './instance-lock.js';
import { READABLE_SINCE } from './migrations/index.js';
import { openStore, WrongDatabase } from './open-store.js';
import { Prepared } from './prepared.js';
import type { Schema } from './schema.js';
import type { Store, Tx } from './store.js';
import { raw } from './temporary-store.fixture.js';

describe('the store on SQLite', () => {
  let folder: string;
  let store: Store;
  const path = () => join(folder, 'gateway.db');
  const open = (mode: 'live' | 'simulator' = 'live') => openStore({ database: { kind: 'sqlite', path: path() }, mode });
  const keys = async () => (await store.read.selectFrom('seen').select('key').orderBy('key').execute()).map(({ key }) => key);
  const pragma = async (name: string) =>
    Object.values((await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(raw(store))).rows[0] ?? {})[0];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gateway-store-'));
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('waits for the disk with every commit, also after the first write', async () => {
    await store.write((tx) => tx.insertInto('seen').values({ key: 'a', at: 1 }).execute());
    expect([await pragma('journal_mode'), await pragma('synchronous')]).toEqual(['wal', 2]);
  });

  it('would not, if the mode were left as the driver has it', async () => {
    const database = new Database(join(folder, 'plain.db'));
    database.pragma('journal_mode = WAL');
    const plain = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
    await sql`create table seen (key text)`.execute(plain);
    expect(database.pragma('synchronous', { simple: true })).toBe(1);
    await plain.destroy();
  });

  it('offers no write outside of a transaction: the compiler refuses it', () => {
    const add = new Prepared((db: Tx, { key }: { key: string }) => db.insertInto('seen').values({ key, at: 1 }));
    const uses = ({ read }: Store, tx: Tx) => [
      read.selectFrom('seen'),
      tx.insertInto('seen'),
      () => add.run(tx, { key: 'a' }),
      // @ts-expect-error a reader inserts nothing
      read.insertInto('seen'),
      // @ts-expect-error a reader updates nothing
      read.updateTable('seen'),
      // @ts-expect-error a reader deletes nothing
      read.deleteFrom('seen'),
      // @ts-expect-error a reader begins no transaction
      read.transaction(),
      // @ts-expect-error a reader runs no raw SQL
      () => sql`delete from seen`.execute(read),
      // @ts-expect-error a reader runs no prepared statement that writes
      () => add.run(read, { key: 'a' }),
      // @ts-expect-error a prepared statement that writes says so by the type of its `db`
      new Prepared((db, { key }: { key: string }) => db.insertInto('seen').values({ key, at: 1 })),
    ];
    expect(uses).toBeInstanceOf(Function);
  });

  it('keeps what is written while another transaction fails', async () => {
    const mayFail = Promise.withResolvers<void>();
    const wrote = Promise.withResolvers<void>();
    const failing = store.write(async (tx) => {
      await tx.insertInto('seen').values({ key: 'lost', at: 1 }).execute();
      wrote.resolve();
      await mayFail.promise;
      throw new Error('rolled back');
    });
    const kept = store.write((tx) => tx.insertInto('seen').values({ key: 'kept', at: 1 }).execute());
    await wrote.promise;
    mayFail.resolve();
    await expect(failing).rejects.toThrow('rolled back');
    await kept;
    expect(await keys()).toEqual(['kept']);
  });

  it('would lose it, if it went past the one writer on the same handle', async () => {
    const database = new Database(path());
    database.exec('begin immediate');
    database.prepare('insert into seen (key, at) values (?, 1)').run('acknowledged');
    database.exec('rollback');
    database.close();
    expect(await keys()).toEqual([]);
  });

  it('begins writing at once, so that a read within a transaction can always become a write', async () => {
    const other = new Database(path(), { timeout: 0 });
    await store.write(async (tx) => {
      await tx.selectFrom('seen').selectAll().execute();
      expect(() => other.exec("insert into seen (key, at) values ('between', 1)")).toThrow(/locked/);
      await tx.insertInto('seen').values({ key: 'after-read', at: 1 }).execute();
    });
    other.close();
    expect(await keys()).toEqual(['after-read']);
  });

  it('answers from one prepared statement as often as it is asked, also while it is being read row by row', async () => {
    const rows = Array.from({ length: 5 }, (_, at) => ({ key: `k${at}`, at }));
    await store.write((tx) => tx.insertInto('seen').values(rows).execute());
    const query = store.read.selectFrom('seen').select('key').orderBy('key');
    const seen: string[] = [];
    for await (const { key } of query.stream()) seen.push(key);
    expect(seen).toEqual(rows.map(({ key }) => key));
    for (let i = 0; i < 3; i += 1) expect(await keys()).toEqual(seen);
    for (const { key, at } of rows)
      expect(await store.read.selectFrom('seen').select('at').where('key', '=', key).executeTakeFirst()).toEqual({ at });
  });

  it('is readable by its owner alone', () => expect(statSync(path()).mode & 0o077).toBe(0));

  it('refuses a database of the other mode, and says what to do', async () => {
    await expect(open('simulator')).rejects.toThrow(WrongDatabase);
    await expect(open('simulator')).rejects.toThrow(/database of live calls/);
  });

  describe('that a newer release has written', () => {
    const readableSince = (value: string) => sql`update meta set value = ${value} where key = 'readable_since'`.execute(raw(store));
    beforeEach(async () => {
      await sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '2030-01-01')`.execute(raw(store));
    });

    it('is taken back by a release that can read it, which leaves word and schema alone', async () => {
      const again = await open();
      expect(await again.read.selectFrom('meta').select('value').where('key', '=', 'readable_since').executeTakeFirst()).toEqual({
        value: READABLE_SINCE,
      });
      await again.close();
    });

    it('is refused by a release that cannot', async () => {
      await readableSince('9999-from-the-future');
      await expect(open()).rejects.toThrow(/newer release/);
    });

    it('is refused when it does not say who can read it', async () => {
      await sql`delete from meta where key = 'readable_since'`.execute(raw(store));
      await expect(open()).rejects.toThrow(WrongDatabase);
    });
  });

  it('belongs to one gateway at a time', () => {
    const release = lockInstance(path());
    expect(release).not.toBeNull();
    expect(lockInstance(path())).toBeNull();
    release?.();
    const again = lockInstance(path());
    expect(again).not.toBeNull();
    again?.();
  });
});
