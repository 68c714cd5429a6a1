import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { HOUR } from '#kernel/clock.js';
import { LockQueue } from './lock-queue.js';
import { isStoreFault } from './store-fault.js';

describe('the queue of writers that name one lock', () => {
  const held = () => Promise.withResolvers<void>();

  it('lets two of them at the database, and the next one when the first is done, in the order of arrival', async () => {
    const queue = new LockQueue(HOUR);
    const begun: number[] = [];
    const ends = [held(), held(), held(), held()];
    const all = ends.map(({ promise }, i) =>
      queue.run(['number:1'], async () => {
        begun.push(i);
        await promise;
      }),
    );
    await setImmediate();
    expect(begun).toEqual([0, 1]);
    ends[1]?.resolve();
    await setImmediate();
    expect(begun).toEqual([0, 1, 2]);
    for (const { resolve } of ends) resolve();
    await Promise.all(all);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('does not keep writers of another lock, or of none, waiting', async () => {
    const queue = new LockQueue(HOUR);
    const end = held();
    const all = [1, 2, 3].map(() => queue.run(['number:1'], () => end.promise));
    await expect(queue.run(['number:2'], async () => 'other')).resolves.toBe('other');
    await expect(queue.run([], async () => 'none')).resolves.toBe('none');
    end.resolve();
    await Promise.all(all);
  });

  it('gives up a turn that does not come in time, with a fault of the store, and never runs its work', async () => {
    const queue = new LockQueue(20);
    const end = held();
    const two = [1, 2].map(() => queue.run(['number:1'], () => end.promise));
    let ran = false;
    const late = queue.run(['number:1'], async () => {
      ran = true;
    });
    const error = await late.catch((thrown: unknown) => thrown);
    expect([isStoreFault(error), ran]).toEqual([true, false]);
    end.resolve();
    await Promise.all(two);
    await queue.run(['number:1'], async () => undefined);
  });

  it('gives the turn on after work that throws', async () => {
    const queue = new LockQueue(HOUR);
    const fails = () => queue.run(['number:1'], () => Promise.reject(new Error('no')));
    await Promise.allSettled([fails(), fails(), fails()]);
    await expect(queue.run(['number:1'], async () => 'turn')).resolves.toBe('turn');
  });
});
