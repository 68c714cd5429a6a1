import { pino } from 'pino';
import type { Settings } from '#config/settings.js';
import { inboxOf } from '#inbox/inbox.fixture.js';
import { InboxStore } from '#inbox/inbox.store.js';
import { purgeInbox } from '#inbox/purge/purge.store.js';
import { DAY, HOUR, SECOND } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { Metrics } from '#telemetry/metrics.js';
import { Box } from './forward-target.fixture.js';
import { FakeNumbers } from './forwarding.fixture.js';
import { ForwardingWorker } from './forwarding.worker.js';
import { ForwardsStore } from './forwards.store.js';

const SILENT = { pino: pino({ level: 'silent' }) };
const range = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));

describe.each(engines)('forwarding on %s', (engine) => {
  const clock = new StoppedClock();
  const metrics = new Metrics();
  let database: TemporaryStore;
  let store: Store;
  let box: Box;
  const workers: ForwardingWorker[] = [];

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    box = await new Box().open();
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.beforeApplicationShutdown();
    box.close();
    await database.remove();
  });

  const gateway = async (forward: Settings['forward'] = { url: box.url, headers: { 'X-Former-Secret': 's3cret' } }, on = store) => {
    const { inbox } = inboxOf(on, clock, metrics);
    const worker = new ForwardingWorker(
      new ForwardsStore(on),
      inbox,
      new FakeNumbers(forward).service,
      { forward } as Settings,
      clock,
      SILENT,
      metrics,
    );
    workers.push(worker);
    await worker.onApplicationBootstrap();
    await worker.drain();
    const keep = async (...bodies: string[]) => {
      for (const body of bodies) await inbox.keep(Buffer.from(body, 'latin1'), null);
      await worker.drain();
    };
    return { worker, keep };
  };

  it('forwards every body byte for byte, in order, under the headers of the former webhook', async () => {
    const { keep } = await gateway();
    const bodies = ['{"a": 1}\n', 'no JSON \u00ff\u0000', '', ...range(60)];
    await keep(...bodies);
    expect(box.bodies).toEqual(bodies);
    expect(box.got[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-former-secret': 's3cret' });
  });

  it('begins with what is kept from its first start on', async () => {
    await new InboxStore(store).keep([{ phoneNumberId: null, receivedAt: 0, body: Buffer.from('before') }]);
    const { keep } = await gateway();
    await keep('after');
    expect(box.bodies).toEqual(['after']);
  });

  it('waits for a target that is down, with a growing backoff, and loses neither deliveries nor their order', async () => {
    const { worker, keep } = await gateway();
    box.status = 503;
    await keep(...range(100));
    for (let second = 0; second < HOUR; second += SECOND) {
      clock.pass(SECOND);
      await worker.drain();
    }
    expect(box.attempts).toBeLessThan(200);
    expect(box.attempts).toBeGreaterThan(100);
    box.status = 200;
    clock.pass(30 * SECOND);
    await worker.drain();
    expect(box.bodies).toEqual(range(100));
  });

  it('measures how many deliveries wait to be forwarded', async () => {
    const pending = async () => (await metrics.forwardPending.get()).values[0]?.value;
    const { worker, keep } = await gateway();
    box.status = 503;
    await keep('1', '2', '3');
    await worker.measure();
    expect(await pending()).toBe(3);
    box.status = 200;
    clock.pass(HOUR);
    await worker.drain();
    await worker.measure();
    expect(await pending()).toBe(0);
  });

  it('counts only 2xx as success', async () => {
    const { keep } = await gateway();
    box.status = 302;
    await keep('1');
    clock.pass(HOUR);
    box.status = 501;
    await keep('2');
    clock.pass(HOUR);
    box.status = 200;
    await keep('3');
    expect(box.bodies).toEqual(['1', '2', '3']);
  });

  it('resumes at its offset after a restart', async () => {
    const first = await gateway();
    await first.keep('1');
    box.status = 500;
    await first.keep('2');
    await first.worker.beforeApplicationShutdown();
    box.status = 200;
    const second = await gateway();
    await second.keep('3');
    expect(box.bodies).toEqual(['1', '2', '3']);
  });

  it('keeps deliveries beyond their retention until they were forwarded, and no longer', async () => {
    const left = async () => (await store.read.selectFrom('deliveries').select('id').execute()).length;
    const { worker, keep } = await gateway();
    await keep('1');
    box.status = 503;
    await keep('2', '3');
    await store.write((tx) => tx.updateTable('deliveries').set({ state: 'done' }).execute());
    await purgeInbox(store, clock.now() + DAY, 0);
    expect(await left()).toBe(2);
    box.status = 200;
    clock.pass(HOUR);
    await worker.drain();
    await purgeInbox(store, clock.now() + DAY, 0);
    expect(await left()).toBe(0);
    expect(box.bodies).toEqual(['1', '2', '3']);
  });

  it('keeps nothing for a forward that is no longer configured', async () => {
    const first = await gateway();
    box.status = 503;
    await first.keep('1');
    await first.worker.beforeApplicationShutdown();
    await gateway(null);
    await store.write((tx) => tx.updateTable('deliveries').set({ state: 'done' }).execute());
    await purgeInbox(store, clock.now() + DAY, 0);
    expect(await store.read.selectFrom('deliveries').select('id').execute()).toEqual([]);
  });

  if (engine === 'postgres') {
    it('forwards once with two replicas, of which one takes over when the other is gone', async () => {
      const one = await gateway();
      const two = await gateway(undefined, await database.open());
      await one.keep(...range(20));
      await two.keep('21');
      await one.worker.drain();
      expect(box.bodies).toEqual([...range(20), '21']);
      await one.worker.beforeApplicationShutdown();
      clock.pass(10 * SECOND);
      await two.keep('22');
      expect(box.bodies.at(-1)).toBe('22');
    });
  }
});
