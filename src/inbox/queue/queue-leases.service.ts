import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, SECOND } from '#kernel/clock.js';
import { QueuesStore } from './queues.store.js';

/** After this long another replica takes over from one that was killed. It outlasts the longest transaction of a batch. */
const LEASE_MS = 4 * SECOND;

/** The right to apply the deliveries of one queue. */
export interface QueueLease {
  key: string;
  /** Fences a holder off that stood still while another took over; null on SQLite, where there is one process. */
  token: number | null;
}

/** Another replica has taken over the queue, or applied what was to be applied. */
export class QueueLost extends Error {}

/** One replica at a time applies the deliveries of a queue; the others wait, and take over when the lease ends. */
@Injectable()
export class QueueLeases {
  readonly #holder = randomUUID();
  /** In monotonic time. */
  readonly #held = new Map<string, { token: number; until: number }>();

  constructor(
    private readonly queues: QueuesStore,
    private readonly clock: Clock,
  ) {}

  /** The lease, when this replica holds it for at least `leftMs`. */
  held(key: string, leftMs = 0): QueueLease | null {
    if (!this.queues.isShared) return { key, token: null };
    const held = this.#held.get(key);
    return held && held.until - this.clock.steady() > leftMs ? { key, token: held.token } : null;
  }

  /** Takes the lease, or renews it in its second half. @returns null while another replica holds it */
  async take(key: string): Promise<QueueLease | null> {
    const held = this.held(key, LEASE_MS / 2);
    if (held) return held;
    const until = this.clock.steady() + LEASE_MS;
    const token = await this.queues.take(key, this.#holder, LEASE_MS);
    if (token === null) this.#held.delete(key);
    else this.#held.set(key, { token, until });
    return token === null ? null : { key, token };
  }

  /** Another replica holds it by now; the next `take` asks the database. */
  lost(key: string): void {
    this.#held.delete(key);
  }

  /** Gives up every lease. */
  async release(): Promise<void> {
    if (this.#held.size === 0) return;
    this.#held.clear();
    await this.queues.release(this.#holder);
  }
}
