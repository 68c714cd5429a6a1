import { Injectable, Optional } from '@nestjs/common';
import { SECOND } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import { Pace } from './pace.js';
import { PermissionReadsStore } from './permission-reads.store.js';

/** Meta's pages disagree on 5 and 100 reads of permissions a second and number; the lower limit is safe. */
const PER_SECOND = 5;
/** The longest wait of a reading for its slot. */
export const LONGEST_QUEUE_MS = 2 * SECOND;

/**
 * At most five permission reads in any second and number: over all replicas on Postgres, in memory on SQLite, where one process
 * holds the file, and without a database.
 */
@Injectable()
export class PermissionReads {
  /** By number; the empty text for a number that is unknown. */
  readonly #paces = new Map<string, Pace>();

  constructor(
    @Optional() private readonly store?: Store,
    @Optional() private readonly slots?: PermissionReadsStore,
  ) {}

  /**
   * How long to wait for the slot that was just taken, in ms; undefined when the queue is too long and none was.
   * @param phoneNumberId our number; null while unknown
   * @throws a fault of the store
   */
  async take(phoneNumberId: string | null): Promise<number | undefined> {
    const { store, slots } = this;
    if (phoneNumberId === null || slots === undefined || store?.engine !== 'postgres')
      return this.#paceOf(phoneNumberId ?? '').take(performance.now());
    const limit = { most: PER_SECOND, spanMs: SECOND, longestWaitMs: LONGEST_QUEUE_MS };
    return (await store.write((tx) => slots.take(tx, phoneNumberId, limit)))?.waitMs;
  }

  #paceOf(number: string): Pace {
    const pace = this.#paces.get(number) ?? new Pace(PER_SECOND, SECOND, LONGEST_QUEUE_MS);
    this.#paces.set(number, pace);
    return pace;
  }
}
