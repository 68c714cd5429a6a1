import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { NewDelivery } from '#inbox/inbox.store.js';
import { GroupCommit } from './group-commit.js';

const batchOf = (phoneNumberId: string, bodies: number): NewDelivery[] =>
  Array.from({ length: bodies }, (_, receivedAt) => ({ phoneNumberId, receivedAt, body: Buffer.alloc(0) }));

describe('the group commit of all numbers', () => {
  /** Commits that wait for the test to end them. */
  const open = () => {
    const sizes: number[] = [];
    const ends: PromiseWithResolvers<void>[] = [];
    const commits = new GroupCommit((all) => {
      sizes.push(all.length);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      return end.promise;
    });
    return { commits, sizes, ends };
  };

  it('persists what comes while one is under way with the next, and no more at once than ends soon', async () => {
    const { commits, sizes, ends } = open();
    const first = commits.keep(batchOf('1', 1));
    const others = Array.from({ length: 20 }, (_, n) => commits.keep(batchOf(`${n + 2}`, 512)));
    const kept: number[] = [];
    others.forEach((one, n) => void one.then(() => kept.push(n)));
    for (let n = 0; n < ends.length; n += 1) {
      ends[n]?.resolve();
      await setImmediate();
      // Those that came first are durable first.
      expect(kept).toEqual(kept.map((_, at) => at));
    }
    await Promise.all([first, ...others]);
    expect(sizes).toEqual([1, ...Array.from({ length: 5 }, () => 2048)]);
  });

  it('refuses with a commit that fails those of that commit alone', async () => {
    const { commits, ends } = open();
    const results = [1, 512, 2048, 512].map((bodies, n) =>
      commits.keep(batchOf(`${n}`, bodies)).then(
        () => 'kept',
        () => 'failed',
      ),
    );
    ends[0]?.resolve();
    await setImmediate();
    ends[1]?.reject(new Error('the disk is full'));
    await setImmediate();
    ends[2]?.resolve();
    await setImmediate();
    ends[3]?.resolve();
    expect(await Promise.all(results)).toEqual(['kept', 'failed', 'kept', 'kept']);
  });
});
