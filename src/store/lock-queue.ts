/** One that writes, and one that waits at the database meanwhile. */
const AT_THE_DATABASE = 2;

interface Slots {
  free: number;
  waiting: Array<() => void>;
}

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
  readonly #slots = new Map<string, Slots>();

  constructor(private readonly timeoutMs: number) {}

  /** @throws LockTimeout when the turn does not come within the timeout; `work` did not run then */
  async run<T>(locks: readonly string[], work: () => Promise<T>): Promise<T> {
    const taken: string[] = [];
    try {
      for (const lock of locks) {
        await this.#take(lock);
        taken.push(lock);
      }
      return await work();
    } finally {
      for (const lock of taken) this.#give(lock);
    }
  }

  /** Those of the locks that no writer has or awaits; `run` with them begins at once. */
  free(locks: readonly string[]): string[] {
    return [...new Set(locks)].filter((lock) => !this.#slots.has(lock));
  }

  #take(lock: string): Promise<void> {
    const slots = this.#slots.get(lock) ?? { free: AT_THE_DATABASE, waiting: [] };
    this.#slots.set(lock, slots);
    if (slots.free > 0) {
      slots.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        slots.waiting.splice(slots.waiting.indexOf(turn), 1);
        reject(new LockTimeout(this.timeoutMs));
      }, this.timeoutMs);
      const turn = () => {
        clearTimeout(late);
        resolve();
      };
      slots.waiting.push(turn);
    });
  }

  #give(lock: string): void {
    const slots = this.#slots.get(lock) as Slots;
    const next = slots.waiting.shift();
    if (next) next();
    else slots.free += 1;
    if (slots.free === AT_THE_DATABASE) this.#slots.delete(lock);
  }
}
