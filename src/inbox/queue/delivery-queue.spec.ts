import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Overload } from '#inbox/intake/overload.js';
import type { BatchEnd } from '#inbox/processing/batches.js';
import { SharedCommits } from '#inbox/processing/shared-commits.js';
import { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import { StoppedClock } from '#store/temporary-store.fixture.js';
import { DeliveryQueue } from './delivery-queue.js';
import { QueueLeases } from './queue-leases.service.js';
import type { QueuesStore } from './queues.store.js';

const NUMBER = '300000000000001';
const DELIVERY = { phoneNumberId: NUMBER, receivedAt: 0, body: Buffer.from('{}') };
const LAST: BatchEnd = { more: false, wasLast: true };
const FULL: BatchEnd = { more: true, wasLast: false };

describe('a new delivery, while the queue of its number works', () => {
  let clock: StoppedClock;
  let batches: PromiseWithResolvers<BatchEnd>[];
  let queue: DeliveryQueue;

  beforeEach(() => {
    clock = new StoppedClock();
    batches = [];
    const store = { isShared: false } as QueuesStore;
    queue = new DeliveryQueue(
      NUMBER,
      () => NUMBER,
      {
        leases: new QueueLeases(store, clock),
        processing: { readBatch: (phoneNumberId) => ({ phoneNumberId, parsed: [], elements: 1 }) },
        batches: {
          next: () => {
            batches.push(Promise.withResolvers<BatchEnd>());
            return batches.at(-1)?.promise ?? Promise.resolve(LAST);
          },
        },
        commits: new SharedCommits({ keepAndApply: async (all) => new Set(all) }, new Bulkhead({ slots: 1 })),
        clock,
        storeFailed: () => undefined,
      },
      new Overload(clock),
    );
  });
  afterEach(async () => {
    const stopped = queue.stop();
    for (const batch of batches) batch.resolve(LAST);
    await stopped;
  });

  const work = () => void queue.drain();
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('waits for the last batch and is applied inline', async () => {
    work();
    const applied = queue.processInline([DELIVERY]);
    await turn();
    batches[0]?.resolve(LAST);
    expect(await applied).toBe(true);
  });

  it('waits for what was persisted meanwhile as well', async () => {
    work();
    const applied = queue.processInline([DELIVERY]);
    work();
    batches[0]?.resolve(LAST);
    await turn();
    batches[1]?.resolve(LAST);
    expect(await applied).toBe(true);
  });

  it('is only persisted, at once, where more waits than a batch holds', async () => {
    work();
    batches[0]?.resolve(FULL);
    await turn();
    expect(await queue.processInline([DELIVERY])).toBe(false);
  });

  it('is only persisted, at once, where the batch before took long', async () => {
    work();
    clock.pass(41);
    work();
    batches[0]?.resolve(LAST);
    await turn();
    expect(await queue.processInline([DELIVERY])).toBe(false);
  });

  it('is only persisted when the batch does not end in time', async () => {
    work();
    expect(await queue.processInline([DELIVERY])).toBe(false);
  });
});
