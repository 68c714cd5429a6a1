import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import type { NewBatch } from './number-batch.js';
import { SharedCommits } from './shared-commits.js';

const always = () => true;
const batchOf = (phoneNumberId: string, elements = 1): NewBatch => ({ phoneNumberId, parsed: [], elements });
const locked = Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
const gone = Object.assign(new Error('the connection is gone'), { code: '57P01' });

describe('new deliveries of several numbers', () => {
  let written: string[][];
  /** What becomes of a transaction with a number; those without an entry are applied. */
  let fate: Record<string, 'busy' | Error>;
  let ends: PromiseWithResolvers<void> | null;
  let turns: Bulkhead;
  let commits: SharedCommits;

  beforeEach(() => {
    written = [];
    fate = {};
    ends = null;
    turns = new Bulkhead({ slots: 4 });
    const keepAndApply = async (batches: readonly NewBatch[]) => {
      const numbers = batches.map(({ phoneNumberId }) => phoneNumberId);
      written.push(numbers);
      await ends?.promise;
      for (const number of numbers) if (fate[number] instanceof Error) throw fate[number];
      return new Set(batches.filter(({ phoneNumberId }) => fate[phoneNumberId] === undefined));
    };
    commits = new SharedCommits({ keepAndApply }, turns);
  });

  const add = (...numbers: string[]) => Promise.all(numbers.map((number) => commits.keepAndApply(batchOf(number), always)));

  it('share a transaction when they come together', async () => {
    expect(await add('a', 'b', 'c')).toEqual([true, true, true]);
    expect(written).toEqual([['a', 'b', 'c']]);
  });

  it('share the next one when they come while others are under way', async () => {
    ends = Promise.withResolvers();
    const first = add('a');
    await setImmediate();
    const second = add('b');
    await setImmediate();
    const later = [add('c'), add('d'), add('e')];
    await setImmediate();
    expect(written).toEqual([['a'], ['b']]);
    ends.resolve();
    expect(await Promise.all([first, second, ...later])).toEqual([[true], [true], [true], [true], [true]]);
    expect(written).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
  });

  it('are cut into transactions of fifty elements', async () => {
    const all = ['a', 'b', 'c'].map((number) => commits.keepAndApply(batchOf(number, 25), always));
    expect(await Promise.all(all)).toEqual([true, true, true]);
    expect(written).toEqual([['a', 'b'], ['c']]);
  });

  it('are told apart: a number that another writer has is not applied, the others are', async () => {
    fate = { b: 'busy' };
    expect(await add('a', 'b', 'c')).toEqual([true, false, true]);
    expect(written).toHaveLength(1);
  });

  it('are tried alone after one of them failed', async () => {
    fate = { b: new Error('a body that no handler can take') };
    expect(await add('a', 'b', 'c')).toEqual([true, false, true]);
    expect(written).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  it('are not tried again after a fault of the database', async () => {
    fate = { b: gone };
    expect(await add('a', 'b')).toEqual([false, false]);
    fate = { a: locked };
    const outcomes = await Promise.allSettled([commits.keepAndApply(batchOf('a'), always), commits.keepAndApply(batchOf('b'), always)]);
    expect(outcomes).toEqual([
      { status: 'rejected', reason: locked },
      { status: 'rejected', reason: locked },
    ]);
    expect(written).toHaveLength(2);
  });

  it('give way to what waits in the queue of their number', async () => {
    const late = commits.keepAndApply(batchOf('a'), () => false);
    expect(await Promise.all([late, commits.keepAndApply(batchOf('b'), always)])).toEqual([false, true]);
    expect(written).toEqual([['b']]);
  });

  it('are only persisted while the queues take every turn, or when too much waits', async () => {
    const queue = Promise.withResolvers<void>();
    const queues = Promise.all([1, 2, 3, 4].map(() => turns.run(() => queue.promise)));
    expect(await add('a')).toEqual([false]);
    queue.resolve();
    await queues;
    ends = Promise.withResolvers();
    const many = Array.from({ length: 5 }, () => commits.keepAndApply(batchOf('a', 50), always));
    expect(await many[4]).toBe(false);
    ends.resolve();
    expect(await Promise.all(many)).toEqual([true, true, true, true, false]);
  });

  it('that wait are only persisted once the queues have taken every turn', async () => {
    ends = Promise.withResolvers();
    const first = [add('a')];
    await setImmediate();
    first.push(add('b'));
    await setImmediate();
    const waits = add('c');
    const queue = Promise.withResolvers<void>();
    const queues = Promise.all([1, 2, 3, 4].map(() => turns.run(() => queue.promise)));
    ends.resolve();
    expect(await waits).toEqual([false]);
    queue.resolve();
    await Promise.all([...first, queues]);
    expect(written).toEqual([['a'], ['b']]);
  });
});
