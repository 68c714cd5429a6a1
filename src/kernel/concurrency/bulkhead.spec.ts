import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Bulkhead, NoSlotInTime, type Urgency } from './bulkhead.js';

describe('a bulkhead', () => {
  /** Work that is under way until it is ended; `begun` lists what has begun, in order. */
  const worksOf = (bulkhead: Bulkhead) => {
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const run = (name: string, urgency?: Urgency) =>
      bulkhead.run(() => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      }, urgency);
    const end = async (name: string) => {
      ends.get(name)?.();
      await setImmediate();
    };
    return { begun, run, end };
  };

  it('runs as many as it has slots, and the next one when one of them is done, in the order of arrival', async () => {
    const bulkhead = new Bulkhead({ slots: 2 });
    const { begun, run, end } = worksOf(bulkhead);
    for (const name of ['a', 'b', 'c', 'd']) void run(name);
    await setImmediate();
    expect([begun, bulkhead.running, bulkhead.waiting]).toEqual([['a', 'b'], 2, 2]);
    await end('b');
    expect([begun, bulkhead.running, bulkhead.waiting]).toEqual([['a', 'b', 'c'], 2, 1]);
    for (const name of ['a', 'c', 'd']) await end(name);
    expect([begun.length, bulkhead.running, bulkhead.waiting]).toEqual([4, 0, 0]);
  });

  it('keeps the reserved slots for what is urgent, and serves it first', async () => {
    const { begun, run, end } = worksOf(new Bulkhead({ slots: 3, reserved: 1 }));
    for (const name of ['a', 'b', 'c']) void run(name);
    for (const name of ['hang up 1', 'hang up 2']) void run(name, 'urgent');
    await setImmediate();
    expect(begun).toEqual(['a', 'b', 'hang up 1']);
    await end('a');
    expect(begun.at(-1)).toBe('hang up 2');
    await end('hang up 1');
    expect(begun).toHaveLength(4);
    await end('hang up 2');
    expect(begun.at(-1)).toBe('c');
    for (const name of ['b', 'c']) await end(name);
  });

  it('refuses what waits too long, and never runs it', async () => {
    const { begun, run, end } = worksOf(new Bulkhead({ slots: 1, timeoutMs: 20 }));
    const first = run('a');
    await expect(run('b')).rejects.toBeInstanceOf(NoSlotInTime);
    await end('a');
    await first;
    expect(begun).toEqual(['a']);
    void run('c');
    expect(begun).toEqual(['a', 'c']);
    await end('c');
  });

  it('gives the slot on after work that throws', async () => {
    const bulkhead = new Bulkhead({ slots: 1 });
    const fails = () => bulkhead.run(() => Promise.reject(new Error('no')));
    await Promise.allSettled([fails(), fails(), fails()]);
    await expect(bulkhead.run(async () => 'slot')).resolves.toBe('slot');
  });
});
