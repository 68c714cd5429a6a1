import { Injectable } from '@nestjs/common';
import { PermissionsService } from '#calling/permissions/permissions.service.js';
import { templateUserKeys } from '#compliance/conversations/conversation.js';
import { Settings } from '#config/settings.js';
import { DAY } from '#kernel/clock.js';
import { Traces } from '#privacy/person/traces.js';
import { numberLock, Store } from '#store/store.js';
import { ErasureStore } from './erasure.store.js';
import { type Forgotten, PeopleRetentionStore } from './people-retention.store.js';
import { SweepStore } from './sweep.store.js';

/** A file up to this size is written anew at once, in about two seconds; a larger one at the next start. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Writing the file anew blocks the process, so it happens at most once a day. */
const COMPACT_EVERY_MS = DAY;

/** Events are kept for 7 days. */
const EVENTS_MS = 8 * DAY;
const NOBODY = new Traces({ ids: [], callIds: [] });

/**
 * Forgets people `PEOPLE_RETENTION_DAYS` after their last call, message or standing permission, as an erasure would. Deliveries, events and
 * answers that name them are gone by then: they are kept for days.
 */
@Injectable()
export class PeopleRetention {
  #compactedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly people: PeopleRetentionStore,
    private readonly erasure: ErasureStore,
    private readonly sweep: SweepStore,
    private readonly permissions: PermissionsService,
    private readonly store: Store,
    private readonly settings: Settings,
  ) {}

  /** @returns how many people it forgot */
  async purge(now: number): Promise<number> {
    const before = now - this.settings.peopleRetentionDays * DAY;
    let forgotten = 0;
    for (let after: string | null = ''; after !== null; ) {
      const page = await this.people.page(this.store.read, before, after);
      for (const [phoneNumberId, due] of Map.groupBy(page.due, (person) => person.phoneNumberId))
        forgotten += await this.#forget(phoneNumberId, due, before);
      after = page.next;
    }
    if (forgotten > 0) await this.#afterwards(now);
    return forgotten;
  }

  /** Looks once more under the lock of the number: the person may have called since. */
  async #forget(phoneNumberId: string | null, due: readonly Forgotten[], before: number): Promise<number> {
    const locks = phoneNumberId === null ? [] : [numberLock(phoneNumberId)];
    return this.store.write(
      async (tx) => {
        let forgotten = 0;
        for (const { id } of due) {
          if (!(await this.people.isDue(tx, before, id))) continue;
          const keys = templateUserKeys(await this.people.addressesOf(tx, id));
          if (phoneNumberId !== null) await this.erasure.deleteDigests(tx, phoneNumberId, keys);
          await this.erasure.erase(tx, id);
          forgotten += 1;
        }
        return forgotten;
      },
      locks,
      'long',
    );
  }

  async #afterwards(now: number): Promise<void> {
    this.permissions.forget();
    // The newest event stays, however old it is: readers are up to date by its cursor.
    for (const { id } of await this.people.oldEvents(this.store.read, now - EVENTS_MS))
      await this.store.write((tx) => this.sweep.redactEvent(tx, NOBODY, id));
    if (now - this.#compactedAt < COMPACT_EVERY_MS) return;
    this.#compactedAt = now;
    await this.store.compact(MOST_BYTES);
  }
}
