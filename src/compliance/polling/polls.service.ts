import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { Backoff, JITTER } from '#kernel/backoff.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { Problem } from '#kernel/problem.js';
import { numberLock, Store } from '#store/store.js';
import { isStoreFault } from '#store/store-fault.js';
import { PollPublisherService } from './poll-publisher.service.js';
import type { Cause, Snapshot, SnapshotMetrics } from './snapshot.js';
import { SnapshotCollectorService } from './snapshot-collector.service.js';
import { SnapshotsStore } from './snapshots.store.js';

/** Timeout of a poll: after it the process is gone, or was suspended. */
const POLL_TIMEOUT_MS = 5 * MINUTE;
const BACKOFF = new Backoff({ firstMs: SECOND / 4, longestMs: 10 * SECOND, spread: JITTER });
/** Replicas share a schedule; a replica that starts within this time after the first skips its poll. */
const SAME_TICK_MS = 30 * SECOND;

/** Runs polls and stores their snapshots; one at a time for each number, across processes. */
@Injectable()
export class PollsService implements OnModuleDestroy {
  readonly #running = new Set<Promise<unknown>>();
  #stopped = false;

  constructor(
    private readonly snapshots: SnapshotsStore,
    private readonly collector: SnapshotCollectorService,
    private readonly publisher: PollPublisherService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins a poll; `done` resolves when it has ended, well or not.
   * @param notSince refuses when one of the number, for `schedule` one of the schedule, has begun since then; null for the last 30 s of the
   * schedule, and for any other cause to refuse none
   * @throws Problem `check_in_progress` while one of the number runs, here or in another process
   */
  async begin(number: BusinessNumber, cause: Cause, notSince: number | null = null): Promise<{ snapshot: Snapshot; done: Promise<void> }> {
    const started = await this.#claim(number.phoneNumberId, cause, notSince);
    if (!started) throw new Problem('check_in_progress');
    const done = this.#poll(number, started.id, cause).finally(() => this.#running.delete(done));
    this.#running.add(done);
    return { snapshot: started, done };
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  #claim(phoneNumberId: string, cause: Cause, notSince: number | null): Promise<Snapshot | null> {
    return this.store.write(
      async (tx) => {
        const startedAt = this.clock.now();
        await this.snapshots.giveUp(tx, phoneNumberId, startedAt - POLL_TIMEOUT_MS, startedAt);
        const since = notSince ?? (cause === 'schedule' ? startedAt - SAME_TICK_MS + 1 : null);
        const last = since === null ? null : await this.snapshots.lastAt(tx, phoneNumberId, cause === 'schedule' ? cause : null);
        if (since !== null && last !== null && last >= since) return null;
        const snapshot: Snapshot = {
          id: newId('snap'),
          phone_number_id: phoneNumberId,
          state: 'running',
          cause,
          started_at: startedAt,
          finished_at: null,
          metrics: null,
        };
        return (await this.snapshots.begin(tx, snapshot)) ? snapshot : null;
      },
      [numberLock(phoneNumberId)],
    );
  }

  async #poll(number: BusinessNumber, id: string, cause: Cause): Promise<void> {
    const began = this.clock.now();
    try {
      const metrics = await this.collector.collect(number, cause);
      await this.#persist(began, () => this.#finish(number, id, metrics));
    } catch (error) {
      this.publisher.failed(error);
      const fail = () => this.store.write((tx) => this.snapshots.finish(tx, id, 'failed', this.clock.now(), null));
      await this.#persist(began, fail).catch(() => false);
    }
  }

  /** Writes a result, and tries again after faults of the store: a result that was paid for is not thrown away. */
  async #persist(began: number, write: () => Promise<unknown>): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      try {
        await write();
        return;
      } catch (error) {
        if (!isStoreFault(error) || this.#stopped || this.clock.now() - began > POLL_TIMEOUT_MS) throw error;
        await pause(BACKOFF.delayMs(failures, Math.random()), undefined, { ref: false });
      }
    }
  }

  async #finish({ phoneNumberId }: BusinessNumber, id: string, metrics: SnapshotMetrics): Promise<void> {
    await this.store.write(
      async (tx) => {
        const before = (await this.snapshots.latestDone(tx, phoneNumberId))?.metrics ?? null;
        const at = this.clock.now();
        if (!(await this.snapshots.finish(tx, id, 'done', at, metrics))) return;
        await this.publisher.publish(tx, { id, phoneNumberId, at, before, after: metrics });
      },
      [numberLock(phoneNumberId)],
    );
  }
}
