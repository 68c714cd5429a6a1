import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { ForwardsStore } from '#delivery/forwarding/forwards.store.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { InboxStore } from '#inbox/inbox.store.js';
import { Secret } from '#kernel/secret.js';
import { openStore } from '#store/open-store.js';
import { claimGeneration } from '#store/postgres/generation.js';
import type { Store, Tx } from '#store/store.js';
import { emptyDatabase, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { type Cursor, isAfter, ORIGIN } from '../cursor.js';
import type { NewEvent, StoredEvent } from '../event.js';
import { FloorWriter, INSERT_EVENTS } from './floor-writer.fixture.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;

const WRITERS = 8;
const TRANSACTIONS = 120;
const STRETCH = 2 ** 48;

const event = (sequence: number, subject = 'call_1'): NewEvent => ({
  type: 'call.updated',
  subject,
  sequence,
  phoneNumberId: '300000000000001',
  occurredAt: sequence,
  expiresAt: null,
  data: { id: subject, session: null },
});
onPostgres('the floor lock', () => {
  let database: TemporaryDatabase;
  let url: string;
  let store: Store;
  let outbox: OutboxService;
  const clients: pg.Client[] = [];
  const opened: Store[] = [];

  const open = async (limits?: object): Promise<Store> => {
    if (database.database.kind !== 'postgres') throw new Error('not on Postgres');
    const one = await openStore({ database: { ...database.database, ...limits }, mode: 'simulator' });
    opened.push(one);
    return one;
  };
  const connect = async (connectionString = url): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString });
    // One test ends sessions.
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  const read = (reader = outbox) => reader.after(ORIGIN, 1_000);
  const sequences = (events: StoredEvent[]) => events.map(({ sequence }) => sequence);

  beforeEach(async () => {
    database = await emptyDatabase('postgres');
    url = database.database.kind === 'postgres' ? database.database.url.reveal() : '';
    store = await open();
    outbox = new OutboxService(new OutboxStore(store), store);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end().catch(() => undefined);
    for (const one of opened.splice(0)) await one.close();
    await database.erase();
  });

  it('lets readers miss nothing and read nothing twice, while writers overlap, are slow, roll back, are ended or prepare', async () => {
    const [{ max_prepared_transactions: most }] = (await (await connect()).query('show max_prepared_transactions')).rows;
    const prepares = Number(most) > 0;
    const writers: FloorWriter[] = [];
    for (let n = 0; n < WRITERS; n += 1) writers.push(new FloorWriter(await connect(), await connect(), connect, `call_${n}`, prepares));
    let isOver = false;
    const follow = async (): Promise<Cursor[]> => {
      const seen: Cursor[] = [];
      for (let last = false; ; ) {
        const page = await outbox.after(seen.at(-1) ?? ORIGIN, 50);
        seen.push(...page.map(({ cursor }) => cursor));
        if (last && page.length === 0) return seen;
        last = isOver;
      }
    };
    const readers = [follow(), follow()];
    await Promise.all(writers.map((writer, n) => writer.write(TRANSACTIONS, (i) => (n * 7 + i * 13) % 24)));
    isOver = true;
    const inOrder = writers.flatMap(({ committed }) => committed).sort((a, b) => (isAfter(a, b) ? 1 : -1));
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(inOrder);
  });

  it('keeps what was drawn later from being read before what was drawn first', async () => {
    const [slow, fast] = [await connect(), await connect()];
    await slow.query('begin');
    await slow.query(INSERT_EVENTS, ['slow', 1]);
    await fast.query(INSERT_EVENTS, ['fast', 1]);
    expect(await read()).toEqual([]);
    expect(await outbox.latestCursor()).toEqual(ORIGIN);
    await slow.query('commit');
    expect((await read()).map(({ subject }) => subject)).toEqual(['slow', 'fast']);
    expect(await outbox.latestCursor()).toEqual({ xid: STRETCH, id: 2 });
  });

  it('knows an id that was told to a reader also while the bound stands below it again', async () => {
    await store.write((tx) => outbox.append(tx, event(1)));
    const [told] = await read();
    // A writer that has read the last number long before it takes its lock.
    const late = await connect();
    await late.query('begin');
    await late.query('select pg_advisory_xact_lock_shared(7702, 0)');
    expect(await read()).toEqual([]);
    expect(await outbox.canResume(EVERY_NUMBER, (told as StoredEvent).cursor)).toBe(true);
  });

  it('does not wait for a transaction of another database', async () => {
    const stranger = await connect(process.env.TEST_POSTGRES_URL);
    await stranger.query('begin');
    await stranger.query('select pg_current_xact_id()');
    await store.write((tx) => outbox.append(tx, event(1)));
    expect(sequences(await read())).toEqual([1]);
  });

  it('goes on after a transaction of this gateway that hangs', async () => {
    const hasty = await open({ limits: { connections: 8, statementMs: 4_000, lockMs: 2_000, idleMs: 500 } });
    const hung = Promise.withResolvers<void>();
    const holding = Promise.withResolvers<void>();
    const hanging = hasty.write(async (tx) => {
      await sql
        .raw(`insert into events (type, subject, sequence, occurred_at, data) values ('call.updated', 'hung', 1, 0, '{}')`)
        .execute(tx);
      holding.resolve();
      await hung.promise;
    });
    await holding.promise;
    await store.write((tx) => outbox.append(tx, event(2)));
    expect(await read()).toEqual([]);
    while ((await read()).length === 0) await pause(10);
    expect(sequences(await read())).toEqual([2]);
    hung.resolve();
    await expect(hanging).rejects.toThrow();
  });

  it('is taken with the last statement of a transaction, in every kind of write', async () => {
    const held = async (tx: Tx) => {
      const { rows } = await sql<{
        n: number;
      }>`select count(*)::int as n from pg_locks where locktype = 'advisory' and objsubid = 2 and pid = pg_backend_pid()`.execute(tx);
      return rows[0]?.n;
    };
    const inbox = new InboxStore(store);
    const found: unknown[] = [];
    const work = async (tx: Tx) => {
      await outbox.append(tx, event(1));
      await inbox.keepDone(tx, { phoneNumberId: null, receivedAt: 1, body: Buffer.from('{}') }, {});
      await tx.updateTable('meta').set({ value: '1' }).where('key', '=', 'nothing').execute();
      found.push(await held(tx));
      await outbox.append(tx, event(2));
    };
    await store.write(work);
    await store.writeBatch(work, []);
    await store.writeBatchNow({ prepare: async () => undefined, apply: work }, ['one']);
    await store.writeUnsynced(work, ['one']);
    expect(found).toEqual([0, 0, 0, 0]);
    expect(sequences(await read())).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
    expect(await store.read.selectFrom('deliveries').selectAll().execute()).toHaveLength(4);
  });

  it('holds for deliveries to forward as well', async () => {
    const forwards = new ForwardsStore(store);
    const NOBODYS = { name: 'webhook', numbers: [''] };
    const insert = `insert into deliveries (received_at, body, state, attempts) values (0, 'a', 'new', 0)`;
    const [slow, fast] = [await connect(), await connect()];
    await slow.query('begin');
    await slow.query(insert);
    await fast.query(insert);
    expect(await forwards.after(NOBODYS, ORIGIN, 10)).toEqual([]);
    await slow.query('commit');
    expect((await forwards.after(NOBODYS, ORIGIN, 10)).map(({ xid, id }) => ({ xid, id }))).toEqual([
      { xid: STRETCH, id: 1 },
      { xid: STRETCH, id: 2 },
    ]);
  });

  it('is read in read committed only', async () => {
    const client = await connect();
    await client.query('begin isolation level repeatable read');
    await expect(client.query('select * from events_after(0, 0, 1)')).rejects.toThrow('read committed');
  });

  it('keeps floors apart whose numbers are beyond 31 bits', async () => {
    const [slow, fast] = [await connect(), await connect()];
    await fast.query(`select setval('events_id_seq', 2147483647 * 3::bigint - 1)`);
    await slow.query('begin');
    await slow.query(INSERT_EVENTS, ['slow', 1]);
    await fast.query(INSERT_EVENTS, ['fast', 5]);
    expect(await read()).toEqual([]);
    await slow.query('commit');
    expect(await read()).toHaveLength(6);
  });

  describe('a database that is restored elsewhere', () => {
    const elsewhere = async () => {
      const { value } = await store.read.selectFrom('meta').select('value').where('key', '=', 'generation').executeTakeFirstOrThrow();
      const kept = { ...JSON.parse(value), timeline: '00000099' };
      await store.write((tx) =>
        tx
          .updateTable('meta')
          .set({ value: JSON.stringify(kept) })
          .where('key', '=', 'generation')
          .execute(),
      );
    };

    it('gives out other ids for numbers that are drawn again, after all old ones', async () => {
      for (const n of [1, 2, 3]) await store.write((tx) => outbox.append(tx, event(n)));
      const last = (await read()).at(-1) as StoredEvent;
      await elsewhere();
      // The tail of the old server was lost with it.
      await sql`delete from events where id > 1`.execute(raw(store));
      await sql`select setval('events_id_seq', 1)`.execute(raw(store));
      const restored = await open();
      const there = new OutboxService(new OutboxStore(restored), restored);
      await restored.write((tx) => there.append(tx, event(4)));
      expect(sequences(await read(there))).toEqual([1, 4]);
      const [next] = await there.after(last.cursor, 10);
      expect(next?.cursor).toEqual({ xid: STRETCH + 1_024, id: 2 });
      expect(await there.canResume(EVERY_NUMBER, last.cursor)).toBe(false);
    });

    it('begins one generation, however many replicas find out at once, and none while it stays', async () => {
      expect(await claimGeneration(store)).toBeNull();
      const others = [await open(), await open(), await open()];
      await elsewhere();
      const begun = await Promise.all(others.map((one) => claimGeneration(one)));
      expect(begun.filter((generation) => generation !== null)).toEqual([1]);
    });

    it('waits for who has drawn a number of the old generation', async () => {
      const slow = await connect();
      await slow.query('begin');
      await slow.query(INSERT_EVENTS, ['old', 1]);
      await elsewhere();
      const claimed = claimGeneration(store);
      const waits = `select 1 from pg_locks where locktype = 'relation' and not granted and database = (select oid from pg_database where datname = current_database())`;
      const watcher = await connect();
      while ((await watcher.query(waits)).rowCount === 0) await pause(5);
      const fast = store.write((tx) => outbox.append(tx, event(2, 'new')));
      await slow.query('commit');
      expect(await claimed).toBe(1);
      await fast;
      expect((await read()).map(({ subject, cursor }) => [subject, cursor.xid])).toEqual([
        ['old', STRETCH],
        ['new', STRETCH + 1_024],
      ]);
    });

    it('is noticed in a copy of the database', async () => {
      await store.write((tx) => outbox.append(tx, event(1)));
      await store.close();
      opened.splice(0);
      const owner = await connect(process.env.TEST_POSTGRES_URL);
      const name = new URL(url).pathname.slice(1);
      await owner.query(`create database ${name}_copy template ${name}`);
      try {
        const copied = new URL(url);
        copied.pathname = `/${name}_copy`;
        const client = await connect(copied.href);
        const copy = await openStore({ database: { kind: 'postgres', url: new Secret(copied.href) }, mode: 'simulator' });
        const { rows } = await client.query('select event_stretch() as stretch');
        expect(Number(rows[0].stretch)).toBe(STRETCH + 1_024);
        await copy.close();
      } finally {
        await owner.query(`drop database ${name}_copy with (force)`);
      }
    });
  });
});
