import { Bulkhead, NoSlotInTime } from '#kernel/concurrency/bulkhead.js';

/** One that writes, and one that waits at the database meanwhile. */
const AT_THE_DATABASE = 2;

/** No turn came in time. Its SQLSTATE is that of a lock that was not available, as the database itself reports it. */
export class LockTimeout extends Error {
  readonly code = '55P03';

  constructor(ms: number) {
    super(`other writers of this process kept a lock for ${ms} ms`);
  }
}

/**
 * The writers of this process that name the same lock, in the order in which they came. Only two of them take a connection and ask
 * the database for the lock, so those that wait leave the other connections free, and a process that stands still holds the
 * lock for one or two transactions at most.
 */
export class LockQueue {
  readonly #queues = new Map<string, Bulkhead>();

  constructor(private readonly timeoutMs: number) {}

  /** @throws LockTimeout when the turn does not come within the timeout; `work` did not run then */
  run<T>([lock, ...others]: readonly string[], work: () => Promise<T>): Promise<T> {
    return lock === undefined ? work() : this.#inTurn(lock, () => this.run(others, work));
  }

  async #inTurn<T>(lock: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(lock) ?? new Bulkhead({ slots: AT_THE_DATABASE, timeoutMs: this.timeoutMs });
    this.#queues.set(lock, queue);
    try {
      return await queue.run(work);
    } catch (error) {
      throw error instanceof NoSlotInTime ? new LockTimeout(error.timeoutMs) : error;
    } finally {
      if (queue.running === 0 && queue.waiting === 0) this.#queues.delete(lock);
    }
  }
}
