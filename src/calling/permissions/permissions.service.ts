import { Injectable } from '@nestjs/common';
import type { ThreadHolder } from '#dialog360/fact.js';
import { entryOf } from '#error-catalogue/lookup.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { PeopleService } from '#identity/people.service.js';
import type { Person } from '#identity/person.js';
import { Clock } from '#kernel/clock.js';
import type { Problem } from '#kernel/problem.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { type CallOutcomeFact, type LastRequest, type LedgerFact, lastRequest, newestFirst, unansweredInARow } from './ledger.js';
import { type Limit, limitsOf } from './limits.js';
import { LivePermissionsService } from './live-permissions.service.js';
import {
  derivePermission,
  mayAsk,
  mayCall,
  type ObservedReading,
  type Permission,
  type PermissionVerdict,
  type Window,
  windowAt,
  windowClosesAt,
} from './permission.js';
import { type Pair, PermissionsStore } from './permissions.store.js';
import { nextEffect, POLICIES } from './policy.js';

export { addresseeOf } from './live-permissions.service.js';
export type { Pair } from './permissions.store.js';

export const isHeld = ({ status }: Pick<Permission, 'status'>): boolean => status === 'temporary' || status === 'permanent';

/** The permission of one person for one number at one moment, and its verdicts. */
export interface PermissionStatus {
  permission: Permission;
  call: PermissionVerdict;
  ask: PermissionVerdict;
  window: Window;
  windowClosesAt: number | null;
  /** Who holds the thread with the person: the Meta Business Agent or the business; null while no message has shown it. */
  threadHolder: ThreadHolder | null;
  /** Why 360dialog could not be read now; the rest then comes from the ledger. Null when it could. */
  unreadable: Problem | null;
}

/** A permission status with its evidence. */
export interface Ledger extends PermissionStatus {
  limits: Limit[];
  unansweredInARow: number;
  /** What WhatsApp will do at the next unanswered call; null without a permission that it could end. */
  nextEffect: 'none' | 'nudge' | 'revoke' | null;
  lastRequest: LastRequest | null;
  /** The latest facts first, at most 50. */
  history: LedgerFact[];
}

const SHOWN_FACTS = 50;

/** The permission ledger: may this person be called, may they be asked? A stale reading is renewed from 360dialog. */
@Injectable()
export class PermissionsService {
  constructor(
    private readonly permissions: PermissionsStore,
    private readonly live: LivePermissionsService,
    private readonly people: PeopleService,
    private readonly store: Store,
    private readonly settings: SettingsOfNumbers,
    private readonly clock: Clock,
  ) {
    people.onMerge((tx, from, into) => permissions.absorb(tx, from, into));
    people.onAddressChanged((tx, personId) => permissions.dropReadings(tx, [personId]));
  }

  /**
   * The status of a person before a dial or a request. A failed reading is no error, unless 360dialog refused it for a
   * reason of the number.
   * @throws Problem such as `calling_disabled`
   */
  async status(number: OurNumber, person: Person): Promise<PermissionStatus> {
    const ledger = await this.ledger(number, person);
    const refusal = numberRefusal(ledger);
    if (refusal) throw refusal;
    return ledger;
  }

  /** The status with its evidence, to be shown; a failed reading is never an error. */
  async ledger(number: OurNumber, person: Person): Promise<Ledger> {
    const pair = { phoneNumberId: number.phoneNumberId, personId: person.id };
    const before = await this.permissions.facts(this.store.read, pair);
    const { observed, problem } = await this.live.of(pair, person, before);
    // A reply may have come in while 360dialog was asked.
    const facts = await this.permissions.facts(this.store.read, pair);
    const { lastInboundAt, thread } = await this.people.lastContact(pair.phoneNumberId, pair.personId);
    const now = this.clock.now();
    const reading = observed?.reading ?? null;
    const policy = this.#policyOf(pair);
    const permission = derivePermission(facts, observed, now, policy);
    const held = isHeld(permission);
    const counting = { facts, keptSince: number.learnedAt, now, policy };
    const inARow = unansweredInARow(facts);
    return {
      permission,
      call: mayCall({ permission, reading, facts, now, policy }),
      ask: mayAsk({ permission, reading, facts, now, policy }),
      window: windowAt({ lastInboundAt, ...counting }),
      windowClosesAt: windowClosesAt({ lastInboundAt, ...counting }),
      threadHolder: thread?.holder ?? null,
      unreadable: problem,
      limits: [...limitsOf('ask', reading?.ask ?? null, counting), ...limitsOf('call', reading?.call ?? null, counting)],
      unansweredInARow: inARow,
      nextEffect: held ? nextEffect(inARow, policy) : null,
      lastRequest: lastRequest(facts),
      history: newestFirst(facts, SHOWN_FACTS),
    };
  }

  /** Forgets what only the memory holds about people without a row: one of them is erased. */
  forget(): void {
    this.live.forget();
  }

  /** The permission as the ledger has it, without asking 360dialog. */
  async recorded(reader: Reader, pair: Pair): Promise<Permission> {
    return this.#derived(pair, await this.permissions.facts(reader, pair), await this.permissions.reading(reader, pair));
  }

  /** The permission by what the user and 360dialog's refusals have said alone: a reading may be older than the reply that arrives after it. */
  async stated(reader: Reader, pair: Pair): Promise<Permission> {
    return this.#derived(pair, await this.permissions.facts(reader, pair), null);
  }

  #derived(pair: Pair, facts: readonly LedgerFact[], observed: ObservedReading | null): Permission {
    return derivePermission(facts, observed, this.clock.now(), this.#policyOf(pair));
  }

  #policyOf({ phoneNumberId }: Pair) {
    return POLICIES[this.settings.of(phoneNumberId).permissionPolicy];
  }

  /** Records that 360dialog took a request, which takes the thread from an agent. */
  async asked(tx: Tx, pair: Pair, messageId: string): Promise<void> {
    const at = this.clock.now();
    await this.permissions.note(tx, pair, { kind: 'asked', at, ref: messageId });
    await this.people.threadPassed(tx, pair.phoneNumberId, pair.personId, 'business', at);
  }

  /** Records that 360dialog refused to ask or to dial this person. */
  async refused(tx: Tx, pair: Pair, problem: Problem): Promise<void> {
    await this.permissions.note(tx, pair, { kind: 'refused', at: this.clock.now(), ref: null, code: problem.code, until: problem.retryAt });
  }

  /** The id of the person whom a permission request of this number was sent to, by its message id; undefined for any other message. */
  async personAskedBy(tx: Tx, phoneNumberId: string, messageId: string): Promise<string | undefined> {
    return (await this.permissions.askedBy(tx, phoneNumberId, messageId))?.personId;
  }

  /** Records the outcome of a call, or its correction; `uncounted` is recorded only for a call that was counted. */
  async callEnded(tx: Tx, pair: Pair, ended: CallOutcomeFact): Promise<void> {
    if (ended.kind === 'uncounted' && !(await this.permissions.hasCounted(tx, pair, ended.ref))) return;
    await this.permissions.note(tx, pair, ended);
  }
}

/** The refusal of a reading for a reason of the number; null for every other failure. */
export const numberRefusal = ({ unreadable }: Pick<PermissionStatus, 'unreadable'>): Problem | null =>
  unreadable?.upstream && entryOf(unreadable.code)?.kind === 'number' ? unreadable : null;
