import type { EventDelivery } from '#delivery/subscriptions/event-delivery.js';
import { DueQueue } from './due-queue.js';

const NONE: ReadonlySet<string> = new Set();
const retry = (id: number, subject = `call_${id}`) => ({ cursor: { xid: 0, id }, subject, nextAttemptAt: 0 }) as EventDelivery;

/** A queue over a table of these retries, the first of them due now. */
const queueOver = (retries: EventDelivery[]) => new DueQueue('sub_1', { retries: async (_, limit) => retries.slice(0, limit) }, 0);

describe('the due queue', () => {
  it('reads the table when the next retry is due, and then when the one after it is', async () => {
    expect(new DueQueue('sub_1', { retries: async () => [] }, null).isDue(Number.MAX_SAFE_INTEGER)).toBe(false);
    const queue = queueOver([{ ...retry(1), nextAttemptAt: 500 }]);
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

  it('loads a page at a time, and the next one at once', async () => {
    const table = Array.from({ length: 60 }, (_, id) => retry(id));
    const queue = queueOver(table);
    await queue.load(0);
    expect(queue.isDue(0)).toBe(false);
    const given = Array.from({ length: 50 }, () => queue.next(NONE) as EventDelivery);
    expect([given.length, queue.isDue(0)]).toEqual([50, true]);
    table.splice(0, 50);
    await queue.load(0);
    expect(queue.next(NONE)?.cursor.id).toBe(50);
  });

  it('is due at once after a reading that failed', async () => {
    const queue = new DueQueue('sub_1', { retries: () => Promise.reject(new Error('down')) }, null);
    await expect(queue.load(7)).rejects.toThrow('down');
    expect(queue.isDue(7)).toBe(true);
  });
});
