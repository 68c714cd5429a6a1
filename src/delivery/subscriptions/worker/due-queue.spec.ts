import type { EventDelivery } from '#delivery/subscriptions/event-delivery.js';
import { DueQueue } from './due-queue.js';

const NONE: ReadonlySet<string> = new Set();
const retry = (id: number, subject = `call_${id}`) => ({ cursor: { xid: 0, id }, subject }) as EventDelivery;

/** A queue over a table in which these are due, and another one later. */
const queueOver = (due: EventDelivery[], nextDueAt: number | null = null) =>
  new DueQueue('sub_1', { due: async () => due, nextDueAt: async () => nextDueAt });

describe('the due queue', () => {
  it('reads the table once at the start, and then when the next retry is due', async () => {
    const queue = queueOver([], 500);
    expect(queue.isDue(0)).toBe(true);
    await queue.load(0);
    expect([queue.isDue(499), queue.isDue(500)]).toEqual([false, true]);
    queue.schedule(100);
    expect(queue.isDue(100)).toBe(true);
  });

  it('gives no retry of a busy subject, and none twice while it is under way', async () => {
    const queue = queueOver([retry(1, 'a'), retry(2, 'b')]);
    await queue.load(0);
    const given = queue.next(new Set(['a'])) as EventDelivery;
    expect(given.cursor.id).toBe(2);
    expect(queue.next(NONE)?.cursor.id).toBe(1);
    await queue.load(0);
    expect(queue.next(NONE)).toBeNull();
    queue.release(given);
    await queue.load(0);
    expect(queue.next(NONE)).toBe(given);
  });

  it('is due at once after a reading that failed', async () => {
    const queue = new DueQueue('sub_1', { due: () => Promise.reject(new Error('down')), nextDueAt: async () => null });
    await expect(queue.load(7)).rejects.toThrow('down');
    expect(queue.isDue(7)).toBe(true);
  });
});
