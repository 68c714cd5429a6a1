import { existsSync, linkSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { InstanceLock } from './instance-lock.js';
import { READABLE_SINCE } from './migrations/index.js';
import { openStore } from './open-store.js';
import { Prepared } from './prepared.js';
import type { Schema } from './schema.js';
import { WrongDatabase } from './start-fault.js';
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

  it('syncs every commit to the disk, also after the first write', async () => {
    await store.write((tx) => tx.insertInto('seen').values({ key: 'a', at: 1 }).execute());
    expect([await pragma('journal_mode'), await pragma('synchronous')]).toEqual(['wal', 2]);
  });

  it('would not with the default of the driver', async () => {
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

  it('keeps a write while another transaction fails', async () => {
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

  it('would lose it on the handle of the failing transaction', async () => {
    const database = new Database(path());
    database.exec('begin immediate');
    database.prepare('insert into seen (key, at) values (?, 1)').run('acknowledged');
    database.exec('rollback');
    database.close();
    expect(await keys()).toEqual([]);
  });

  it('takes the write lock at the beginning, so that a transaction that reads first can always write', async () => {
    const other = new Database(path(), { timeout: 0 });
    await store.write(async (tx) => {
      await tx.selectFrom('seen').selectAll().execute();
      expect(() => other.exec("insert into seen (key, at) values ('between', 1)")).toThrow(/locked/);
      await tx.insertInto('seen').values({ key: 'after-read', at: 1 }).execute();
    });
    other.close();
    expect(await keys()).toEqual(['after-read']);
  });

  it('runs one prepared statement any number of times, also while it is read row by row', async () => {
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

    it('is opened by a release that can read it, which changes neither the row nor the schema', async () => {
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

    it('is refused when it does not say which release can read it', async () => {
      await sql`delete from meta where key = 'readable_since'`.execute(raw(store));
      await expect(open()).rejects.toThrow(WrongDatabase);
    });
  });

  describe('the lock of a gateway on the file', () => {
    const taken: InstanceLock[] = [];
    const take = async (name: string) => {
      const lock = await InstanceLock.take(join(folder, name));
      if (lock) taken.push(lock);
      return lock;
    };
    afterEach(() => {
      for (const lock of taken.splice(0)) lock.release();
    });

    it('belongs to one at a time, and is free again when it is released', async () => {
      expect(await take('gateway.db')).not.toBeNull();
      expect(await take('gateway.db')).toBeNull();
      taken.pop()?.release();
      expect(await take('gateway.db')).not.toBeNull();
    });

    it('is the same under the name of a link', async () => {
      symlinkSync(path(), join(folder, 'link.db'));
      await take('gateway.db');
      expect(await take('link.db')).toBeNull();
    });

    it('is the same under a second name of the file, and after its own file was deleted', async () => {
      if (process.platform !== 'linux') return;
      linkSync(path(), join(folder, 'twin.db'));
      await take('gateway.db');
      expect(await take('twin.db')).toBeNull();
      unlinkSync(`${path()}.lock`);
      expect(await take('gateway.db')).toBeNull();
    });

    it('is taken anew when its file was deleted, and reports that another was faster', async () => {
      const lock = await take('gateway.db');
      unlinkSync(`${path()}.lock`);
      lock?.assertHeld();
      expect(existsSync(`${path()}.lock`)).toBe(true);
      unlinkSync(`${path()}.lock`);
      const other = new Database(`${path()}.lock`);
      other.exec('begin exclusive');
      expect(() => lock?.assertHeld()).toThrow(/another gateway has taken/);
      other.close();
    });
  });

  describe('whose file is not in its place', () => {
    const write = () =>
      store.write((tx) =>
        tx
          .insertInto('seen')
          .values({ key: `k${Math.random()}`, at: 1 })
          .execute(),
      );
    const otherFile = () => {
      writeFileSync(join(folder, 'other'), '');
      return join(folder, 'other');
    };
    const error = () =>
      write().then(
        () => null,
        (thrown: unknown) => thrown,
      );

    it.each([
      ['deleted', () => unlinkSync(path())],
      ['replaced', () => renameSync(otherFile(), path())],
      ['deleted with its log', () => ['', '-wal', '-shm'].map((end) => unlinkSync(path() + end))],
    ])('refuses every write and the probe: %s', async (_, lose) => {
      await write();
      lose();
      expect(await error()).toMatchObject({ code: 'SQLITE_READONLY_DBMOVED' });
      await expect(store.probe(1)).rejects.toThrow(/deleted, moved or replaced/);
    });

    it('refuses when its log alone was deleted', async () => {
      await write();
      unlinkSync(`${path()}-wal`);
      expect(await error()).toMatchObject({ code: 'SQLITE_READONLY_DBMOVED' });
    });

    it('goes on when the file is back', async () => {
      await write();
      renameSync(path(), join(folder, 'away'));
      expect(await error()).not.toBeNull();
      renameSync(join(folder, 'away'), path());
      expect(await error()).toBeNull();
    });
  });
});
