import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { type NumberReach, reaches } from '#identity/numbers/number-reach.js';
import { Clock, DAY } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Store } from '#store/store.js';
import type { Snapshot, SnapshotPosition } from './snapshot.js';
import { SnapshotsStore } from './snapshots.store.js';

const KEEP_MS = 400 * DAY;

/** The snapshots of all polls; kept for 400 days. */
@Injectable()
export class SnapshotsService {
  constructor(
    private readonly snapshots: SnapshotsStore,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem `not_found`, the same for one of a number that `by` does not reach */
  async require(by: NumberReach, id: string): Promise<Snapshot> {
    const snapshot = await this.snapshots.find(this.store.read, id);
    if (!snapshot || !reaches(by, snapshot.phone_number_id)) throw new Problem('not_found');
    return snapshot;
  }

  /** Those of the numbers that `by` reaches, newest first. */
  list(by: NumberReach, limit: number, after: SnapshotPosition | null): Promise<Snapshot[]> {
    return this.snapshots.list(this.store.read, by, limit, after);
  }

  /** The last poll of a number that ended well; null before the first. */
  latestDone(phoneNumberId: string): Promise<Snapshot | null> {
    return this.snapshots.latestDone(this.store.read, phoneNumberId);
  }

  /** Finished polls since then, oldest first. */
  since(phoneNumberId: string, from: number): Promise<Snapshot[]> {
    return this.snapshots.since(this.store.read, phoneNumberId, from);
  }

  /** Deletes the snapshots of a number from before then. @returns how many */
  purgeOf(phoneNumberId: string, before: number): Promise<number> {
    return this.store.inBatches((tx, most) => this.snapshots.purgeOf(tx, phoneNumberId, before, most));
  }

  /** Deletes snapshots after 400 days, in batches. */
  @Interval(DAY / 4)
  async purge(): Promise<void> {
    const before = this.clock.now() - KEEP_MS;
    await this.store.inBatches((tx, most) => this.snapshots.purge(tx, before, most));
  }
}
