import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DatabaseUrl } from '#config/read-database.js';
import { Secret } from '#kernel/secret.js';
import { InstanceLock } from './instance-lock.js';
import { openStore } from './open-store.js';
import { DatabaseAway, startFaultOf, WrongDatabase } from './start-fault.js';

const PASSWORD = 'a-password-of-the-owner';
const refusalOf = (database: DatabaseUrl) =>
  openStore({ database, mode: 'live' }).then(
    () => null,
    (error: unknown) => error,
  );
const withCode = (code: string, message = 'as the driver says it') => Object.assign(new Error(message), { code });

describe('a SQLite database that cannot be opened', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gateway-start-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);

  it('is named when it is a directory', async () => {
    mkdirSync(at('data'));
    const error = await refusalOf({ kind: 'sqlite', path: at('data') });
    expect(error).toBeInstanceOf(WrongDatabase);
    expect((error as Error).message).toBe(`DATABASE_URL points at ${at('data')}, which is a directory: name a file in it`);
    const ofLock = await InstanceLock.take(at('data')).catch((thrown: unknown) => thrown);
    expect(startFaultOf(ofLock, { kind: 'sqlite', path: at('data') })).toBeInstanceOf(WrongDatabase);
  });

  it('is named when it is another file', async () => {
    writeFileSync(at('notes.txt'), 'no database at all, '.repeat(300));
    const error = await refusalOf({ kind: 'sqlite', path: at('notes.txt') });
    expect(error).toBeInstanceOf(WrongDatabase);
    expect((error as Error).message).toMatch(/is not a SQLite database/);
  });

  it('is named when it is damaged', async () => {
    const store = await openStore({ database: { kind: 'sqlite', path: at('gateway.db') }, mode: 'live' });
    await store.close();
    const header = 100;
    const bytes = readFileSync(at('gateway.db'));
    bytes.fill(0xff, header, 4_096);
    writeFileSync(at('gateway.db'), bytes);
    const error = await refusalOf({ kind: 'sqlite', path: at('gateway.db') });
    expect(error).toBeInstanceOf(WrongDatabase);
    expect((error as Error).message).toMatch(/is damaged: restore a backup/);
  });

  it.each([
    ['SQLITE_READONLY', WrongDatabase],
    ['SQLITE_CANTOPEN', WrongDatabase],
    ['EACCES', WrongDatabase],
    ['EROFS', WrongDatabase],
    ['ENOTDIR', WrongDatabase],
    ['SQLITE_BUSY', DatabaseAway],
    ['SQLITE_FULL', DatabaseAway],
    ['SQLITE_IOERR_READ', DatabaseAway],
  ])('is one sentence for %s', (code, kind) => {
    const error = startFaultOf(withCode(code), { kind: 'sqlite', path: at('gateway.db') }) as Error;
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toMatch(/^DATABASE_URL points at \S+, which [^\n]+$/);
  });
});

describe('a Postgres database that cannot be opened', () => {
  const database = (url: string): DatabaseUrl => ({ kind: 'postgres', url: new Secret(url) });
  const somewhere = database(`postgres://owner:${PASSWORD}@db.example:5432/calls`);

  it.each([
    ['3D000', WrongDatabase],
    ['28000', WrongDatabase],
    ['28P01', WrongDatabase],
    ['42501', WrongDatabase],
    ['25006', WrongDatabase],
    ['08P01', WrongDatabase],
    ['SELF_SIGNED_CERT_IN_CHAIN', WrongDatabase],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', WrongDatabase],
    ['ERR_TLS_CERT_ALTNAME_INVALID', WrongDatabase],
    ['CERT_HAS_EXPIRED', WrongDatabase],
    ['53300', DatabaseAway],
    ['57P03', DatabaseAway],
    ['55P03', DatabaseAway],
    ['ECONNREFUSED', DatabaseAway],
    ['ENOTFOUND', DatabaseAway],
  ])('is one sentence without a secret for %s', (code, kind) => {
    const error = startFaultOf(withCode(code), somewhere) as Error;
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toMatch(/^DATABASE_URL points at db\.example:5432\/calls, which [^\n]+$/);
    expect(error.message).not.toContain(PASSWORD);
    expect(error.message).not.toContain('owner:');
  });

  it('stays a bug when it is one', () => {
    const bug = new TypeError('undefined is not a function');
    expect(startFaultOf(bug, somewhere)).toBe(bug);
  });

  it('names the file of an authority that does not exist', async () => {
    const error = await refusalOf(database('postgres://127.0.0.1:1/calls?sslmode=verify-full&sslrootcert=/nowhere/ca.pem'));
    expect(error).toBeInstanceOf(WrongDatabase);
    expect((error as Error).message).toMatch(/^DATABASE_URL names a file of TLS that does not exist: .*\/nowhere\/ca\.pem/);
  });

  (process.env.TEST_POSTGRES_URL ? describe : describe.skip)('on a server', () => {
    const other = (change: (url: URL) => void) => {
      const url = new URL(process.env.TEST_POSTGRES_URL ?? '');
      change(url);
      return database(url.toString());
    };

    it('is named when the server has none of this name, or no such role, or does not answer', async () => {
      const [noDatabase, noRole, noServer] = [
        await refusalOf(other((url) => (url.pathname = '/no_such_database'))),
        await refusalOf(other((url) => (url.username = 'no_such_role'))),
        await refusalOf(other((url) => (url.port = '1'))),
      ];
      expect([noDatabase, noRole]).toEqual([expect.any(WrongDatabase), expect.any(WrongDatabase)]);
      expect((noDatabase as Error).message).toMatch(/has no such database/);
      expect(noServer).toBeInstanceOf(DatabaseAway);
    });
  });
});
