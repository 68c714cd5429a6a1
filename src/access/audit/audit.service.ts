import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Clock, DAY } from '#kernel/clock.js';
import { Store, type Tx } from '#store/store.js';
import { Log } from '#telemetry/telemetry.module.js';
import { type Act, type AuditEntry, AuditStore } from './audit.store.js';

export type { AuditEntry } from './audit.store.js';

const KEPT_MS = 365 * DAY;

/** Who did what with which key. Written before it is done, so that nothing is done unseen; what became of it is added. */
@Injectable()
export class AuditService implements BeforeApplicationShutdown {
  readonly #concluding = new Set<Promise<void>>();

  constructor(
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(Store) private readonly store: Store,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Notes that something is about to be done; returns how to say what became of it, and to what. */
  async begin(act: Omit<Act, 'at'>): Promise<(status: number, target: string | null) => void> {
    const begun = { ...act, at: this.clock.now() };
    const id = await this.store.write((tx) => this.audit.add(tx, begun));
    return (status, target) => {
      const concluded = { ...begun, at: this.clock.now(), target: target ?? begun.target };
      const written = this.store
        .write((tx) => this.audit.conclude(tx, id, concluded, status))
        .catch((error: unknown) =>
          this.log.pino.warn(
            { event: 'audit.outcome_not_noted', audit: id, error },
            'The result of an audited request could not be written',
          ),
        )
        .finally(() => this.#concluding.delete(written));
      this.#concluding.add(written);
    };
  }

  /** Notes the first use of a key on a day of UTC, in the transaction that notes the use itself. */
  async keyUsed(tx: Tx, keyId: string, lastUsedAt: number | null): Promise<void> {
    const at = this.clock.now();
    if (lastUsedAt !== null && Math.floor(lastUsedAt / DAY) === Math.floor(at / DAY)) return;
    await this.audit.add(tx, { at, action: 'key.used', keyId, operatorId: null, target: keyId, requestId: null });
  }

  /** Newest first. */
  list(limit: number, before: number | null): Promise<AuditEntry[]> {
    return this.audit.list(limit, before);
  }

  /** Forgets what is older than a year. @returns how many rows */
  purge(now: number): Promise<number> {
    return this.store.inBatches((tx, most) => this.audit.purge(tx, now - KEPT_MS, most));
  }

  /** Waits until every outcome so far is noted. */
  async settle(): Promise<void> {
    await Promise.all(this.#concluding);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.settle();
  }
}
