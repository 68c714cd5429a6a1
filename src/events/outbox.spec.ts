import { Logger } from '@nestjs/common';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { SILENT_LOG } from '#telemetry/log.fixture.js';
import { isAfter, ORIGIN } from './cursor.js';
import type { NewEvent, StoredEvent } from './event.js';
import { FeedService } from './feed.service.js';
import { OutboxService } from './outbox.service.js';
import { OutboxStore } from './outbox.store.js';

const event = (sequence: number, over: Partial<NewEvent> = {}): NewEvent => ({
  type: 'call.updated',
  subject: 'call_1',
  sequence,
  phoneNumberId: '300000000000001',
  occurredAt: sequence,
  expiresAt: null,
  data: { id: 'call_1', session: null, sequence },
  ...over,
});
// Two tests let things fail on purpose.
Logger.overrideLogger(false);

/** On Postgres a transaction of a neighbouring test, too, can keep an event from being seen for a moment. */
const until = async (met: () => Promise<boolean>): Promise<void> => {
  while (!(await met())) await new Promise(setImmediate);
};
const sequences = (events: StoredEvent[]) => events.map(({ sequence }) => sequence);

describe.each(engines)('the outbox on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let outbox: OutboxService;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    outbox = new OutboxService(new OutboxStore(store), store);
  });
  afterEach(() => database.remove());

  const append = async (...events: NewEvent[]) => {
    const before = await outbox.latestCursor();
    await store.write(async (tx) => {
      for (const one of events) await outbox.append(tx, one);
    });
    await until(async () => isAfter(await outbox.latestCursor(), before));
  };

  it('gives back what was written, in order, page by page', async () => {
    await append(event(1), event(2, { phoneNumberId: null, expiresAt: 99 }));
    await append(event(3));
    const [first, second] = await outbox.after(ORIGIN, 2);
    expect(first).toEqual({ ...event(1), cursor: expect.anything() });
    expect(second).toMatchObject({ phoneNumberId: null, expiresAt: 99 });
    expect(sequences(await outbox.after((second as StoredEvent).cursor, 10))).toEqual([3]);
    expect(await outbox.after(await outbox.latestCursor(), 10)).toEqual([]);
  });

  it('publishes nothing that was rolled back', async () => {
    const failing = store.write(async (tx) => {
      await outbox.append(tx, event(1));
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await outbox.after(ORIGIN, 10)).toEqual([]);
    expect(await outbox.latestCursor()).toEqual(ORIGIN);
  });

  it('keeps no SDP', async () => {
    await append(event(1, { data: { id: 'call_1', session: { sdp_type: 'offer', sdp: 'v=0 secret' } } }));
    expect(JSON.stringify(await store.read.selectFrom('events').selectAll().execute())).not.toContain('v=0');
    expect((await outbox.after(ORIGIN, 1))[0]?.data).toEqual({ id: 'call_1', session: null });
  });

  it('purges from the old end only, without a gap, and keeps the newest', async () => {
    await append(event(1, { occurredAt: 10 }), event(2, { occurredAt: 50 }), event(3, { occurredAt: 20 }), event(4, { occurredAt: 60 }));
    expect(await outbox.purge(30)).toBe(1);
    expect(sequences(await outbox.after(ORIGIN, 10))).toEqual([2, 3, 4]);
    expect(await outbox.purge(1_000)).toBe(2);
    expect(await outbox.canResume(EVERY_NUMBER, await outbox.latestCursor())).toBe(true);
    expect(sequences(await outbox.after(ORIGIN, 10))).toEqual([4]);
  });

  it('feeds every event once and in order to all who listen', async () => {
    await append(event(1));
    const feed = new FeedService(outbox, SILENT_LOG);
    await feed.onApplicationBootstrap();
    const heard: number[][] = [[], []];
    feed.listen(({ sequence }) => {
      heard[0]?.push(sequence);
      throw new Error('one listener fails');
    });
    const stop = feed.listen(({ sequence }) => heard[1]?.push(sequence));
    await append(...Array.from({ length: 450 }, (_, i) => event(i + 2)));
    await feed.flush();
    stop();
    await append(event(452));
    await feed.flush();
    await feed.beforeApplicationShutdown();
    expect(heard[0]).toEqual(Array.from({ length: 451 }, (_, i) => i + 2));
    expect(heard[1]).toEqual(Array.from({ length: 450 }, (_, i) => i + 2));
  });

  it('reads on from the same place after the database could not be read', async () => {
    const feed = new FeedService(outbox, SILENT_LOG);
    await feed.onApplicationBootstrap();
    const heard: number[] = [];
    feed.listen(({ sequence }) => heard.push(sequence));
    const read = outbox.after.bind(outbox);
    outbox.after = () => Promise.reject(new Error('unreadable'));
    await append(event(1));
    await feed.flush();
    outbox.after = read;
    await append(event(2));
    await feed.flush();
    await feed.beforeApplicationShutdown();
    expect(heard).toEqual([1, 2]);
  });
});

const onPostgres = engines.filter((engine) => engine === 'postgres');
if (onPostgres.length) {
  it('a transaction that publishes early and commits late holds up nobody, since its events are inserted last', async () => {
    const database = await temporaryStore('postgres');
    const store = await database.open();
    const outbox = new OutboxService(new OutboxStore(store), store);
    const [wrote, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = store.write(async (tx) => {
      await outbox.append(tx, event(1));
      await tx.selectFrom('meta').select('key').execute();
      wrote.resolve();
      await held.promise;
    });
    await wrote.promise;
    await store.write((tx) => outbox.append(tx, event(2)));
    expect(sequences(await outbox.after(ORIGIN, 10))).toEqual([2]);
    held.resolve();
    await slow;
    expect(sequences(await outbox.after(ORIGIN, 10))).toEqual([2, 1]);
    await database.remove();
  });
}
