import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import type { DatabaseUrl } from '#config/read-database.js';
import { openStore } from '#store/open-store.js';
import { numberLock, type Store } from '#store/store.js';
import { isStoreFault } from '#store/store-fault.js';
import { emptyDatabase, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;
const LIMITS = { connections: 8, statementMs: 600, lockMs: 300, idleMs: 500 };
const LOCK = numberLock('1');

onPostgres('the limits of transactions on Postgres', () => {
  let database: TemporaryDatabase;
  let url: Extract<DatabaseUrl, { kind: 'postgres' }>;
  let store: Store;
  let foreign: pg.Client;
  const open = () => openStore({ database: { ...url, limits: LIMITS }, mode: 'live' });

  beforeEach(async () => {
    database = await emptyDatabase('postgres');
    url = database.database as typeof url;
    store = await open();
    foreign = new pg.Client({ connectionString: url.url.reveal() });
    await foreign.connect();
  });
  afterEach(async () => {
    await foreign.end();
    await store.close();
    await database.erase();
  });

  const add = (key: string, locks: string[] = [], on = store) =>
    on.write((tx) => tx.insertInto('seen').values({ key, at: 1 }).execute(), locks);
  const keys = async () => (await store.read.selectFrom('seen').select('key').orderBy('key').execute()).map(({ key }) => key);
  const faultOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return { fault: isStoreFault(error), code: (error as { code?: string } | null)?.code };
  };

  /** Since when each session waits for an advisory lock. */
  const waiters = async (): Promise<string[]> => {
    const { rows } = await foreign.query(
      `select waitstart::text as since from pg_locks join pg_database on database = pg_database.oid
       where locktype = 'advisory' and not granted and datname = current_database()`,
    );
    return rows.map(({ since }) => since);
  };
  /** The first that waits, other than one that waited before. */
  const firstWaiter = async (before: string | null): Promise<string> => {
    for (;;) {
      const since = (await waiters()).find((one) => one !== before && one !== null);
      if (since !== undefined) return since;
      await pause(5);
    }
  };

  it('hold in every transaction and for every read, and are those of the settings', async () => {
    const ask = sql<{ found: string }>`select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' ' ||
      current_setting('idle_in_transaction_session_timeout') as found`;
    const found = [
      await ask.execute(raw(store)),
      await store.write((tx) => ask.execute(tx)),
      await store.write((tx) => ask.execute(tx), [LOCK]),
      await store.keep((tx) => ask.execute(tx)),
    ].map(({ rows }) => rows[0]?.found);
    expect(found).toEqual(Array(4).fill('600ms 300ms 500ms'));
  });

  it('come with the settings that no statement starts processes and that a named one is planned anew', async () => {
    const ask = sql<{
      found: string;
    }>`select current_setting('max_parallel_workers_per_gather') || ' ' || current_setting('plan_cache_mode') as found`;
    const found = [await ask.execute(raw(store)), await ask.execute(raw({ read: store.readLong } as Store))];
    expect(found.map(({ rows }) => rows[0]?.found)).toEqual(Array(2).fill('0 force_custom_plan'));
  });

  it('leave nothing behind in the session, which may be another’s next', async () => {
    const pid = async () => (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(raw(store))).rows[0]?.pid;
    await pid();
    const { rows } = await foreign.query(
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('end a statement that takes too long, in a transaction and outside of one', async () => {
    const slow = sql`select pg_sleep(5)`;
    expect(await faultOf(store.write((tx) => slow.execute(tx)))).toEqual({ fault: true, code: '57014' });
    expect(await faultOf(slow.execute(raw(store)))).toEqual({ fault: true, code: '57014' });
  });

  it('end the transaction of a process that stands still, and give its lock to the next', async () => {
    const standing = Promise.withResolvers<void>();
    const paused = store.write(
      async (tx) => {
        await tx.insertInto('seen').values({ key: 'paused', at: 1 }).execute();
        await standing.promise;
        await tx.insertInto('seen').values({ key: 'resumed', at: 1 }).execute();
      },
      [LOCK],
    );
    const outcome = faultOf(paused);
    const other = await open();
    await add('other', [LOCK], other);
    standing.resolve();
    expect((await outcome).fault).toBe(true);
    expect(await keys()).toEqual(['other']);
    await other.close();
  });

  it('leave connections for webhooks, reads and other writers while a foreign session holds a lock', async () => {
    await foreign.query(`begin; select pg_advisory_xact_lock(hashtextextended('${LOCK}', 0))`);
    const waiting = Array.from({ length: 12 }, (_, i) => faultOf(add(`dial_${i}`, [LOCK])));
    while ((await waiters()).length === 0) await pause(5);
    await store.keep((tx) => tx.insertInto('seen').values({ key: 'webhook', at: 1 }).execute());
    await add('no-lock');
    await store.probe(1);
    expect(await keys()).toEqual(['no-lock', 'webhook']);
    expect(await Promise.all(waiting)).toEqual(Array(12).fill({ fault: true, code: '55P03' }));
    await foreign.query('rollback');
    await add('after', [LOCK]);
  });

  it('are retried for a lock that becomes free meanwhile', async () => {
    await foreign.query(`begin; select pg_advisory_xact_lock(hashtextextended('${LOCK}', 0))`);
    const waits = add('dial', [LOCK]);
    const first = await firstWaiter(null);
    await firstWaiter(first);
    await foreign.query('rollback');
    await waits;
    expect(await keys()).toEqual(['dial']);
  });

  it('are longer for sweeps, exports and reports', async () => {
    await store.write((tx) => sql`select pg_sleep(1)`.execute(tx), [], 'long');
    const ask = sql<{ found: string }>`select current_setting('statement_timeout') as found`;
    expect((await ask.execute(raw({ read: store.readLong } as Store))).rows).toEqual([{ found: '30s' }]);
  });
});
