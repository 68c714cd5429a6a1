import { setImmediate as turn } from 'node:timers/promises';
import type { DeliveryProcessor } from '#inbox/delivery-processor.js';
import type { NewDelivery } from '#inbox/inbox.store.js';
import { Problem } from '#kernel/problem.js';
import type { GroupCommit } from './group-commit.js';
import type { Overload } from './overload.js';

/** A longer queue means that the disk does not keep up. */
const QUEUE_LIMIT = 5_000;
/** So many bytes of all numbers wait at most; beyond it a number is refused that has more than its share. */
const MOST_BYTES = 256 * 1_048_576;
const SHARE_BYTES = 1_048_576;
/** A batch of this size is committed without waiting for more. */
const BATCH_SIZE = 128;
/** At most so many bodies of one number share a commit, so that those of the others wait briefly. */
const MOST_PER_COMMIT = 512;

/** 360dialog gives up after 5 s. What is not durable by then is refused, so that 360dialog delivers it again. */
const KEEP_WITHIN_MS = 4_000;

interface Queued extends NewDelivery {
  kept: () => void;
  failed: (error: unknown) => void;
  /** Refused already. */
  late: boolean;
}

/** What the intakes of all numbers share. */
export interface IntakeParts {
  commits: GroupCommit;
  processor: DeliveryProcessor;
  /** Learns of each batch that became durable. */
  committed: (bodies: number) => void;
}

/** The bytes of all numbers that wait. */
export interface IntakeLoad {
  bytes: number;
}

/** The bodies of one number on their way to the database; the limits are those of this number alone. */
export class NumberIntake {
  #queue: Queued[] = [];
  #bytes = 0;
  #flushing = false;

  constructor(
    private readonly phoneNumberId: string | null,
    private readonly parts: IntakeParts,
    private readonly load: IntakeLoad,
    private readonly overload: Overload,
  ) {}

  /**
   * Resolves once the body is durable. All bodies of one turn of the event loop share one commit.
   * @throws Problem `inbox_full`, or `store_unavailable` when the commit fails: 360dialog then delivers again.
   */
  keep(delivery: NewDelivery): Promise<void> {
    if (this.#isFull()) return Promise.reject(new Problem('inbox_full'));
    this.#count(delivery.body.length);
    const kept = new Promise<void>((resolve, reject) => this.#queue.push(queued(delivery, resolve, reject)));
    if (!this.#flushing) {
      this.#flushing = true;
      setImmediate(() => void this.#flush());
    }
    return kept;
  }

  #isFull(): boolean {
    return this.#queue.length >= QUEUE_LIMIT || (this.load.bytes >= MOST_BYTES && this.#bytes > SHARE_BYTES);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.load.bytes += bytes;
  }

  async #flush(): Promise<void> {
    while (this.#queue.length) {
      if (this.overload.isOn()) await this.#fillBatch();
      const taken = this.#queue.splice(0, MOST_PER_COMMIT);
      const batch = taken.filter(({ late }) => !late);
      if (batch.length > 0) await this.#keepBatch(batch);
      this.#count(-taken.reduce((sum, { body }) => sum + body.length, 0));
    }
    this.#flushing = false;
  }

  async #keepBatch(batch: Queued[]): Promise<void> {
    try {
      const applied = await this.#commit(batch);
      for (const { kept } of batch) kept();
      if (!applied) void this.parts.processor.applyKept(this.phoneNumberId);
      this.parts.committed(batch.length);
    } catch (error) {
      for (const { failed } of batch) failed(new Problem('store_unavailable', { cause: error }));
    }
  }

  /** Waits while each turn of the event loop brings more bodies: in an overload, commits take most of the time. */
  async #fillBatch(): Promise<void> {
    for (let before = 0; this.#queue.length > before && this.#queue.length < BATCH_SIZE; ) {
      before = this.#queue.length;
      await turn();
    }
  }

  /** @returns whether the batch is applied already */
  async #commit(batch: Queued[]): Promise<boolean> {
    this.overload.note(batch.length);
    if (!this.overload.isOn() && (await this.parts.processor.processInline(this.phoneNumberId, batch))) return true;
    await this.parts.commits.keep(batch);
    return false;
  }
}

/** A body of which the caller gets an answer in time, whatever the database does. A commit that succeeds later makes a duplicate. */
function queued(delivery: NewDelivery, resolve: () => void, reject: (error: unknown) => void): Queued {
  const late = setTimeout(() => {
    one.late = true;
    reject(new Problem('store_unavailable', { cause: new Error('the database took too long to keep a delivery') }));
  }, KEEP_WITHIN_MS);
  const ended =
    <V extends unknown[]>(end: (...values: V) => void) =>
    (...values: V): void => {
      clearTimeout(late);
      end(...values);
    };
  const one: Queued = { ...delivery, kept: ended(resolve), failed: ended(reject), late: false };
  return one;
}
