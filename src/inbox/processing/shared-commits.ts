import { setImmediate as turn } from 'node:timers/promises';
import type { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import { isLocked } from '#store/store.js';
import { isStoreFault } from '#store/store-fault.js';
import type { NewBatch } from './number-batch.js';
import type { ProcessingService } from './processing.service.js';
import { PART_SIZE } from './sizes.js';

/** Transactions of new deliveries under way at once: while one waits for the disk, another is prepared. */
const MOST_AT_ONCE = 2;
/** With more elements waiting, deliveries come faster than they are applied. */
const MOST_WAITING = 4 * PART_SIZE;

interface Waiting {
  batch: NewBatch;
  mayGo: () => boolean;
  settle: (applied: boolean) => void;
  failed: (error: unknown) => void;
}

/**
 * Persists and applies new deliveries, those of several numbers in one transaction: what comes while one is under way shares the next, so
 * that many numbers with little traffic cost no more commits than one with much.
 */
export class SharedCommits {
  readonly #waiting: Waiting[] = [];
  #elements = 0;
  #running = 0;

  /** @param turns the transactions of all queues; new deliveries of which none is free for are only persisted */
  constructor(
    private readonly processing: Pick<ProcessingService, 'keepAndApply'>,
    private readonly turns: Bulkhead,
  ) {}

  /**
   * @param mayGo whether the batch may still be applied before what waits in the queue of its number, asked when its transaction begins
   * @returns false, with nothing written, when it is to be persisted only
   * @throws when the database is locked, since another attempt would wait for the same lock
   */
  keepAndApply(batch: NewBatch, mayGo: () => boolean): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    if (this.#elements >= MOST_WAITING || (this.#running === 0 && !this.turns.isFree)) return Promise.resolve(false);
    this.#waiting.push({ batch, mayGo, settle: resolve, failed: reject });
    this.#elements += batch.elements;
    if (this.#running < MOST_AT_ONCE && this.turns.isFree) void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    this.#running += 1;
    await this.turns.run(async () => {
      // What arrives in this turn of the event loop comes along.
      await turn();
      await this.#commit(this.#take(PART_SIZE));
    });
    this.#running -= 1;
    if (this.#waiting.length === 0) return;
    if (this.turns.isFree) void this.#run();
    else if (this.#running === 0) for (const { settle } of this.#take(Number.POSITIVE_INFINITY)) settle(false);
  }

  /** Whole batches in the order in which they came, up to so many elements; one at least. */
  #take(most: number): Waiting[] {
    let elements = 0;
    const beyond = this.#waiting.findIndex(({ batch }, n) => {
      elements += batch.elements;
      return n > 0 && elements > most;
    });
    const taken = this.#waiting.splice(0, beyond === -1 ? this.#waiting.length : beyond);
    this.#elements -= taken.reduce((sum, { batch }) => sum + batch.elements, 0);
    return taken;
  }

  /** Never rejects. */
  async #commit(taken: readonly Waiting[]): Promise<void> {
    const going = taken.filter(({ mayGo }) => mayGo());
    for (const one of taken) if (!going.includes(one)) one.settle(false);
    if (going.length === 0) return;
    try {
      const applied = await this.processing.keepAndApply(going.map(({ batch }) => batch));
      for (const { batch, settle } of going) settle(applied.has(batch));
    } catch (error) {
      await this.#failed(going, error);
    }
  }

  /** After an error of a delivery each batch is tried alone, so that none fails with another's; the queue finds out which delivery it was. */
  async #failed(batches: readonly Waiting[], error: unknown): Promise<void> {
    if (isLocked(error)) for (const { failed } of batches) failed(error);
    else if (batches.length === 1 || isStoreFault(error)) for (const { settle } of batches) settle(false);
    else for (const one of batches) await this.#commit([one]);
  }
}
