import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import { Secret } from '#kernel/secret.js';
import type { Store } from '#store/store.js';
import { raw, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { Notifications } from './notifications.js';

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

  const heard = (one: Store) => {
    const times = { count: 0 };
    one.notifications?.listen('deliveries', () => {
      times.count += 1;
    });
    return times;
  };

  it('reach every replica, its own included', async () => {
    const other = await database.open();
    const [here, there] = [heard(store), heard(other)];
    await until(() => Boolean(store.notifications?.isUp && other.notifications?.isUp));
    const before = [here.count, there.count];
    store.notifications?.announce('deliveries');
    await until(() => here.count > (before[0] ?? 0) && there.count > (before[1] ?? 0));
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

  it('of events reach other replicas only, which need not look at what they have written themselves', async () => {
    const other = await database.open();
    const times = { here: 0, there: 0 };
    store.notifications?.listen('events', () => {
      times.here += 1;
    });
    other.notifications?.listen('events', () => {
      times.there += 1;
    });
    await until(() => Boolean(store.notifications?.isUp && other.notifications?.isUp));
    const before = { ...times };
    store.notifications?.announce('events');
    await until(() => times.there > before.there);
    other.notifications?.announce('events');
    await until(() => times.here > before.here);
    expect(times).toEqual({ here: before.here + 1, there: before.there + 1 });
  });

  it('of events are not sent by a replica that hears no other', async () => {
    const sent: string[] = [];
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const name = await sql<{ name: string }>`select current_database() as name`.execute(raw(store));
    const url = new URL(URL_OF_TESTS as string);
    url.pathname = `/${name.rows[0]?.name}`;
    const notifications = new Notifications(new Secret(url.href), (channel, payload) => {
      sent.push(payload);
      return sql`select pg_notify(${channel}, ${payload})`.execute(raw(store));
    });
    notifications.listen('events', () => undefined);
    await until(() => notifications.isUp);
    const ofEvents = () => sent.filter((payload) => payload.startsWith('events ')).length;
    notifications.announce('events');
    await until(() => ofEvents() === 1);
    now += 13_000;
    notifications.announce('events');
    notifications.announce('deliveries');
    await until(() => sent.includes(''));
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
    const slow = async (channel: string, payload: string) => {
      echoes += 1;
      await sql`select pg_notify(${channel}, ${payload})`.execute(raw(store));
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
    const notifications = new Notifications(new Secret(url.href), (channel, payload) =>
      sql`select pg_notify(${channel}, ${payload})`.execute(raw(store)),
    );
    notifications.listen('deliveries', () => undefined);
    await until(() => notifications.isUp);
    deaf = true;
    await until(() => !notifications.isUp);
    await notifications.close();
    for (const socket of sockets) socket.destroy();
    between.close();
  });
});
