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

describe.each(engines)('a delivery that the target of forwarding refuses, on %s', (engine) => {
  const metrics = new Metrics();
  let clock: StoppedClock;
  let database: TemporaryStore;
  let store: Store;
  let box: Box;
  const workers: ForwardingWorker[] = [];

  beforeEach(async () => {
    clock = new StoppedClock();
    database = await temporaryStore(engine);
    store = await database.open();
    box = await new Box().open();
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.beforeApplicationShutdown();
    box.close();
    await database.remove();
  });

  const gateway = async (on = store) => {
    const settings = { forward: { url: `${box.url}?token=s3cret`, headers: {} } } as Settings;
    const { inbox } = inboxOf(on, clock, metrics);
    const numbers = new FakeNumbers(settings.forward).service;
    const forwards = new ForwardsStore(on);
    const worker = new ForwardingWorker(forwards, inbox, numbers, settings, clock, SILENT, metrics);
    const service = new ForwardingService(forwards, {} as EligibilityService, numbers, settings, clock, on);
    workers.push(worker);
    await worker.onApplicationBootstrap();
    await worker.drain();
    const keep = async (...bodies: string[]) => {
      for (const body of bodies) await inbox.keep(Buffer.from(body, 'latin1'), null);
      await worker.drain();
    };
    /** Lets time pass as the tick of the worker does. */
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= SECOND) {
        clock.pass(Math.min(SECOND, left));
        await worker.drain();
      }
    };
    return { worker, service, keep, pass, setAside: () => service.list(EVERY_NUMBER, 100, 0) };
  };
  const refuse = (refused: string, status = 422) => {
    box.statusOf = (body) => (body === refused ? status : box.status);
  };
  const count = (body: string) => box.asked.filter((one) => one === body).length;

  it.each([400, 401, 403, 404, 409, 410, 413, 422])(
    'is tried three times within 60 s after a %i, then what follows goes on',
    async (status) => {
      const { keep, pass, setAside } = await gateway();
      refuse('message', status);
      await keep('first', 'message', 'ringing call');
      expect([box.bodies, await setAside()]).toEqual([['first'], []]);
      await pass(MINUTE);
      expect(box.bodies).toEqual(['first', 'ringing call']);
      expect(count('message')).toBe(3);
      expect(await setAside()).toMatchObject([{ state: 'set_aside', attempts: 3, status, receivedAt: expect.any(Number) }]);
    },
  );

  it.each([408, 425, 429, 500, 502, 503, 504, 302])('holds the queue for as long as the target answers %i', async (status) => {
    const { keep, pass, setAside } = await gateway();
    refuse('message', status);
    await keep('message', 'ringing call');
    await pass(10 * MINUTE);
    expect([box.bodies, await setAside()]).toEqual([[], []]);
    refuse('none');
    await pass(MINUTE);
    expect(box.bodies).toEqual(['message', 'ringing call']);
  });

  it('holds the queue while no connection can be made', async () => {
    const { keep, pass, setAside, worker } = await gateway();
    box.close();
    await keep('1', '2');
    await pass(2 * MINUTE);
    expect(await setAside()).toEqual([]);
    await worker.measure();
    expect((await metrics.forwardPending.get()).values[0]?.value).toBe(2);
  });

  it('keeps its turn when the target takes it at the second or third attempt', async () => {
    const { keep, pass, setAside } = await gateway();
    refuse('1', 404);
    await keep('1', '2');
    await pass(6 * SECOND);
    expect(count('1')).toBe(2);
    refuse('none');
    await pass(MINUTE);
    expect([box.bodies, await setAside()]).toEqual([['1', '2'], []]);
    expect(await store.read.selectFrom('refused_forwards').selectAll().execute()).toEqual([]);
  });

  it('counts a refusal only: an outage between two of them holds the queue and sets nothing aside', async () => {
    const { keep, pass, setAside } = await gateway();
    refuse('1');
    await keep('1', '2');
    refuse('1', 503);
    await pass(HOUR);
    expect([box.bodies, await setAside()]).toEqual([[], []]);
    refuse('1');
    await pass(MINUTE);
    expect([box.bodies, await setAside()]).toMatchObject([['2'], [{ attempts: 3 }]]);
  });

  it('is one of many: each has its own three attempts, and the order of the others stays that of receipt', async () => {
    const { keep, pass, setAside } = await gateway();
    box.statusOf = (body) => (body.startsWith('bad') ? 422 : 200);
    await keep('1', 'bad 1', '2', 'bad 2', 'bad 3', '3');
    await pass(4 * MINUTE);
    expect(box.bodies).toEqual(['1', '2', '3']);
    expect(box.asked.filter((body) => body.startsWith('bad'))).toEqual([1, 2, 3].flatMap((n) => Array(3).fill(`bad ${n}`)));
    expect((await setAside()).map(({ attempts }) => attempts)).toEqual([3, 3, 3]);
  });

  it('keeps its count, and when it is tried again, through a crash', async () => {
    const first = await gateway();
    refuse('1');
    await first.keep('1', '2');
    await first.pass(6 * SECOND);
    expect(count('1')).toBe(2);
    // The next process finds what the database holds; the first never says that it is gone.
    const next = await gateway();
    await next.worker.drain();
    expect(count('1')).toBe(2);
    clock.pass(31 * SECOND);
    await next.worker.drain();
    expect([count('1'), box.bodies]).toEqual([3, ['2']]);
  });

  it.each(['120', () => new Date(clock.now() + 2 * MINUTE).toUTCString()])(
    'waits as long as Retry-After says, also in another process',
    async (value) => {
      const first = await gateway();
      box.status = 429;
      box.headers = { 'Retry-After': typeof value === 'string' ? value : value() };
      await first.keep('1');
      const second = await gateway(engine === 'postgres' ? await database.open() : store);
      for (const { pass } of [first, second]) await pass(59 * SECOND);
      expect(box.attempts).toBe(1);
      box.status = 200;
      clock.pass(6 * SECOND);
      for (const { worker } of [first, second]) await worker.drain();
      expect(box.bodies).toEqual(['1']);
    },
  );

  it('is posted once more when the owner asks for it, beside the queue', async () => {
    const { keep, pass, setAside, service, worker } = await gateway();
    box.statusOf = (body) => (body.startsWith('bad') ? 422 : 200);
    await keep('bad 1', 'bad 2');
    await pass(2 * MINUTE);
    const [one, two] = await setAside();
    expect(await service.replay(EVERY_NUMBER, [one?.id as number, 999_999])).toEqual([one?.id]);
    expect((await setAside()).map(({ state }) => state)).toEqual(['replaying', 'set_aside']);
    await worker.drain();
    // Refused again: one attempt, and it stays set aside; the queue does not wait.
    expect(await setAside()).toMatchObject([{ id: one?.id, state: 'set_aside', attempts: 4 }, { id: two?.id }]);
    await keep('next');
    expect(box.bodies).toEqual(['next']);
    box.statusOf = () => 200;
    expect(await service.replay(EVERY_NUMBER, null)).toEqual([one?.id, two?.id]);
    await worker.drain();
    expect([box.bodies, await setAside()]).toEqual([['next', 'bad 1', 'bad 2'], []]);
    expect(await service.replay(EVERY_NUMBER, [one?.id as number])).toEqual([]);
  });

  it('stays set aside when the target is away during the replay, and holds nothing', async () => {
    const { keep, pass, setAside, service, worker } = await gateway();
    refuse('1');
    await keep('1');
    await pass(MINUTE);
    refuse('1', 503);
    await service.replay(EVERY_NUMBER, null);
    await worker.drain();
    expect(await setAside()).toMatchObject([{ state: 'set_aside', status: 503 }]);
    await keep('2');
    expect(box.bodies).toEqual(['2']);
  });

  it('is shown, with the age of the oldest that waits, and with no secret of the target', async () => {
    const { keep, pass, service, worker } = await gateway();
    const gauges = async () => {
      await worker.measure();
      const [oldest, setAside] = await Promise.all([metrics.forwardOldest.get(), metrics.forwardSetAside.get()]);
      return [oldest.values[0]?.value, setAside.values[0]?.value];
    };
    const began = clock.now();
    refuse('1');
    await keep('1', '2');
    await pass(10 * SECOND);
    expect(await gauges()).toEqual([10, 0]);
    expect(await service.status(FIRST)).toEqual({
      target: new URL(box.url).origin,
      pending: 2,
      oldestReceivedAt: began,
      heldUntil: expect.any(Number),
      setAside: 0,
    });
    await pass(MINUTE);
    expect(await gauges()).toEqual([0, 1]);
    while (service.recent()?.setAside !== 1) await service.status(FIRST);
    expect(service.recent()).toEqual({ oldestAgeMs: 0, setAside: 1 });
  });

  it('is kept for as long after its refusal as other deliveries after their receipt, and is then gone from the list', async () => {
    const { keep, pass, setAside, worker } = await gateway();
    box.status = 503;
    await keep('1', '2');
    await pass(5 * MINUTE);
    clock.pass(10 * DAY);
    box.status = 200;
    refuse('1');
    await pass(MINUTE);
    await store.write((tx) => tx.updateTable('deliveries').set({ state: 'done' }).execute());
    await purgeInbox(store, clock.now() - 8 * DAY, 0);
    expect(await setAside()).toHaveLength(1);
    await purgeInbox(store, clock.now() + DAY, 0);
    expect(await setAside()).toEqual([]);
    await worker.purge();
    expect(await store.read.selectFrom('refused_forwards').selectAll().execute()).toEqual([]);
  });

  if (engine === 'postgres') {
    it('has three attempts over all replicas', async () => {
      const [one, two] = [await gateway(), await gateway(await database.open())];
      refuse('1');
      await one.keep('1', '2');
      // Turns that the replicas take by chance: the lease of the one lapses, or it stops.
      await two.pass(6 * SECOND);
      await one.worker.beforeApplicationShutdown();
      await two.pass(2 * MINUTE);
      expect([count('1'), box.bodies]).toEqual([3, ['2']]);
      expect(await two.setAside()).toHaveLength(1);
    });
  }
});
