import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';

/** The longest that a poll waits for the turn of its reading; after it what is kept is shown, with its age. */
const LONGEST_WAIT_MS = 10 * SECOND;

/** Something to read that several numbers share. */
export interface SharedRead {
  /** What is read: who wants the same waits for the same reading. */
  key: string;
  /** When it was read last, in ms since 1970; null when never. The oldest has its turn first. */
  readAt: () => Promise<number | null>;
  /** A reading since then is young enough. */
  freshSince: number;
  read: () => Promise<void>;
}

interface Waiting extends SharedRead {
  lastReadAt: number | null;
  done: Promise<'read' | 'kept'>;
  settle: (work: Promise<'read' | 'kept'>) => void;
}

/**
 * The readings of the partner API, one after the other in this process, the oldest first: the budget of requests is small, and numbers of one client
 * share its readings.
 */
@Injectable()
export class PartnerReadsService implements OnModuleDestroy {
  readonly #waiting = new Map<string, Waiting>();
  #running: Promise<void> | null = null;
  #stopped = false;

  onModuleDestroy(): void {
    this.#stopped = true;
  }

  /**
   * Reads it, unless it is young enough, here or by another replica.
   * @returns `kept` when it was, or when its turn has not come within 10 s: it is read later then
   * @throws what the reading throws; Problem `rate_limited` when its turn has not come and nothing is kept
   */
  async refresh(wanted: SharedRead): Promise<'read' | 'kept'> {
    const lastReadAt = await wanted.readAt();
    if (lastReadAt !== null && lastReadAt >= wanted.freshSince) return 'kept';
    const { done } = this.#waiting.get(wanted.key) ?? this.#enqueue(wanted, lastReadAt);
    const over = new AbortController();
    const late = wait(LONGEST_WAIT_MS, 'late' as const, { ref: false, signal: over.signal }).catch(() => 'late' as const);
    const result = await Promise.race([done, late]).finally(() => over.abort());
    if (result !== 'late') return result;
    if (lastReadAt === null) throw new Problem('rate_limited', { params: { message: 'the partner API is asked for others' } });
    return 'kept';
  }

  #enqueue(wanted: SharedRead, lastReadAt: number | null): Waiting {
    const { promise, resolve } = Promise.withResolvers<'read' | 'kept'>();
    promise.catch(() => undefined);
    const waiting: Waiting = { ...wanted, lastReadAt, done: promise, settle: resolve };
    this.#waiting.set(wanted.key, waiting);
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
    });
    return waiting;
  }

  async #work(): Promise<void> {
    for (let next = this.#oldest(); next; next = this.#oldest()) {
      const work = this.#stopped
        ? Promise.reject(new Problem('upstream_unavailable', { params: { message: 'closing' } }))
        : this.#run(next);
      next.settle(work);
      await work.catch(() => undefined);
      this.#waiting.delete(next.key);
    }
  }

  async #run({ readAt, freshSince, read }: SharedRead): Promise<'read' | 'kept'> {
    // Another replica may have read it meanwhile.
    const at = await readAt();
    if (at !== null && at >= freshSince) return 'kept';
    await read();
    return 'read';
  }

  #oldest(): Waiting | undefined {
    const age = ({ lastReadAt }: Waiting): number => lastReadAt ?? Number.NEGATIVE_INFINITY;
    return [...this.#waiting.values()].reduce<Waiting | undefined>(
      (oldest, one) => (oldest && age(oldest) <= age(one) ? oldest : one),
      undefined,
    );
  }
}
