import { Injectable } from '@nestjs/common';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { Store, type Tx } from '#store/store.js';
import { apply, type Call, union } from './call.js';
import { CallsStore } from './storage/calls.store.js';
import type { EarlyFacts } from './storage/early-facts.store.js';
import { TimelineStore } from './storage/timeline.store.js';

export type { EarlyFacts } from './storage/early-facts.store.js';

/** What webhooks report of a call before it is known whose it is, or which dial it belongs to. */
@Injectable()
export class EarlyFactsService {
  constructor(
    private readonly calls: CallsStore,
    private readonly timeline: TimelineStore,
    private readonly store: Store,
  ) {}

  /** Keeps facts of a call that is not known yet. */
  keep(tx: Tx, phoneNumberId: string, wacid: string, early: EarlyFacts): Promise<void> {
    return this.calls.early.keep(tx, phoneNumberId, wacid, early);
  }

  /** The facts that were kept of a number's call which is known now. */
  take(tx: Tx, phoneNumberId: string, wacid: string): Promise<EarlyFacts[]> {
    return this.calls.early.take(tx, phoneNumberId, wacid);
  }

  /** Deletes facts whose call has not become known. @returns how many webhooks they came with */
  purge(receivedBefore: number): Promise<number> {
    return this.store.inBatches((tx, batchSize) => this.calls.early.purge(tx, receivedBefore, batchSize));
  }

  /**
   * Joins what webhooks reported before the dial's wacid was known into the dialled call: facts that were kept, and an orphaned
   * call that they began.
   */
  async joinOrphan(tx: Tx, dialled: Call, wacid: string): Promise<Call> {
    const early = await this.take(tx, dialled.phoneNumberId, wacid);
    await this.timeline.add(tx, dialled.id, ...early.map(({ cause }) => cause));
    const call = early.flatMap(({ facts }) => facts).reduce(apply, dialled);
    const orphan = await this.calls.byId(tx, wacid, EVERY_NUMBER);
    if (!orphan || orphan.id === call.id || orphan.phoneNumberId !== call.phoneNumberId) return call;
    await this.calls.remove(tx, orphan.id);
    await this.timeline.move(tx, orphan.id, call.id);
    return { ...call, wacid, facts: union(call.facts, orphan.facts) };
  }
}
