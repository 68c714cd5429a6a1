import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import type { Settings } from '#config/settings.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { inboxOf } from '#inbox/inbox.fixture.js';
import { purgeInbox } from '#inbox/purge/purge.store.js';
import { DAY, HOUR, MINUTE, SECOND } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { Metrics } from '#telemetry/metrics.js';
import { Box } from './forward-target.fixture.js';
import { FakeNumbers, FIRST } from './forwarding.fixture.js';
import { ForwardingService } from './forwarding.service.js';
import { ForwardingWorker } from './forwarding.worker.js';
import { ForwardsStore } from './forwards.store.js';

const SILENT = { pino: pino({ level: 'silent' }) };
const [B, C] = ['300000000000002', '300000000000003'];

describe.each(engines)('forwarding of several numbers on %s', (engine) => {
  const metrics = new Metrics();
  let clock: StoppedClock;
  let database: TemporaryStore;
  let store: Store;
  let boxes: Record<string, Box>;
  let numbers: FakeNumbers;
  /** Takes connections and answers nothing. */
  let mute: Server;
  const workers: ForwardingWorker[] = [];

  beforeEach(async () => {
    clock = new StoppedClock();
    database = await temporaryStore(engine);
    store = await database.open();
    boxes = { [FIRST]: await new Box().open(), [B]: await new Box().open(), [C]: await new Box().open() };
    numbers = new FakeNumbers(targetOf(FIRST));
    numbers.set(B, targetOf(B));
    mute = createServer(() => undefined);
    await new Promise<void>((ready) => void mute.listen(0, '127.0.0.1', ready));
  });
  afterEach(async () => {
    mute.closeAllConnections();
    mute.close();
    for (const worker of workers.splice(0)) await worker.beforeApplicationShutdown();
    for (const box of Object.values(boxes)) box.close();
    await database.remove();
  });

  const boxOf = (id: string) => boxes[id] as Box;
  const targetOf = (id: string) => ({ url: boxOf(id).url, headers: { 'x-of': id } });
  const gateway = async (on = store, eventsAllowPrivateTargets = true) => {
    const settings = { forward: targetOf(FIRST), eventsAllowPrivateTargets } as Pick<
      Settings,
      'forward' | 'eventsAllowPrivateTargets'
    > as Settings;
    const { inbox } = inboxOf(on, clock, metrics);
    const forwards = new ForwardsStore(on);
    const worker = new ForwardingWorker(forwards, inbox, numbers.service, settings, clock, SILENT, metrics);
    const service = new ForwardingService(forwards, {} as EligibilityService, numbers.service, settings, clock, on);
    workers.push(worker);
    await worker.onApplicationBootstrap();
    const keep = async (id: string | null, ...bodies: string[]) => {
      for (const body of bodies) await inbox.keep(Buffer.from(body), id);
    };
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= SECOND) {
        clock.pass(Math.min(SECOND, left));
        await worker.drain();
      }
    };
    return { worker, service, keep, pass };
  };
  const got = () => [FIRST, B, C].map((id) => boxOf(id).bodies);
  const cursors = async () => (await store.read.selectFrom('forwards').select('name').orderBy('name').execute()).map(({ name }) => name);
  const until = async (isTrue: () => boolean | Promise<boolean>) => {
    while (!(await isTrue())) await new Promise((next) => void setImmediate(next));
  };

  it('gives each target the deliveries of its number alone, in order, and those of no number to the first', async () => {
    const { worker, keep } = await gateway();
    await keep(FIRST, 'a1');
    await keep(B, 'b1');
    await keep(C, 'c1');
    await keep(null, 'nobody');
    await keep(B, 'b2');
    await keep(FIRST, 'a2');
    await worker.drain();
    expect(got()).toEqual([['a1', 'nobody', 'a2'], ['b1', 'b2'], []]);
    expect(boxOf(B).got[0]?.headers['x-of']).toBe(B);
    expect(await cursors()).toEqual([B, 'webhook']);
  });

  it('posts for a client to public addresses alone, also where the name led elsewhere when it was given; for the operator to any', async () => {
    const { worker, keep } = await gateway(store, false);
    await keep(FIRST, 'a1');
    await keep(B, 'b1');
    await worker.drain();
    expect(got()).toEqual([['a1'], [], []]);
  });

  it('begins where a forward is set, follows another target, and forgets its cursor where it is taken away', async () => {
    const { worker, keep } = await gateway();
    await keep(C, 'before');
    numbers.set(C, targetOf(C));
    await until(async () => (await cursors()).includes(C));
    await keep(C, 'c1');
    await worker.drain();
    numbers.set(C, { ...targetOf(B), headers: { 'x-of': C } });
    await worker.drain();
    await keep(C, 'c2');
    while (boxOf(B).bodies.length + boxOf(C).bodies.length < 2) await worker.drain();
    expect(got()).toEqual([[], ['c2'], ['c1']]);
    numbers.set(C, null);
    await until(async () => !(await cursors()).includes(C));
    await keep(C, 'c3');
    await worker.drain();
    numbers.set(C, targetOf(C));
    await until(async () => (await cursors()).includes(C));
    await keep(C, 'c4');
    await worker.drain();
    expect(boxOf(C).bodies).toEqual(['c1', 'c4']);
  });

  it('lets no number wait for a target that hangs, is away or refuses', async () => {
    numbers.set(C, { url: `http://127.0.0.1:${(mute.address() as AddressInfo).port}/`, headers: {} });
    const { worker, service, keep, pass } = await gateway();
    await keep(C, 'hangs');
    const asked = new Promise<void>((ready) => void mute.once('request', () => ready()));
    void worker.drain();
    await asked;
    boxOf(B).status = 503;
    await keep(B, 'b1');
    for (const body of ['a1', 'a2', 'a3']) {
      await keep(FIRST, body);
      void worker.drain();
      await until(() => boxOf(FIRST).bodies.includes(body));
    }
    expect([boxOf(FIRST).bodies, boxOf(B).bodies]).toEqual([['a1', 'a2', 'a3'], []]);
    // From now on the target of C refuses connections: each further attempt would take its whole timeout.
    mute.close();
    mute.closeAllConnections();
    boxOf(B).statusOf = (body) => (body === 'b1' ? 422 : 200);
    await keep(B, 'b2');
    await pass(2 * MINUTE);
    expect(boxOf(B).bodies).toEqual(['b2']);
    expect((await service.list(EVERY_NUMBER, 10, 0)).length).toBe(1);
    expect([await service.list({ numbers: [FIRST] }, 10, 0), (await service.list({ numbers: [B] }, 10, 0)).length]).toEqual([[], 1]);
    expect(await service.status(FIRST)).toMatchObject({ pending: 0, setAside: 0, target: new URL(boxOf(FIRST).url).origin });
    expect(await service.status(B)).toMatchObject({ pending: 0, setAside: 1 });
    expect(await service.status(C)).toMatchObject({ pending: 1, setAside: 0 });
    await expect(service.replay({ numbers: ['300000000000009'] }, null)).rejects.toMatchObject({ code: 'forwarding_off' });
    expect(await service.replay({ numbers: [FIRST] }, null)).toEqual([]);
    boxOf(B).statusOf = () => 200;
    expect(await service.replay({ numbers: [B] }, null)).toHaveLength(1);
    await pass(2 * SECOND);
    expect(boxOf(B).bodies).toEqual(['b2', 'b1']);
  });

  it('keeps deliveries beyond their retention for their own target only', async () => {
    boxOf(B).status = 503;
    const { worker, keep, pass } = await gateway();
    await keep(FIRST, 'a1');
    await keep(B, 'b1');
    await worker.drain();
    await store.write((tx) => tx.updateTable('deliveries').set({ state: 'done' }).execute());
    await purgeInbox(store, clock.now() + DAY, 0);
    expect((await store.read.selectFrom('deliveries').select('phone_number_id').execute()).map((row) => row.phone_number_id)).toEqual([B]);
    boxOf(B).status = 200;
    await pass(MINUTE);
    clock.pass(HOUR);
    await purgeInbox(store, clock.now() + DAY, 0);
    expect(boxOf(B).bodies).toEqual(['b1']);
    expect(await store.read.selectFrom('deliveries').select('id').execute()).toEqual([]);
  });

  it('measures the sum of all numbers, and the oldest of any', async () => {
    const { worker, service, keep } = await gateway();
    for (const id of [FIRST, B]) boxOf(id).status = 503;
    await keep(B, 'b1', 'b2');
    await worker.drain();
    clock.pass(10 * SECOND);
    await keep(FIRST, 'a1');
    await worker.measure();
    expect((await metrics.forwardPending.get()).values[0]?.value).toBe(3);
    expect((await metrics.forwardOldest.get()).values[0]?.value).toBe(10);
    service.recent();
    await until(() => service.recent() !== null);
    expect(service.recent()).toEqual({ oldestAgeMs: 10 * SECOND, setAside: 0 });
  });

  if (engine === 'postgres') {
    it('forwards each number once with two replicas, and another takes over what one has left', async () => {
      const one = await gateway();
      const two = await gateway(await database.open());
      await one.keep(FIRST, 'a1');
      await two.keep(B, 'b1');
      await Promise.all([one.pass(2 * SECOND), two.pass(2 * SECOND)]);
      await one.pass(6 * SECOND);
      expect(got().slice(0, 2)).toEqual([['a1'], ['b1']]);
      await one.worker.beforeApplicationShutdown();
      await two.keep(FIRST, 'a2');
      await two.keep(B, 'b2');
      await two.pass(10 * SECOND);
      expect(got().slice(0, 2)).toEqual([
        ['a1', 'a2'],
        ['b1', 'b2'],
      ]);
    });
  }
});
