import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import { Secret } from '#kernel/secret.js';
import { sendBehind } from '#store/batch/batch.js';
import type { Store } from '#store/store.js';
import { raw, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { Notifications, type Topic } from './notifications.js';

const URL_OF_TESTS = process.env.TEST_POSTGRES_URL;
const onPostgres = URL_OF_TESTS ? describe : describe.skip;

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(10);
}

onPostgres('notifications between replicas', () => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore('postgres');
    store = await database.open();
  });
  afterEach(() => database.remove());

  const send = (channel: string, payloads: readonly string[]) =>
    sql`select pg_notify(${channel}, payload) from unnest(${[...payloads]}::text[]) as payload`.execute(raw(store));

  const heard = (one: Store) => {
    const times = { count: 0 };
    one.notifications?.listen('deliveries', () => {
      times.count += 1;
    });
    return times;
  };

  /** Listens at two replicas, and forgets what they heard when their lines came up. */
  const heardByTwo = async (topic: Topic) => {
    const other = await database.open();
    const heard: Record<'here' | 'there', (readonly string[] | null)[]> = { here: [], there: [] };
    store.notifications?.listen(topic, (subjects) => heard.here.push(subjects));
    other.notifications?.listen(topic, (subjects) => heard.there.push(subjects));
    await until(() => Boolean(store.notifications?.isUp && other.notifications?.isUp));
    [heard.here, heard.there] = [[], []];
    return { other, heard };
  };

  it.each(['deliveries', 'events', 'numbers'] as const)('of %s reach the other replicas only', async (topic) => {
    const { other, heard } = await heardByTwo(topic);
    store.notifications?.announce(topic);
    await until(() => heard.there.length > 0);
    other.notifications?.announce(topic);
    await until(() => heard.here.length > 0);
    expect(heard).toEqual({ here: [null], there: [null] });
  });

  it('name their subjects, and none when there are too many for a payload or something new may be of any', async () => {
    const { heard } = await heardByTwo('deliveries');
    store.notifications?.announce('deliveries', '1');
    await until(() => heard.there.length === 1);
    for (const subject of ['2', '3', '2']) store.notifications?.announce('deliveries', subject);
    await until(() => heard.there.flat().includes('3'));
    expect(new Set(heard.there.flat())).toEqual(new Set(['1', '2', '3']));
    heard.there = [];
    for (let i = 0; i < 1_000; i += 1) store.notifications?.announce('deliveries', String(3e14 + i));
    await until(() => heard.there.includes(null));
    heard.there = [];
    store.notifications?.announce('deliveries', '1');
    store.notifications?.announce('deliveries');
    await until(() => heard.there.includes(null));
  });

  it('come right behind the commit of a transaction, and not of one that is rolled back', async () => {
    const { other, heard } = await heardByTwo('deliveries');
    const announced = (key: string, fails: boolean) =>
      store.write(async (tx) => {
        for (const subject of [key, key, `${key}'`]) store.notifications?.announceBehind(tx, 'deliveries', subject);
        await tx.insertInto('seen').values({ key, at: 1 }).execute();
        if (fails) throw new Error('rolled back');
      });
    await announced('gone', true).catch(() => undefined);
    await announced('there', false);
    await until(() => heard.there.length > 0);
    expect(heard).toEqual({ here: [], there: [['there', "there'"]] });
    expect(await other.read.selectFrom('seen').select('key').execute()).toEqual([{ key: 'there' }]);
  });

  it('that fail behind a commit leave the connection as it was', async () => {
    const one = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(raw(store));
    await store.write(async (tx) => sendBehind(tx, 'select 1 / 0'));
    for (let n = 0; n < 5; n += 1)
      await store.write((tx) =>
        tx
          .insertInto('seen')
          .values({ key: String(n), at: 1 })
          .execute(),
      );
    const after = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(raw(store));
    expect(after.rows).toEqual(one.rows);
    expect(await store.read.selectFrom('seen').select('key').orderBy('key').execute()).toHaveLength(5);
  });

  it('of a release before are heard', async () => {
    const { heard } = await heardByTwo('deliveries');
    await sql`select pg_notify('whatsapp_calling_gateway', '')`.execute(raw(store));
    await until(() => heard.here.length > 0 && heard.there.length > 0);
    expect(heard).toEqual({ here: [null], there: [null] });
    const { heard: ofEvents } = await heardByTwo('events');
    await sql`select pg_notify('whatsapp_calling_gateway', 'events 0e0b0f6c-0000-4000-8000-000000000000')`.execute(raw(store));
    await until(() => ofEvents.here.length > 0 && ofEvents.there.length > 0);
    expect(ofEvents).toEqual({ here: [null], there: [null] });
  });

  it('share one transaction while one is under way', async () => {
    let sent = 0;
    const sending = Promise.withResolvers<void>();
    const notifications = new Notifications(new Secret('postgres://nowhere'), async () => {
      sent += 1;
      await sending.promise;
    });
    for (let i = 0; i < 100; i += 1) notifications.announce('deliveries');
    sending.resolve();
    await notifications.close();
    expect(sent).toBeLessThanOrEqual(2);
  });

  it('of events are not sent by a replica that hears no other', async () => {
    const sent: string[] = [];
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const name = await sql<{ name: string }>`select current_database() as name`.execute(raw(store));
    const url = new URL(URL_OF_TESTS as string);
    url.pathname = `/${name.rows[0]?.name}`;
    const notifications = new Notifications(new Secret(url.href), (channel, payloads) => {
      sent.push(...payloads);
      return send(channel, payloads);
    });
    notifications.listen('events', () => undefined);
    await until(() => notifications.isUp);
    const ofEvents = () => sent.filter((payload) => payload.startsWith('events ')).length;
    notifications.announce('events');
    await until(() => ofEvents() === 1);
    now += 13_000;
    notifications.announce('events');
    notifications.announce('deliveries');
    await until(() => sent.some((payload) => payload.startsWith('deliveries ')));
    expect(ofEvents()).toBe(1);
    const other = await database.open();
    other.notifications?.listen('events', () => undefined);
    await until(() => other.notifications?.isUp ?? false);
    await until(() => {
      notifications.announce('events');
      return ofEvents() > 1;
    });
    clock.mockRestore();
    await notifications.close();
  });

  it('come again after their connection was ended, and the listener looks at once', async () => {
    const times = heard(store);
    await until(() => store.notifications?.isUp ?? false);
    const lines = sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'whatsapp-calling-gateway notifications' and datname = current_database()`;
    await lines.execute(raw(store));
    await until(() => store.notifications?.isUp === false);
    const before = times.count;
    await until(() => store.notifications?.isUp ?? false);
    expect(times.count).toBeGreaterThan(before);
  });

  it('stay known to come while a pooler answers later than the line', async () => {
    const name = await sql<{ name: string }>`select current_database() as name`.execute(raw(store));
    const url = new URL(URL_OF_TESTS as string);
    url.pathname = `/${name.rows[0]?.name}`;
    const heard = Promise.withResolvers<void>();
    let [echoes, isDown] = [0, false];
    const slow = async (channel: string, payloads: readonly string[]) => {
      echoes += 1;
      await send(channel, payloads);
      await heard.promise;
    };
    const notifications = new Notifications(new Secret(url.href), slow);
    notifications.listen('events', () => heard.resolve());
    await until(() => notifications.isUp);
    await until(() => {
      isDown ||= !notifications.isUp;
      return echoes === 2;
    });
    expect(isDown).toBe(false);
    await notifications.close();
  });

  it('are known not to come through a line that swallows them', async () => {
    const sockets: Socket[] = [];
    const { hostname, port } = new URL(URL_OF_TESTS as string);
    let deaf = false;
    const between: Server = createServer((client) => {
      const server = connect({ host: hostname, port: Number(port || 5432) });
      sockets.push(client, server);
      client.pipe(server);
      server.on('data', (bytes) => deaf || client.write(bytes));
      for (const one of [client, server]) one.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(between, 'listening');
    const name = await sql<{ name: string }>`select current_database() as name`.execute(raw(store));
    const url = new URL(URL_OF_TESTS as string);
    url.pathname = `/${name.rows[0]?.name}`;
    url.host = `127.0.0.1:${(between.address() as { port: number }).port}`;
    const notifications = new Notifications(new Secret(url.href), send);
    notifications.listen('deliveries', () => undefined);
    await until(() => notifications.isUp);
    deaf = true;
    await until(() => !notifications.isUp);
    await notifications.close();
    for (const socket of sockets) socket.destroy();
    between.close();
  });
});
