import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { migrateCommand } from '#cli/migrate/migrate.command.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { InstanceLock } from '#store/instance-lock.js';
import { openStore } from '#store/open-store.js';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';

describe.each(engines)('npm run migrate on %s', (engine) => {
  let temporary: TemporaryDatabase;
  beforeEach(async () => {
    temporary = await emptyDatabase(engine);
  });
  afterEach(() => temporary.erase());

  const address = () => (temporary.database.kind === 'sqlite' ? `sqlite:${temporary.database.path}` : temporary.database.url.reveal());
  const terminal = (lang = 'en') =>
    new FakeTerminal({ MIGRATE_DATABASE_URL: address(), DATABASE_URL: 'postgres://127.0.0.1:9/x', LANG: lang });

  it('applies what is missing, names it, and does nothing the second time', async () => {
    const [checked, first, second] = [terminal(), terminal(), terminal()];
    expect(await checked.type(migrateCommand, '--check', '--json')).toBe(1);
    expect(await first.type(migrateCommand, '--json')).toBe(0);
    const { pending } = checked.document<{ pending: string[] }>();
    expect(first.document()).toEqual({ applied: pending, newer: false });
    expect(first.err.trim().split('\n')).toEqual(pending.map((name) => `${name} …`));
    expect([await second.type(migrateCommand), second.out]).toEqual([0, 'The schema is up to date; there was nothing to do.\n']);
    expect(await terminal().type(migrateCommand, '--check')).toBe(0);
  });

  it('changes nothing on a database that a newer release has migrated, unless that release has removed something', async () => {
    await terminal().type(migrateCommand);
    const store = await openStore({ database: temporary.database, mode: 'live' }, { isMigrated: true });
    await sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '2030-01-01')`.execute(raw(store));
    const newer = terminal('es');
    expect([await newer.type(migrateCommand), newer.out]).toEqual([0, expect.stringContaining('versión más nueva')]);
    await sql`update meta set value = '9999-from-the-future' where key = 'readable_since'`.execute(raw(store));
    await store.close();
    const refused = terminal();
    expect([await refused.type(migrateCommand), refused.err]).toEqual([1, expect.stringContaining('a newer release has written')]);
  });
});

describe('npm run migrate', () => {
  it('refuses a SQLite file on which a gateway runs, and a URL that is none, without repeating it', async () => {
    const { database, erase } = await emptyDatabase('sqlite');
    if (database.kind !== 'sqlite') throw new Error('not SQLite');
    const lock = await InstanceLock.take(database.path);
    const typed = new FakeTerminal({ DATABASE_URL: `sqlite:${database.path}`, LANG: 'en' });
    expect([await typed.type(migrateCommand), typed.err]).toEqual([1, expect.stringContaining('Stop it first')]);
    lock?.release();
    const wrong = new FakeTerminal({ MIGRATE_DATABASE_URL: 'mysql://root:secret-password@db/x', LANG: 'en' });
    expect([await wrong.type(migrateCommand), wrong.err.includes('secret-password')]).toEqual([64, false]);
    await erase();
  });

  it('says in one sentence that the database does not answer', async () => {
    const typed = new FakeTerminal({ DATABASE_URL: 'postgres://gateway:secret-password@127.0.0.1:9/x', LANG: 'en' });
    expect(await typed.type(migrateCommand)).toBe(1);
    expect(typed.err).toMatch(/could not be brought up to date: DATABASE_URL points at 127\.0\.0\.1:9\/x/);
    expect(typed.err).not.toContain('secret-password');
  });
});
