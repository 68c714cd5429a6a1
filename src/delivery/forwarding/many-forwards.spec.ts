import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Settings } from '#config/settings.js';
import { inboxOf } from '#inbox/inbox.fixture.js';
import { MINUTE } from '#kernel/clock.js';
import { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import type { PostClient } from '#outbound-http/post.client.js';
import type { AttemptResult } from '#outbound-http/retry.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, StoppedClock, temporaryStore } from '#store/temporary-store.fixture.js';
import { SILENT_LOG } from '#telemetry/log.fixture.js';
import { Metrics } from '#telemetry/metrics.js';
import { ForwardQueue } from './forward-queue.js';
import { FakeNumbers } from './forwarding.fixture.js';
import { ForwardingWorker } from './forwarding.worker.js';
import { ForwardsStore } from './forwards.store.js';

const idOf = (n: number): string => `3000000000001${String(n).padStart(3, '0')}`;
const TAKEN: AttemptResult = { status: 200, error: null, retryAfter: null, latencyMs: 1 };
const AWAY: AttemptResult = { status: null, error: 'timeout', retryAfter: null, latencyMs: 15_000 };

describe('forwarding of many numbers', () => {
  /** Targets whose attempts the test ends, over a store in which each queue always has one delivery. */
  const open = (slots: number, reserved: number) => {
    const clock = new StoppedClock();
    const underWay = new Map<string, (result: AttemptResult) => void>();
    const poster = {
      closed: false,
      post: (url: string) => new Promise<AttemptResult>((end) => void underWay.set(url, end)),
    } as unknown as PostClient;
    const left = new Map<string, number>();
    const store = {
      claim: async () => ({ xid: 0, id: 0, heldUntil: null }),
      after: async ({ name }: { name: string }) =>
        (left.get(name) ?? 0) > 0 ? [{ xid: 0, id: 1, body: Buffer.alloc(0), refusals: 0 }] : [],
      advance: async (name: string) => {
        left.set(name, (left.get(name) ?? 1) - 1);
        return true;
      },
      toReplay: async () => [],
    } as unknown as ForwardsStore;
    const turns = new Bulkhead({ slots, reserved });
    const queueOf = (name: string) => {
      left.set(name, 1);
      const source = { name, phoneNumberId: name, numbers: [name], target: { url: name, headers: {} } };
      return new ForwardQueue(source, 'me', store, poster, turns, clock, SILENT_LOG);
    };
    const end = async (name: string, result: AttemptResult) => {
      underWay.get(name)?.(result);
      underWay.delete(name);
      for (let n = 0; n < 20; n += 1) await setImmediate();
    };
    return { clock, underWay, queueOf, end };
  };

  it('has so many attempts under way at most, and keeps places for targets that answer', async () => {
    const { clock, underWay, queueOf, end } = open(4, 2);
    const dead = Array.from({ length: 10 }, (_, n) => queueOf(`dead ${n}`));
    for (const queue of dead) void queue.drain();
    for (let n = 0; n < 20; n += 1) await setImmediate();
    // Nothing is known of them yet: they may take every place.
    expect(underWay.size).toBe(4);
    for (let n = 0; n < 10; n += 1) await end([...underWay.keys()][0] ?? '', AWAY);
    clock.pass(MINUTE);
    for (const queue of dead) void queue.drain();
    for (let n = 0; n < 20; n += 1) await setImmediate();
    expect(underWay.size).toBe(2);
    const alive = queueOf('alive');
    void alive.drain();
    for (let n = 0; n < 20; n += 1) await setImmediate();
    expect([...underWay.keys()]).toContain('alive');
    await end('alive', TAKEN);
    expect(underWay.size).toBe(2);
    // One that answers again has its place back.
    const [back = ''] = underWay.keys();
    await end(back, TAKEN);
    expect(underWay.size).toBe(2);
  });

  it('ends a queue that waits for its turn when the process stops', async () => {
    const { underWay, queueOf, end } = open(1, 0);
    const [one, two] = [queueOf('one'), queueOf('two')];
    void one.drain();
    for (let n = 0; n < 20; n += 1) await setImmediate();
    void two.drain();
    const stopped = two.stop();
    await end('one', TAKEN);
    await stopped;
    expect(underWay.size).toBe(0);
  });
});

describe.each(engines)('forwarding of many numbers on %s', (engine) => {
  it('opens a bounded number of connections, and forwards all', async () => {
    let [open, most] = [0, 0];
    const got = new Set<string>();
    const target = createServer(async (request, response) => {
      open += 1;
      most = Math.max(most, open);
      for await (const chunk of request) got.add(String(chunk));
      // Connections that may come meanwhile have come.
      for (let n = 0; n < 200; n += 1) await setImmediate();
      open -= 1;
      response.writeHead(200).end();
    });
    await new Promise<void>((ready) => void target.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
    const database = await temporaryStore(engine);
    const store = await database.open();
    const [clock, metrics, numbers] = [new StoppedClock(), new Metrics(), new FakeNumbers(null)];
    const ids = Array.from({ length: 120 }, (_, n) => idOf(n));
    for (const id of ids) numbers.set(id, { url, headers: {} });
    const { inbox } = inboxOf(store, clock, metrics);
    const settings = { forward: null, eventsAllowPrivateTargets: true } as Pick<
      Settings,
      'forward' | 'eventsAllowPrivateTargets'
    > as Settings;
    const worker = new ForwardingWorker(new ForwardsStore(store), inbox, numbers.service, settings, clock, SILENT_LOG, metrics);
    try {
      await worker.onApplicationBootstrap();
      await raw(store)
        .insertInto('deliveries')
        .values(ids.map((id) => ({ phone_number_id: id, received_at: 0, body: Buffer.from(id), state: 'done' as const, attempts: 0 })))
        .execute();
      for (let turn = 0; turn < 1_000 && got.size < ids.length; turn += 1) await worker.drain();
      expect([most <= 64, [...got].sort()]).toEqual([true, ids]);
    } finally {
      await worker.beforeApplicationShutdown();
      target.closeAllConnections();
      target.close();
      await database.remove();
    }
  });

  it('does not forget what was set aside of a number whose forward this replica cannot read', async () => {
    const database = await temporaryStore(engine);
    const store = await database.open();
    const forwards = new ForwardsStore(store);
    const [a, b] = [idOf(1), idOf(2)];
    const source = (id: string) => ({ name: id, phoneNumberId: id, numbers: [id], target: { url: 'https://crm.example/', headers: {} } });
    await forwards.settle([source(a), source(b)], async () => [a, b], []);
    const row = { phone_number_id: b, received_at: 0, body: Buffer.from('b'), state: 'done' as const, attempts: 0 };
    const { id } = await raw(store).insertInto('deliveries').values(row).returning('id').executeTakeFirstOrThrow();
    await store.write((tx) => forwards.refused.record(tx, { id: Number(id), state: 'set_aside', attempts: 3, status: 422, at: 0 }));
    // The forward of the first is gone, and that of the second does not open here.
    await forwards.settle([], async () => [b], []);
    expect(await forwards.refused.count(store.read, [b])).toBe(1);
    expect((await store.read.selectFrom('forwards').select('name').execute()).map(({ name }) => name)).toEqual([b]);
    await database.remove();
  });
});
