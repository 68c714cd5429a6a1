import { describe, expect, it } from '@jest/globals';
import { Overload } from '#inbox/intake/overload.js';
import { SharedCommits } from '#inbox/processing/shared-commits.js';
import { SECOND } from '#kernel/clock.js';
import { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import { StoppedClock } from '#store/temporary-store.fixture.js';
import { DeliveryQueue } from './delivery-queue.js';
import { QueueLeases } from './queue-leases.service.js';
import type { QueuesStore } from './queues.store.js';

const NUMBERS = Array.from({ length: 40 }, (_, n) => `3000000000001${String(n).padStart(2, '0')}`);

describe('the leases of many queues', () => {
  it('last while deliveries are applied inline, and end where nothing comes', async () => {
    const clock = new StoppedClock();
    const store = {
      isShared: true,
      take: async (keys: readonly string[]) => new Map(keys.map((key) => [key, 1])),
      renew: async (keys: readonly string[]) => [...keys],
    } as unknown as QueuesStore;
    const leases = new QueueLeases(store, clock);
    const readBatch = (phoneNumberId: string) => ({ phoneNumberId, parsed: [], elements: 1 });
    const turns = new Bulkhead({ slots: 1 });
    const commits = new SharedCommits({ keepAndApply: async (all) => new Set(all) }, turns);
    const parts = {
      leases,
      processing: { readBatch },
      batches: { next: async () => ({ more: false, wasLast: true }) },
      commits,
      clock,
      storeFailed: () => undefined,
    };
    const queues = NUMBERS.map((number) => new DeliveryQueue(number, () => number, parts, new Overload(clock)));
    for (const { key } of queues) await leases.take(key);
    const [busy, ...idle] = queues;
    const delivery = { phoneNumberId: null, receivedAt: 0, body: Buffer.from('{}') };
    const inline: boolean[] = [];
    for (let second = 0; second < 300; second += 1) {
      clock.pass(SECOND);
      await leases.renew();
      inline.push((await busy?.processInline([delivery])) ?? false);
    }
    expect(inline.filter((applied) => !applied)).toEqual([]);
    expect(idle.filter(({ isHeld }) => isHeld).length).toBeLessThan(17);
  });
});
