import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { Settings } from '#config/settings.js';
import { addDays, dateOf } from '#kernel/calendar/calendar.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Bulkhead, NoSlotInTime } from '#kernel/concurrency/bulkhead.js';
import { Problem } from '#kernel/problem.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { type BudgetDay, KeyBudgetsStore } from './key-budgets.store.js';
import { allowedFrom, type KeyLimit, type KeyLimits, LIMIT_OF, quietUntil, type Spending } from './key-limits.js';

export type { BudgetDay } from './key-budgets.store.js';

/** The days that are kept: one that is over, for what is given back after midnight. */
const DAYS_BACK = 2;
/** How much of one limited key runs in this process at a time, and how long the rest waits. */
const AT_ONCE = 16;
const LONGEST_WAIT_MS = 30 * SECOND;

type Spender = Pick<Principal, 'keyId'>;

/** Counts what a key spends in a day, over all replicas, and refuses what is beyond its limits. What sessions and browser tokens spend is the key's. */
@Injectable()
export class KeyBudgetsService {
  /** By key. */
  readonly #turns = new Map<string, Bulkhead>();

  constructor(
    private readonly budgets: KeyBudgetsStore,
    private readonly store: Store,
    @Inject(Settings) private readonly settings: Pick<Settings, 'compliance'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Does what may spend one of these kinds; what `take` would refuse for certain is refused before, with nothing looked up for it. Of a key with
   * limits few run at a time, so that what is beyond them costs a look at its budget, however many ask at once.
   * @param kinds empty where it is not known whether something is spent
   * @throws Problem `key_budget_used`, `key_suspended`, `unauthenticated` or `too_many_requests`, and what `work` throws
   */
  async inTurn<T>({ keyId }: Spender, kinds: readonly Spending[], work: () => Promise<T>): Promise<T> {
    if ((await this.#limitsOf(this.store.read, keyId)) === null) return work();
    const turns = this.#turns.get(keyId) ?? new Bulkhead({ slots: AT_ONCE, timeoutMs: LONGEST_WAIT_MS });
    this.#turns.set(keyId, turns);
    const turn = async () => {
      await this.#assertLeft(keyId, kinds);
      return work();
    };
    try {
      return await turns.run(turn);
    } catch (error) {
      if (!(error instanceof NoSlotInTime)) throw error;
      throw new Problem('too_many_requests', { retryAt: this.clock.now() + LONGEST_WAIT_MS });
    } finally {
      if (turns.running + turns.waiting === 0) this.#turns.delete(keyId);
    }
  }

  async #assertLeft(keyId: string, kinds: readonly Spending[]): Promise<void> {
    const [first] = kinds;
    const limits = await this.#limitsOf(this.store.read, keyId);
    if (!limits || !first) return;
    const used = await Promise.all(kinds.map((kind) => this.#isUsedUp(this.store.read, keyId, kind, limits)));
    const isUsedUp = used.every(Boolean);
    if (this.#isQuiet(limits)) throw this.#refusal(limits, 'quiet_hours', isUsedUp);
    if (isUsedUp) throw this.#refusal(limits, LIMIT_OF[first], true);
  }

  /**
   * Takes one unit of a day, in the transaction that commits what it is for.
   * @returns what to give back if nothing is sent; null for a key without such a limit
   * @throws Problem `key_budget_used`, `key_suspended` or `unauthenticated`: the transaction must then fail, and nothing be sent
   */
  async take(tx: Tx, { keyId }: Spender, kind: Spending): Promise<BudgetDay | null> {
    const limits = await this.#limitsOf(tx, keyId);
    if (!limits) return null;
    if (this.#isQuiet(limits)) throw this.#refusal(limits, 'quiet_hours', await this.#isUsedUp(tx, keyId, kind, limits));
    const most = limits[LIMIT_OF[kind]];
    if (most === null) return null;
    const unit = { keyId, kind, day: this.#today() };
    const used = await this.budgets.add(tx, unit, most);
    if (used === null) throw this.#refusal(limits, LIMIT_OF[kind], true);
    if (used === 1) await this.budgets.purge(tx, keyId, addDays(unit.day, -DAYS_BACK));
    return unit;
  }

  /** Takes one unit in a transaction of its own. */
  takeNow(by: Spender, kind: Spending): Promise<BudgetDay | null> {
    return this.store.write((tx) => this.take(tx, by, kind));
  }

  /**
   * Does what a unit was taken for, and gives it back when that was refused before anything was sent. What 360dialog refused, or may have received,
   * stays counted, and so does what a crash cut off.
   */
  async spend<T>(unit: BudgetDay | null, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isUnsent = error instanceof Problem && error.upstream === null;
      if (unit && isUnsent) await this.store.write((tx) => this.budgets.subtract(tx, unit));
      throw error;
    }
  }

  async #limitsOf(reader: Reader, keyId: string): Promise<KeyLimits | null> {
    const standing = await this.budgets.standing(reader, keyId);
    if (!standing) throw new Problem('unauthenticated');
    if (standing.isSuspended) throw new Problem('key_suspended');
    return standing.limits;
  }

  #isQuiet({ quiet_hours }: KeyLimits): boolean {
    return quiet_hours !== null && quietUntil(quiet_hours, this.clock.now(), this.settings.compliance.timeZone) !== null;
  }

  async #isUsedUp(reader: Reader, keyId: string, kind: Spending, limits: KeyLimits): Promise<boolean> {
    const most = limits[LIMIT_OF[kind]];
    return most !== null && (await this.budgets.used(reader, { keyId, kind, day: this.#today() })) >= most;
  }

  #refusal(limits: KeyLimits, limit: KeyLimit, isUsedUp: boolean): Problem {
    const retryAt = allowedFrom(limits, isUsedUp, this.clock.now(), this.settings.compliance.timeZone);
    return new Problem('key_budget_used', { params: { limit }, extra: { limit }, retryAt });
  }

  #today(): string {
    return dateOf(this.clock.now(), this.settings.compliance.timeZone);
  }
}
