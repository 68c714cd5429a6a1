import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Delivery } from '#inbox/inbox.store.js';
import { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import type { KeptBatch } from './number-batch.js';
import { type QueueWork, SharedBatches } from './shared-batches.js';

const gone = Object.assign(new Error('the connection is gone'), { code: '57P01' });
const workOf = (name: string, more: Partial<QueueWork> = {}): QueueWork => ({
  ...{ key: `inbox:${name}`, queue: name, phoneNumberId: name, isFlooded: false, mayGo: () => true },
  ...more,
});

describe('what waits in the queues of several numbers', () => {
  let together: string[][];
  let alone: string[];
  let waiting: Record<string, number>;
  let elsewhere: Set<string>;
  /** What becomes of a transaction with a number, shared or alone. */
  let fate: Record<string, 'busy' | Error>;
  let turns: Bulkhead;
  let shared: SharedBatches;

  beforeEach(() => {
    together = [];
    alone = [];
    waiting = {};
    elsewhere = new Set();
    fate = {};
    turns = new Bulkhead({ slots: 2 });
    const leaseOf = (key: string) => (elsewhere.has(key) ? null : { key, token: 1 });
    const deliveries = (queue: string, limit: number): Delivery[] =>
      Array.from({ length: Math.min(limit, waiting[queue] ?? 1) }, (_, id) => ({
        ...{ id, attempts: 0, phoneNumberId: queue, receivedAt: 0, body: Buffer.from('{}') },
      }));
    shared = new SharedBatches({
      turns,
      leases: {
        take: async (key) => leaseOf(key),
        takeAll: async (keys) => new Map(keys.flatMap((key) => [leaseOf(key) ?? []].flat().map((lease) => [key, lease] as const))),
      },
      inbox: { untriedOf: async (queues, limit) => new Map(queues.map((queue) => [queue, deliveries(queue ?? '', limit)])) },
      processing: {
        readBatch: (phoneNumberId, all) => ({
          ...{ phoneNumberId, elements: all.length },
          parsed: all.map((delivery) => ({ delivery, elements: [] })),
        }),
        applyTogether: async (batches: readonly KeptBatch[]) => {
          const numbers = batches.map(({ phoneNumberId }) => phoneNumberId);
          together.push(numbers);
          for (const number of numbers) if (fate[number] instanceof Error) throw fate[number];
          return new Set(batches.filter(({ phoneNumberId }) => fate[phoneNumberId] === undefined));
        },
      },
      batches: {
        applyNext: async (_queue, number) => {
          alone.push(number);
          if (fate[number] instanceof Error) throw fate[number];
          return { more: true, wasLast: false };
        },
      },
    });
  });

  const next = async (work: ReturnType<typeof workOf>) => (await shared.next(work)).more;
  const all = (...names: string[]) => Promise.all(names.map((name) => next(workOf(name))));

  it('was the last of a queue that had less than its share', async () => {
    waiting = { b: 99 };
    const ends = await Promise.all(['a', 'b'].map((name) => shared.next(workOf(name))));
    expect(ends.map(({ wasLast }) => wasLast)).toEqual([true, false]);
  });

  it('is applied in one transaction, and only a queue with a full share has more to do', async () => {
    waiting = { b: 99 };
    expect(await all('a', 'b', 'c')).toEqual([false, true, false]);
    expect([together, alone]).toEqual([[['a', 'b', 'c']], []]);
  });

  it('is applied alone where nothing else waits', async () => {
    expect(await all('a')).toEqual([true]);
    expect([together, alone]).toEqual([[], ['a']]);
  });

  it('is applied alone where it is a flood', async () => {
    const flood = next(workOf('a', { isFlooded: true }));
    expect(await Promise.all([flood, ...['b', 'c'].map((name) => next(workOf(name)))])).toEqual([true, false, false]);
    expect([together, alone]).toEqual([[['b', 'c']], ['a']]);
  });

  it('is left to the replica that has the lease', async () => {
    elsewhere.add('inbox:b');
    expect(await all('a', 'b', 'c')).toEqual([false, false, false]);
    expect([together, alone]).toEqual([[['a', 'c']], []]);
  });

  it('is applied alone where another writer has the number, or nothing untried waits', async () => {
    fate = { b: 'busy' };
    waiting = { c: 0 };
    expect(await all('a', 'b', 'c')).toEqual([false, true, true]);
    expect([together, alone]).toEqual([[['a', 'b']], ['b', 'c']]);
  });

  it('is applied alone after one of them failed, and the error reaches its queue alone', async () => {
    fate = { b: new Error('a body that no handler can take') };
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => next(workOf(name))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(alone).toEqual(['a', 'b', 'c']);
  });

  it('waits after a fault of the database, each queue for itself', async () => {
    fate = { b: gone };
    const outcomes = await Promise.allSettled(['a', 'b'].map((name) => next(workOf(name))));
    expect(outcomes).toEqual([
      { status: 'rejected', reason: gone },
      { status: 'rejected', reason: gone },
    ]);
    expect(alone).toEqual([]);
  });

  it('waits for its turn, and no batch of a queue begins that was stopped meanwhile', async () => {
    const others = Promise.withResolvers<void>();
    const busy = [1, 2].map(() => turns.run(() => others.promise));
    let stopped = false;
    const results = ['a', 'b'].map((name) => next(workOf(name, { mayGo: () => !(stopped && name === 'b') })));
    await setImmediate();
    expect([together, alone]).toEqual([[], []]);
    stopped = true;
    others.resolve();
    expect(await Promise.all(results)).toEqual([true, false]);
    await Promise.all(busy);
    expect(alone).toEqual(['a']);
  });
});
