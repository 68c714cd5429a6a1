import { PassThrough } from 'node:stream';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import { SILENT_LOG } from '#telemetry/log.fixture.js';
import { type Cursor, isAfter, ORIGIN } from './cursor.js';
import type { StoredEvent } from './event.js';
import type { Listener } from './feed.service.js';
import { PresenterService } from './presenter.service.js';
import { StreamWorker } from './stream.worker.js';

const event = (id: number): StoredEvent => ({
  cursor: { xid: 0, id },
  type: 'settings.updated',
  subject: 'settings',
  sequence: id,
  phoneNumberId: null,
  occurredAt: 0,
  expiresAt: null,
  data: null,
});
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** A stream between a feed and an outbox that the test moves by hand. */
class Bench {
  readonly kept: StoredEvent[] = [];
  readonly raw = new PassThrough();
  readonly faults: unknown[] = [];
  readonly stream: StreamWorker;
  #listener: Listener = () => {};
  #release = () => {};
  #held = Promise.resolve();
  #early = false;
  #text = '';

  constructor() {
    this.raw.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text += chunk;
    });
    this.stream = new StreamWorker(
      this.raw,
      { types: null, phoneNumberId: null, scopes: new Set(ALL_SCOPES) },
      {
        feed: {
          listen: (listener) => {
            this.#listener = listener;
            return () => undefined;
          },
        },
        outbox: { after: (cursor, limit) => this.#after(cursor, limit) },
        presenter: new PresenterService(SILENT_LOG),
        reach: { numbers: null, confirm: () => undefined },
      },
      ORIGIN,
      (error) => this.faults.push(error),
    );
  }

  /** The outbox answers only after `release`: with what is kept then, or with what is kept as it is asked. */
  hold(page: 'then' | 'as asked'): void {
    this.#early = page === 'as asked';
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release();
  }

  commit(id: number): void {
    this.kept.push(event(id));
    this.#listener(event(id), event(id - 1).cursor);
  }

  async heard(): Promise<number[]> {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    return [...this.#text.matchAll(/"sequence":(\d+)/g)].map(([, sequence]) => Number(sequence));
  }

  async #after(cursor: Cursor, limit: number): Promise<StoredEvent[]> {
    const read = () => this.kept.filter((one) => isAfter(one.cursor, cursor)).slice(0, limit);
    const early = this.#early ? read() : null;
    await this.#held;
    return early ?? read();
  }
}

describe('a stream', () => {
  it('sends an event once that comes both from the outbox and live', async () => {
    const bench = new Bench();
    bench.hold('then');
    bench.stream.start(false);
    for (const id of from(1, 300)) bench.commit(id);
    bench.release();
    expect(await bench.heard()).toEqual(from(1, 300));
    bench.commit(301);
    expect(await bench.heard()).toEqual(from(1, 301));
  });

  it('reads again from the outbox what it could not hold', async () => {
    const bench = new Bench();
    bench.hold('as asked');
    bench.stream.start(false);
    for (const id of from(1, 2_500)) bench.commit(id);
    bench.release();
    expect(await bench.heard()).toEqual(from(1, 2_500));
  });

  it('misses no event that comes in the very moment in which it falls idle', async () => {
    const bench = new Bench();
    bench.stream.start(false);
    await bench.heard();
    for (const id of from(1, 60)) {
      bench.commit(id);
      for (let tick = 0; tick < id % 8; tick += 1) await Promise.resolve();
    }
    expect(await bench.heard()).toEqual(from(1, 60));
  });

  it('drops the reader and reports the fault when the outbox cannot be read', async () => {
    const bench = new Bench();
    Object.defineProperty(bench.kept, 'filter', {
      value: () => {
        throw new Error('unreadable');
      },
    });
    bench.stream.start(false);
    await bench.heard();
    expect(bench.faults).toEqual([new Error('unreadable')]);
    expect(bench.raw.destroyed).toBe(true);
    expect(bench.stream.closed).toBe(true);
  });
});
