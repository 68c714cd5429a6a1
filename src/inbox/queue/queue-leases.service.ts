import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, SECOND } from '#kernel/clock.js';
import type { QueueLease } from './queue-lease.js';
import { QueuesStore } from './queues.store.js';

/** After this long another replica takes over from one that was killed. It outlasts the longest transaction of a batch. */
const LEASE_MS = 4 * SECOND;
/** The holder of a lease that was refused is notified of deliveries; it is asked for again after this long, or with the next look. */
const ELSEWHERE_MS = SECOND / 2;
/** With more queues than these, a lease without work ends after a while. */
const FEW = 16;
const IDLE_MS = 60 * SECOND;

/** Times are monotonic, in ms. */
interface HeldLease {
  token: number;
  until: number;
  /** When the queue was worked last. */
  usedAt: number;
}

/** One replica at a time applies the deliveries of a queue; the others wait, and take over when the lease ends. */
@Injectable()
export class QueueLeases {
  readonly #holder = randomUUID();
  readonly #held = new Map<string, HeldLease>();
  /** Until when, in monotonic time, a lease that another replica has is not asked for because of a delivery. */
  readonly #elsewhere = new Map<string, number>();

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

  /** Whether another replica has refused it the lease a moment ago. */
  isElsewhere(key: string): boolean {
    return this.clock.steady() < (this.#elsewhere.get(key) ?? Number.NEGATIVE_INFINITY);
  }

  /** A queue is worked without its lease being asked for: its deliveries are applied as they come. */
  noteUse(key: string): void {
    const held = this.#held.get(key);
    if (held) held.usedAt = this.clock.steady();
  }

  /** Takes the lease, or renews it in its second half. @returns null while another replica holds it */
  async take(key: string): Promise<QueueLease | null> {
    return (await this.takeAll([key])).get(key) ?? null;
  }

  /** The same for several, with one statement. @returns those that this replica holds, by key */
  async takeAll(keys: readonly string[]): Promise<Map<string, QueueLease>> {
    const now = this.clock.steady();
    const wanted = keys.filter((key) => this.held(key, LEASE_MS / 2) === null);
    const taken = wanted.length > 0 ? await this.queues.take(wanted, this.#holder, LEASE_MS) : new Map<string, number>();
    for (const key of wanted) {
      const token = taken.get(key);
      if (token === undefined) this.#elsewhere.set(key, now + ELSEWHERE_MS);
      if (token === undefined) this.#held.delete(key);
      else this.#held.set(key, { token, until: now + LEASE_MS, usedAt: now });
    }
    for (const key of keys) this.noteUse(key);
    return new Map(keys.flatMap((key) => [this.held(key) ?? []].flat().map((lease) => [key, lease] as const)));
  }

  /** Whether this replica holds the lease of any queue. */
  get holdsAny(): boolean {
    return !this.queues.isShared || this.#held.size > 0;
  }

  /**
   * Renews every lease in its second half with one statement. With many numbers, those of which nothing came for a while are left to end:
   * the replica that gets their next delivery takes them.
   */
  async renew(): Promise<void> {
    const now = this.clock.steady();
    const isInUse = ({ usedAt }: HeldLease) => this.#held.size <= FEW || now - usedAt < IDLE_MS;
    const kept = [...this.#held].filter(([, held]) => held.until > now && isInUse(held));
    if (kept.every(([, { until }]) => until - now > LEASE_MS / 2)) return;
    const until = now + LEASE_MS;
    const keys = kept.map(([key]) => key);
    const renewed = new Set(await this.queues.renew(keys, this.#holder, LEASE_MS));
    for (const [key, held] of kept) {
      if (renewed.has(key)) this.#held.set(key, { ...held, until });
      else this.#held.delete(key);
    }
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
