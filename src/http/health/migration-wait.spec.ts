import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Secret } from '#kernel/secret.js';
import { migrateDatabase } from '#store/migrations/migrate-database.js';
import { DatabaseAway } from '#store/start-fault.js';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { waitForMigration } from './migration-wait.js';

describe.each(engines)('a start with MIGRATE=false on %s', (engine) => {
  let temporary: TemporaryDatabase;
  afterEach(() => temporary.erase());

  it('lives without being ready, and says what it waits for, until the schema is up to date', async () => {
    temporary = await emptyDatabase(engine);
    const { database } = temporary;
    const said: Record<string, unknown>[] = [];
    const log = pino({ base: null }, { write: (line: string) => void said.push(JSON.parse(line)) });
    const listening = Promise.withResolvers<number>();
    const over = waitForMigration({ database, host: '127.0.0.1', port: 0 }, log, { lookEveryMs: 20, onListening: listening.resolve });
    const at = `http://127.0.0.1:${await listening.promise}`;
    const ask = async (path: string, method = 'GET') => {
      const answer = await fetch(`${at}${path}`, { method });
      return [answer.status, await answer.json(), answer.headers.get('retry-after')];
    };
    expect(await ask('/health/live')).toEqual([200, { status: 'ok' }, null]);
    expect(await ask('/health/ready')).toEqual([503, { status: 'waiting_for_migration' }, '5']);
    expect(await ask('/webhooks/360dialog', 'POST')).toEqual([503, { status: 'waiting_for_migration' }, '5']);
    await migrateDatabase(database, { lockWaitMs: 60_000 });
    await over;
    expect(said.map(({ event }) => event)).toEqual(['store.waiting_for_migration', 'store.migrated']);
    await expect(fetch(`${at}/health/live`)).rejects.toThrow();
  });

  it('goes on at once when nothing is missing, and opens no port', async () => {
    temporary = await emptyDatabase(engine);
    const { database } = temporary;
    await migrateDatabase(database, { lockWaitMs: 60_000 });
    let listened = false;
    const onListening = () => {
      listened = true;
    };
    await waitForMigration({ database, host: '127.0.0.1', port: 0 }, pino({ level: 'silent' }), { onListening });
    expect(listened).toBe(false);
  });
});

it('a start with MIGRATE=false ends when there is no database to look at', async () => {
  const database = { kind: 'postgres' as const, url: new Secret('postgres://nobody@127.0.0.1:9/nowhere') };
  await expect(waitForMigration({ database, host: '127.0.0.1', port: 0 }, pino({ level: 'silent' }))).rejects.toThrow(DatabaseAway);
});
