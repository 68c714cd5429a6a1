import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { isWithin, type NumberReach } from '#identity/numbers/number-reach.js';
import { Clock, DAY } from '#kernel/clock.js';
import { Store, type Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { type Act, type AuditEntry, type AuditFilter, type AuditPage, AuditStore } from './audit.store.js';

export type { AuditEntry, AuditFilter } from './audit.store.js';

/** The audit log. An entry is written before its request runs, so that no request goes unrecorded; the result is added after it. */
@Injectable()
export class AuditService implements BeforeApplicationShutdown {
  readonly #finishing = new Set<Promise<void>>();

  constructor(
    private readonly audit: AuditStore,
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly settings: Settings,
  ) {}

  /** Records that a request is about to run. @returns a function that records its HTTP status and the id of what it made */
  async begin(act: Omit<Act, 'at'>): Promise<(status: number, target: string | null) => void> {
    const begun = { ...act, at: this.clock.now() };
    const id = await this.store.write((tx) => this.audit.add(tx, begun));
    return (status, target) => {
      const finished = { ...begun, at: this.clock.now(), target: target ?? begun.target };
      const written = this.store
        .write((tx) => this.audit.finish(tx, id, finished, status))
        .catch((error: unknown) =>
          this.log.pino.warn(
            { event: 'audit.outcome_not_noted', audit: id, error },
            'the result of an audited request could not be recorded',
          ),
        )
        .finally(() => this.#finishing.delete(written));
      this.#finishing.add(written);
    };
  }

  /** Records the first use of a key on a UTC day, in the transaction that records the use itself. */
  async keyUsed(tx: Tx, { id: keyId, numbers }: NumberReach & { id: string }, lastUsedAt: number | null): Promise<void> {
    const at = this.clock.now();
    if (lastUsedAt !== null && Math.floor(lastUsedAt / DAY) === Math.floor(at / DAY)) return;
    await this.audit.add(tx, { at, action: 'key.used', key_id: keyId, numbers, operator_id: null, target: keyId, request_id: null });
  }

  /**
   * The keys whose deletion the log has recorded, and since when it is complete: null for an empty log. Only a start that replaces
   * `API_KEY` deletes a key without an entry.
   */
  async deletedKeys(tx: Tx): Promise<{ ids: ReadonlySet<string>; since: number | null }> {
    return { ids: await this.audit.deletedKeys(tx), since: await this.audit.oldestAt(tx) };
  }

  /** Up to `limit` entries older than the id `before` that match and are about numbers of `by` alone, newest first. */
  async list(by: NumberReach, { limit, before }: AuditPage, filter: AuditFilter = {}): Promise<AuditEntry[]> {
    const found: AuditEntry[] = [];
    for (let from = before; ; ) {
      const page = await this.audit.list(by, { limit, before: from }, filter);
      found.push(...page.filter((entry) => isWithin(entry, by)));
      const last = page.at(-1);
      if (!last || page.length < limit || found.length >= limit) return found.slice(0, limit);
      from = last.id;
    }
  }

  /** Whether more entries than `most` match, those about other numbers included. */
  exceeds(by: NumberReach, filter: AuditFilter, most: number): Promise<boolean> {
    return this.audit.exceeds(by, filter, most);
  }

  /** Purges entries older than `AUDIT_RETENTION_DAYS`. @returns how many rows */
  purge(now: number): Promise<number> {
    return this.store.inBatches((tx, most) => this.audit.purge(tx, now - this.settings.auditRetentionDays * DAY, most));
  }

  /** Waits until every pending result is written. */
  async flush(): Promise<void> {
    await Promise.all(this.#finishing);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }
}
