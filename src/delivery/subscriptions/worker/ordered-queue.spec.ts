import type { StoredEvent } from '#events/event.js';
import { OrderedQueue, type QueuedEvent } from './ordered-queue.js';

const NONE: ReadonlySet<string> = new Set();
const cursor = (id: number) => ({ xid: 0, id });
const event = (id: number, over: Partial<StoredEvent> = {}): StoredEvent => ({
  cursor: cursor(id),
  type: 'call.updated',
  subject: `call_${id}`,
  sequence: id,
  phoneNumberId: '1',
  occurredAt: 0,
  expiresAt: null,
  data: null,
  ...over,
});

/** A queue that has read these events. */
async function queueOf(...events: StoredEvent[]): Promise<OrderedQueue> {
  const subscription = { types: ['call.updated' as const], phoneNumberId: null, cursor: cursor(0) };
  const queue = new OrderedQueue(subscription, { after: async (from) => events.filter(({ cursor: { id } }) => id > from.id) });
  await queue.read();
  return queue;
}

const next = (queue: OrderedQueue, busy = NONE) => queue.next(busy) as QueuedEvent;

describe('the ordered queue', () => {
  it('gives each subject one event at a time, in order, and leaves busy subjects out', async () => {
    const queue = await queueOf(event(1, { subject: 'a' }), event(2, { subject: 'a' }), event(3, { subject: 'b' }));
    expect(next(queue, new Set(['b'])).event.cursor.id).toBe(1);
    expect(next(queue, new Set(['a'])).event.cursor.id).toBe(3);
    expect(queue.next(new Set(['a', 'b']))).toBeNull();
    expect(next(queue, new Set(['b'])).event.cursor.id).toBe(2);
  });

  it('moves the cursor past an event once it and everything before it are done', async () => {
    const queue = await queueOf(event(1), event(2), event(3, { type: 'call.ended' }));
    const [first, second] = [next(queue), next(queue)];
    queue.done(second);
    expect(queue.cursor.id).toBe(0);
    queue.done(first);
    expect(queue.cursor.id).toBe(3);
  });

  it('gives an event again that was put back', async () => {
    const queue = await queueOf(event(1));
    const entry = next(queue);
    expect(queue.next(NONE)).toBeNull();
    queue.putBack(entry);
    expect(next(queue)).toBe(entry);
  });

  it('moves the cursor past unwanted events alone', async () => {
    const queue = await queueOf(event(1, { type: 'call.ended' }), event(2, { type: 'call.ended' }));
    expect([queue.next(NONE), queue.cursor.id]).toEqual([null, 2]);
  });

  it('leaves out what was tried before a crash, and reads again after a notice', async () => {
    const events = [event(1), event(2)];
    const queue = new OrderedQueue({ types: null, phoneNumberId: null, cursor: cursor(0) }, { after: async () => events.splice(0) });
    queue.leaveOut([cursor(1)]);
    await queue.read();
    expect(next(queue).event.cursor.id).toBe(2);
    expect(queue.canRead).toBe(false);
    queue.notice();
    expect(queue.canRead).toBe(true);
  });

  it('still wants to read after a reading that failed', async () => {
    const queue = new OrderedQueue(
      { types: null, phoneNumberId: null, cursor: cursor(0) },
      { after: () => Promise.reject(new Error('down')) },
    );
    await expect(queue.read()).rejects.toThrow('down');
    expect(queue.canRead).toBe(true);
  });
});
