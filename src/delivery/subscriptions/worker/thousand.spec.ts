import { type Endpoint, type Gateway, TestBed } from '#delivery/subscriptions/delivery.fixture.js';
import { SubscriptionsStore } from '#delivery/subscriptions/subscriptions.store.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { DAY, SECOND } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { Statements } from '#store/statements.fixture.js';
import { engines } from '#store/temporary-database.fixture.js';

const EVENTS = 20;
const APART_MS = 400;
const PER_EVENT_AND_SUBSCRIPTION = 0.02;
/** What deliveries ask the database: their own tables, and pages of the outbox. The test itself waits for the newest event. */
const OF_DELIVERIES = /subscriptions|dispatches|"data" from "events"/;

describe.each(engines)('a thousand subscriptions on %s', (engine) => {
  let bed: TestBed;
  let gateway: Gateway;
  let hook: Endpoint;
  let statements: Statements;

  beforeEach(async () => {
    statements = new Statements();
    bed = new TestBed((store) => new OutboxService(new OutboxStore(store), store));
    gateway = await bed.open(engine);
    hook = await bed.endpoint();
  });
  afterEach(async () => {
    await bed.close();
    statements.stop();
  });

  /** So many more that do not want the events of calls. */
  const add = async (count: number) => {
    const model = await gateway.subscribe(hook.url, { types: ['settings.updated'] });
    const subscriptions = new SubscriptionsStore(gateway.store, gateway.secrets);
    await gateway.store.write(async (tx) => {
      for (let i = 1; i < count; i += 1) await subscriptions.insert(tx, { ...model, id: newId('sub') }, false);
    });
    await gateway.workers.flush();
  };
  /** How many statements deliveries cost while events come one after the other. */
  const cost = async () => {
    await gateway.workers.flush();
    statements.take(OF_DELIVERIES);
    for (let n = 1; n <= EVENTS; n += 1) {
      await gateway.publish({ type: 'call.ended', subject: `call_${n}`, sequence: n });
      await gateway.feed.flush();
      bed.clock.pass(APART_MS);
      gateway.workers.tick();
    }
    await gateway.workers.flush();
    return statements.take(OF_DELIVERIES);
  };

  it('cost next to nothing for an event that they do not want', async () => {
    const none = await cost();
    await add(100);
    const hundred = (await cost()) - none;
    await add(900);
    const thousand = (await cost()) - none;
    expect(hundred / 100 / EVENTS).toBeLessThanOrEqual(PER_EVENT_AND_SUBSCRIPTION);
    expect(thousand / 1_000 / EVENTS).toBeLessThanOrEqual(PER_EVENT_AND_SUBSCRIPTION);
    // One statement saves the cursors of all, and at most every 30 s.
    expect(Math.max(hundred, thousand)).toBeLessThanOrEqual(10);
    expect(hook.got).toEqual([]);
  });

  it('leave the delivery to one that wants the event at two statements', async () => {
    const none = await cost();
    await add(999);
    const other = await bed.endpoint();
    await gateway.subscribe(other.url, { types: ['call.ended'] });
    expect(((await cost()) - none) / EVENTS).toBeLessThanOrEqual(2.5);
    const got = other.got.map(({ event }) => event.sequence).sort((a, b) => a - b);
    expect(got).toEqual(Array.from({ length: EVENTS }, (_, i) => i + 1));
    expect(hook.got).toEqual([]);
  });

  it('are taken over after a crash with a few statements for all, and lose nothing', async () => {
    await add(1_000);
    await gateway.publish(...Array.from({ length: 300 }, (_, i) => ({ type: 'call.ended' as const, subject: `call_${i}` })));
    await gateway.publish({ type: 'settings.updated', subject: 'number', sequence: 1 });
    await gateway.workers.flush();
    expect(hook.got).toHaveLength(1_000);
    await gateway.publish(...Array.from({ length: 300 }, (_, i) => ({ type: 'call.ended' as const, subject: `call_${i}`, sequence: 2 })));
    await gateway.feed.flush();
    // A killed process reads and saves nothing any more, and no process renews its leases.
    await gateway.feed.beforeApplicationShutdown();
    gateway.workers.refresh = async () => undefined;
    bed.clock.pass(31 * SECOND);
    await gateway.publish({ type: 'settings.updated', subject: 'number', sequence: 2 });
    statements.take(/./);
    const successor = await bed.gateway();
    await successor.workers.flush();
    expect(statements.take(/"data" from "events"/)).toBeLessThanOrEqual(20);
    expect(hook.got.map(({ event }) => event.sequence).sort()).toEqual([...Array(1_000).fill(1), ...Array(1_000).fill(2)]);
  });

  it('lose nothing when what they want is kept for less long than their cursors go unsaved', async () => {
    await add(3);
    await gateway.subscribe(hook.url, { types: ['subscription.gap'] });
    for (let day = 0; day < 9; day += 1) {
      await gateway.publish({ type: 'call.ended', sequence: day });
      await gateway.feed.flush();
      bed.clock.pass(DAY);
    }
    await gateway.outbox.purge(bed.clock.now() - 7 * DAY);
    await gateway.publish({ type: 'settings.updated', subject: 'number', sequence: 1 });
    await gateway.workers.flush();
    expect(hook.got.map(({ event }) => event.type)).toEqual(Array(3).fill('settings.updated'));
    expect((await gateway.service.list(EVERY_NUMBER, 10, null)).map(({ gap }) => gap)).toEqual(Array(4).fill(null));
  });

  it('are the most; another one is refused', async () => {
    await add(999);
    const { id } = await gateway.subscribe(hook.url);
    await expect(gateway.subscribe(hook.url)).rejects.toMatchObject({ code: 'too_many_subscriptions' });
    await gateway.service.delete(EVERY_NUMBER, id);
    await gateway.subscribe(hook.url);
  });

  it('are written down as far as they have come when the process stops', async () => {
    await add(50);
    await gateway.publish({ type: 'call.ended' });
    await gateway.workers.flush();
    const newest = await gateway.outbox.latestCursor();
    await gateway.stop();
    expect((await new SubscriptionsStore(gateway.store, gateway.secrets).list(100, null)).map(({ cursor }) => cursor)).toEqual(
      Array(50).fill(newest),
    );
  });
});
