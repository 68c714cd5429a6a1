import type { Cursor } from '#events/cursor.js';
import type { StoredEvent } from '#events/event.js';
import { MINUTE } from '#kernel/clock.js';
import { StoppedClock } from '#store/temporary-store.fixture.js';
import { LiveFeed } from './live-feed.js';
import { OrderedQueue } from './ordered-queue.js';
import type { QueuedEvent } from './waiting-events.js';

const NONE: ReadonlySet<string> = new Set();
const CLOCK = new StoppedClock();
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

const FILTER = { types: ['call.updated' as const], phoneNumberId: null, numbers: null, cursor: cursor(0) };

/** A queue over an outbox of these events and a feed that has read none of them. */
function queueOver(events: StoredEvent[], filter: ConstructorParameters<typeof OrderedQueue>[0] = FILTER) {
  const live = new LiveFeed(new StoppedClock());
  const after = async (from: Cursor, limit: number) => events.filter((one) => one.cursor.id > from.id).slice(0, limit);
  return { live, queue: new OrderedQueue(filter, { outbox: { after }, live, clock: CLOCK }, () => undefined) };
}

/** A queue that has read these events. */
async function queueOf(...events: StoredEvent[]): Promise<OrderedQueue> {
  const { queue } = queueOver(events);
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
    const { queue } = queueOver([event(1), event(2)]);
    queue.leaveOut([cursor(1)]);
    await queue.read();
    expect(next(queue).event.cursor.id).toBe(2);
    expect(queue.canRead).toBe(false);
    queue.notice();
    expect(queue.canRead).toBe(true);
  });

  it('still wants to read after a reading that failed', async () => {
    const live = new LiveFeed(new StoppedClock());
    const queue = new OrderedQueue(
      FILTER,
      { outbox: { after: () => Promise.reject(new Error('down')) }, live, clock: CLOCK },
      () => undefined,
    );
    await expect(queue.read()).rejects.toThrow('down');
    expect(queue.canRead).toBe(true);
  });

  it('follows the feed once it has caught up, and its cursor moves with it past what it does not want', async () => {
    const { live, queue } = queueOver([event(1, { type: 'call.ended' })]);
    live.begin(cursor(1));
    await queue.read();
    expect([queue.isFollowing, queue.canRead]).toEqual([true, false]);
    live.receive(event(2, { type: 'call.ended' }), cursor(1));
    expect(queue.cursor.id).toBe(2);
    live.receive(event(3), cursor(2));
    live.receive(event(4, { type: 'call.ended' }), cursor(3));
    expect(queue.cursor.id).toBe(2);
    queue.done(next(queue));
    expect(queue.cursor.id).toBe(4);
  });

  it('gets nothing from the feed any more once it is closed, even when it was reading', async () => {
    const { live, queue } = queueOver([]);
    live.begin(cursor(0));
    const reading = queue.read();
    queue.close();
    await reading;
    live.receive(event(1), cursor(0));
    expect([queue.isFollowing, queue.length]).toEqual([false, 0]);
  });

  it('keeps its cursor when it is closed', async () => {
    const { live, queue } = queueOver([]);
    live.begin(cursor(0));
    await queue.read();
    live.receive(event(1, { type: 'call.ended' }), cursor(0));
    queue.close();
    expect(queue.cursor.id).toBe(1);
  });

  it('holds so many events and no more, and loses none of those beyond', async () => {
    const outbox: StoredEvent[] = [];
    const { live, queue } = queueOver(outbox);
    const publish = (from: number, to: number) => {
      for (let id = from; id <= to; id += 1) {
        outbox.push(event(id));
        live.receive(event(id), cursor(id - 1));
      }
    };
    const got: number[] = [];
    const work = async (count: number, most: number) => {
      for (let done = 0; done < count; done += 1) {
        if (queue.canRead) await queue.read();
        expect(queue.length).toBeLessThanOrEqual(most);
        const entry = next(queue);
        got.push(entry.event.cursor.id);
        queue.done(entry);
      }
    };
    live.begin(cursor(0));
    await queue.read();
    publish(1, 5_000);
    expect([queue.length, queue.isFollowing]).toEqual([400, false]);
    // Its endpoint is down.
    queue.limit(10);
    await work(100, 10);
    queue.limit();
    await work(4_900, 400);
    publish(5_001, 6_000);
    await work(1_000, 400);
    expect(got).toEqual(Array.from({ length: 6_000 }, (_, i) => i + 1));
    if (queue.canRead) await queue.read();
    expect([queue.next(NONE), queue.cursor.id, queue.isFollowing]).toEqual([null, 6_000, true]);
  });

  it('forgets a page that it asked for before it went back', async () => {
    const page = Promise.withResolvers<StoredEvent[]>();
    const pages = [Promise.resolve(Array.from({ length: 200 }, (_, i) => event(i + 1))), page.promise, Promise.resolve([event(2)])];
    const live = new LiveFeed(new StoppedClock());
    const queue = new OrderedQueue(
      FILTER,
      { outbox: { after: () => pages.shift() as Promise<StoredEvent[]> }, live, clock: CLOCK },
      () => undefined,
    );
    await queue.read();
    for (let done = 0; done < 199; done += 1) queue.done(next(queue));
    const reading = queue.read();
    queue.putBack(next(queue));
    queue.limit(1);
    page.resolve([event(201)]);
    await reading;
    expect([queue.length, queue.canRead]).toEqual([1, false]);
  });

  it('gets every event once and in order, however feed and outbox interleave', async () => {
    for (let seed = 1; seed <= 300; seed += 1) await new Interleaving(seed).run();
  });
});

/** A queue that reads, is limited and works while events are published and read by the feed, each at random moments. */
class Interleaving {
  readonly #random: () => number;
  readonly #clock = new StoppedClock();
  readonly #live = new LiveFeed(this.#clock);
  readonly #outbox: StoredEvent[] = [];
  /** Ends each reading that is under way. */
  readonly #readings: Array<() => void> = [];
  readonly #got: number[] = [];
  readonly #queue: OrderedQueue;
  readonly #start: number;
  #fed: number;
  #isReading = false;

  constructor(private readonly seed: number) {
    this.#random = mulberry(seed);
    const first = this.#upTo(300);
    this.#publish(first);
    this.#start = this.#upTo(first);
    this.#fed = this.#random() < 0.5 ? first : this.#upTo(first);
    if (this.#random() < 0.7) this.#live.begin(cursor(this.#fed));
    const sources = { outbox: { after: (from: Cursor, limit: number) => this.#after(from, limit) }, live: this.#live, clock: this.#clock };
    this.#queue = new OrderedQueue({ ...FILTER, cursor: cursor(this.#start) }, sources, () => undefined);
  }

  async run(): Promise<void> {
    let last = this.#start;
    const acts = [
      () => this.#publish(this.#upTo(20)),
      () => this.#feed(this.#upTo(20)),
      () => this.#read(),
      () => this.#readings.shift()?.(),
      () => this.#work(this.#upTo(30)),
      () => this.#queue.limit(this.#random() < 0.5 ? 10 : undefined),
      () => this.#clock.pass(this.#random() < 0.1 ? MINUTE : 1),
      () => this.#queue.notice(),
    ];
    for (let step = 0; step < 400; step += 1) {
      acts[this.#upTo(acts.length - 1)]?.();
      await Promise.resolve();
      expect(this.#queue.cursor.id).toBeGreaterThanOrEqual(last);
      last = this.#queue.cursor.id;
    }
    await this.#end();
    const wanted = this.#outbox.filter((one) => one.type === 'call.updated' && one.cursor.id > this.#start).map((one) => one.cursor.id);
    const { seed } = this;
    expect({ seed, got: this.#got, cursor: this.#queue.cursor.id }).toEqual({ seed, got: wanted, cursor: this.#outbox.length });
  }

  /** Everything is read by the feed and worked off. */
  async #end(): Promise<void> {
    this.#queue.limit();
    this.#publish(1);
    this.#feed(this.#outbox.length);
    while (!this.#queue.isFollowing || this.#queue.length > 0) {
      this.#queue.notice();
      this.#read();
      for (const end of this.#readings.splice(0)) end();
      await new Promise(setImmediate);
      this.#work(this.#queue.length);
    }
  }

  /** What the database has when the reading begins, or what it has when it ends. */
  async #after(from: Cursor, limit: number): Promise<StoredEvent[]> {
    const page = () => this.#outbox.filter((one) => one.cursor.id > from.id).slice(0, limit);
    const early = this.#random() < 0.5 ? page() : null;
    await new Promise<void>((resolve) => this.#readings.push(resolve));
    return early ?? page();
  }

  #read(): void {
    if (this.#isReading || !this.#queue.canRead) return;
    this.#isReading = true;
    void this.#queue.read().finally(() => {
      this.#isReading = false;
    });
  }

  #publish(count: number): void {
    const type = () => (this.#random() < 0.5 ? ({} as const) : ({ type: 'call.ended' } as const));
    for (let n = 0; n < count; n += 1) this.#outbox.push(event(this.#outbox.length + 1, type()));
  }

  #feed(count: number): void {
    for (const one of this.#outbox.slice(this.#fed, this.#fed + count)) {
      this.#live.receive(one, cursor(this.#fed));
      this.#fed += 1;
    }
  }

  #work(count: number): void {
    for (let n = 0; n < count; n += 1) {
      const entry = this.#queue.next(NONE);
      if (!entry) return;
      this.#got.push(entry.event.cursor.id);
      this.#queue.done(entry);
    }
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }
}

/** Random numbers that a seed repeats. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
