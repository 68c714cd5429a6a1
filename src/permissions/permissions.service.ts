import { Injectable } from '@nestjs/common';
import { entryOf } from '#catalogue/lookup.js';
import { Settings } from '#config/settings.js';
import { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { Addressee } from '#dialog360/wire.js';
import type { OurNumber } from '#identity/our-number.js';
import { PeopleService } from '#identity/people.service.js';
import type { Person } from '#identity/person.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Store, type Tx } from '#store/store.js';
import {
  concludePermission,
  type LedgerFact,
  mayAsk,
  mayCall,
  type ObservedReading,
  type Permission,
  type Verdict,
  type Window,
  windowAt,
} from './permission.js';
import { type Pair, PermissionsStore } from './permissions.store.js';

/** Everything known about calling one person from one number at one moment. */
export interface Standing {
  permission: Permission;
  call: Verdict;
  ask: Verdict;
  window: Window;
  /** Whether 360dialog could be asked just now; with `false` the rest is what the ledger remembers. */
  readable: boolean;
}

/** May this person be called, may they be asked? The ledger answers, refreshed from 360dialog when it is stale. */
@Injectable()
export class PermissionsService {
  constructor(
    private readonly permissions: PermissionsStore,
    private readonly people: PeopleService,
    private readonly dialog360: Dialog360Client,
    private readonly store: Store,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    people.onAbsorb((tx, from, into) => permissions.absorb(tx, from, into));
  }

  /**
   * How things stand with a person, read again from 360dialog when older than `PERMISSION_MAX_AGE_SECONDS`. A reading that
   * fails is no error, unless 360dialog refused it for a reason of the number.
   * @throws Problem such as `calling_disabled`
   */
  async standing(number: OurNumber, person: Person): Promise<Standing> {
    const pair = { phoneNumberId: number.phoneNumberId, personId: person.id };
    const facts = await this.permissions.facts(this.store.read, pair);
    const kept = await this.permissions.reading(this.store.read, pair);
    const observed = this.#isFresh(kept, facts) ? kept : await this.#read(pair, person);
    const lastInboundAt = await this.people.lastInboundAt(pair.phoneNumberId, pair.personId);
    const now = this.clock.now();
    const permission = concludePermission(facts, observed, now);
    return {
      permission,
      call: mayCall(permission, observed?.reading ?? null),
      ask: mayAsk(permission, observed?.reading ?? null, facts, now),
      window: windowAt(lastInboundAt, number.learnedAt, now),
      readable: observed !== null,
    };
  }

  /** Records that 360dialog took a request; what it returned about the user is the caller's to learn. */
  async asked(tx: Tx, pair: Pair, messageId: string): Promise<void> {
    await this.permissions.add(tx, pair, { kind: 'asked', at: this.clock.now(), ref: messageId });
  }

  /** Records that 360dialog refused to ask or to dial this person. */
  async refused(tx: Tx, pair: Pair, problem: Problem): Promise<void> {
    await this.permissions.add(tx, pair, { kind: 'refused', at: this.clock.now(), ref: null, code: problem.code, until: problem.retryAt });
  }

  /** Fresh: young enough, and nothing has been learnt since that could have changed it. */
  #isFresh(kept: ObservedReading | null, facts: readonly LedgerFact[]): boolean {
    if (!kept || kept.observedAt <= this.clock.now() - this.settings.permissionMaxAgeMs) return false;
    const expired = kept.reading.expiresAt !== null && kept.reading.expiresAt <= this.clock.now();
    return !expired && facts.every(({ at }) => at < kept.observedAt - 1_000);
  }

  async #read(pair: Pair, person: Person): Promise<ObservedReading | null> {
    const observedAt = this.clock.now();
    try {
      const observed = { reading: await this.dialog360.readPermission(addresseeOf(person)), observedAt };
      await this.store.write((tx) => this.permissions.saveReading(tx, pair, observed));
      return observed;
    } catch (error) {
      if (error instanceof Problem && error.upstream && entryOf(error.code)?.kind === 'number') throw error;
      if (error instanceof Problem) return null;
      throw error;
    }
  }
}

/** How 360dialog is told whom we mean: the number when Meta shows it, else the BSUID. */
export function addresseeOf(person: Person): Addressee {
  if (person.waId !== null) return { waId: person.waId };
  const userId = person.userId ?? person.parentUserId;
  if (userId === null) throw new Error('a person without any address cannot be reached');
  return { userId };
}
