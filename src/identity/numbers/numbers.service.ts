import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { numberLock, type Store, type Tx } from '#store/store.js';
import type { BusinessNumber } from './business-number.js';
import { accountOf, isFor, type NamedNumber } from './named-number.js';
import { type LearntOfNumber, NumberCache } from './number-cache.service.js';
import type { NumberProver } from './number-prover.js';
import { type NumberReach, reaches } from './number-reach.js';
import { environmentRow, type KeptNumber, NUMBERS_LOCK, type NumberChange, NumbersStore } from './numbers.store.js';
import type { OurNumber } from './our-number.js';
import type { Pinning, SecondNumberHook } from './second-number.js';
import { NO_PROVER, onlyNumber, unknownNumber } from './unknown-number.js';

export type { KeptNumber, NumberChange } from './numbers.store.js';
export { NUMBERS_LOCK } from './numbers.store.js';

/** What is named of a number: the number as it is displayed, its account (WABA) and portfolio at Meta, its client and channel at 360dialog. */
type Named = { [Name in keyof LearntOfNumber]: string | null };

/**
 * The registry of our business numbers. What it answers at once comes from memory (`NumberCache`). It knows no client of 360dialog: who
 * asks there registers as `prover`.
 */
@Injectable()
export class NumbersService {
  /** Held while a number is added, and while something is decided by how many there are. */
  static readonly LOCK = NUMBERS_LOCK;
  /** One slot; without one, no number is proven. */
  prover: NumberProver = NO_PROVER;
  /** Gets the id of a number whose key 360dialog has refused. One slot. */
  keyRefused: (phoneNumberId: string) => void = () => undefined;
  readonly #onSecond: SecondNumberHook[] = [];

  constructor(
    private readonly cache: NumberCache,
    private readonly clock: Clock,
  ) {}

  /** The number of the environment in a database, for a command beside its gateway. */
  static keptIn(store: Store): Promise<OurNumber[]> {
    return new NumbersStore(store).ofEnvironment();
  }

  /** Puts a number in the place of the environment's, for a command while no gateway runs. What was kept of the one before stays. */
  static replaceEnvironment(store: Store, phoneNumberId: string, now: number): Promise<void> {
    return store.write((tx) => new NumbersStore(store).replaceEnvironment(tx, phoneNumberId, now), [NUMBERS_LOCK]);
  }

  /** Every number, the first one first. */
  all(): readonly BusinessNumber[] {
    return [...this.cache.numbers.values()];
  }

  /** The number; null when there is none as far as this process knows. */
  byId(phoneNumberId: string): BusinessNumber | null {
    return this.cache.numbers.get(phoneNumberId) ?? (this.#declared?.phoneNumberId === phoneNumberId ? this.#declared : null);
  }

  /** As `byId`, and asks the database once before it says that there is none. @throws a fault of the store */
  find(phoneNumberId: string): Promise<BusinessNumber | null> {
    return this.#lookedFor(() => this.byId(phoneNumberId));
  }

  /** Under which numbers the deliveries of a number are kept: its own and, for the first one, the empty one of those of which none was known. */
  keptUnder(phoneNumberId: string): readonly string[] {
    return this.all()[0]?.phoneNumberId === phoneNumberId ? [phoneNumberId, ''] : [phoneNumberId];
  }

  /** The ids of the numbers with a forward in their row, as this transaction sees them. Under `NUMBERS_LOCK` no writer changes one meanwhile. */
  forwarded(tx: Tx): Promise<string[]> {
    return this.cache.forwarded(tx);
  }

  /** The number of the environment; null while it is not known. */
  get environment(): BusinessNumber | null {
    return this.all().find(({ source }) => source === 'environment') ?? null;
  }

  /**
   * The number that a request is about; without an id the only one that its principal reaches.
   * @throws Problem `unknown_number`, the same for a number that does not exist and for one that the principal does not reach;
   * `number_required` without an id unless exactly one is reached; while there is no number the reason, such as `upstream_unavailable`
   */
  async require(by: NumberReach, phoneNumberId?: string): Promise<BusinessNumber> {
    const find = () => {
      const reached = this.reachedBy(by);
      return phoneNumberId === undefined ? onlyNumber(reached) : (reached.find((one) => one.phoneNumberId === phoneNumberId) ?? null);
    };
    const known = find();
    if (known) return known;
    if (!this.environment) await this.prover.find();
    const found = find();
    if (found) return found;
    if (this.cache.numbers.size === 0 && !this.#declared) throw this.prover.reason ?? new Problem('upstream_unavailable');
    if (phoneNumberId === undefined) throw new Problem('number_required');
    // The same look for a number that does not exist and for one that is not theirs: neither answer comes sooner.
    return (await this.#lookedFor(find)) ?? unknownNumber(phoneNumberId, this.reachedBy(by));
  }

  /**
   * As `require`, for commands that reach a user or change the number: the key must be proven to be the number's before anything
   * is written or sent.
   * @throws Problem as `require`, and `number_unproven`, `upstream_unavailable`, `upstream_key_rejected`, `other_number`
   */
  async requireProven(by: NumberReach, phoneNumberId?: string): Promise<BusinessNumber> {
    await this.prover.assertProven(await this.require(by, phoneNumberId));
    return this.require(by, phoneNumberId);
  }

  /** The reach of a list: all that its principal reaches, or the one number that is asked for. @throws Problem as `require` for that one */
  async narrowed(by: NumberReach, phoneNumberId?: string): Promise<NumberReach> {
    return phoneNumberId === undefined ? by : { numbers: [(await this.require(by, phoneNumberId)).phoneNumberId] };
  }

  /** The number whose deliveries carry the token with this digest (SHA-256 in hex); null for a token of none. @throws a fault of the store */
  ofToken(digest: string): Promise<BusinessNumber | null> {
    return this.#lookedFor(() => this.cache.ofToken(digest));
  }

  /** As `ofToken`, as far as this process knows. */
  ofKnownToken(digest: string): BusinessNumber | null {
    return this.cache.ofToken(digest);
  }

  /** Reads the numbers for who has asked for one in vain. @throws a fault of the store */
  refreshAfterMiss(): Promise<void> {
    return this.cache.refreshAfterMiss();
  }

  /** A delivery has carried the newest token of a number: the one before is valid no more. */
  newTokenSeen(phoneNumberId: string, digest: string): Promise<void> {
    return this.alter(phoneNumberId, async (_tx, row) => {
      const isNewest = row.webhookTokenDigest === digest && row.previousWebhookTokenDigest !== null;
      return { change: isNewest ? { previousWebhookTokenDigest: null } : {}, result: undefined };
    });
  }

  /** The numbers for which a webhook is: one, all of the account that it names, or, when nothing decides it, those that it may be for. */
  ofAccount(named: NamedNumber): readonly BusinessNumber[] {
    const all = this.all();
    const certain = all.filter((number) => isFor(number, named));
    return certain.length > 0 ? certain : all.filter((number) => isFor(number, named) === null);
  }

  /**
   * Whether a webhook is for this number. Null when nothing decides it; then it is ours, since 360dialog delivers to a number what
   * concerns it. One that names the display number of another of our numbers is not, also while that of this number is not known.
   */
  isOurs(phoneNumberId: string, named: NamedNumber): boolean | null {
    const number = this.byId(phoneNumberId);
    if (!number) return named.phoneNumberId === null ? null : named.phoneNumberId === phoneNumberId;
    const decided = isFor(number, named);
    if (decided !== null || named.displayPhoneNumber === null) return decided;
    return this.all().some((other) => isFor(other, named)) ? false : null;
  }

  /** Adds a number, or changes the one with this id. A later writer of the same id wins. */
  add(phoneNumberId: string, given: NumberChange): Promise<void> {
    return this.cache.write((tx, numbers) => numbers.insert(tx, phoneNumberId, this.clock.now(), given));
  }

  /**
   * Takes a number into use that is not in use.
   * @param within in the same transaction; gets the ids of those that were in use before, the first one first
   * @throws Problem `number_exists`
   */
  addNew<T>(phoneNumberId: string, given: NumberChange, within: (tx: Tx, others: readonly string[]) => Promise<T>): Promise<T> {
    const now = this.clock.now();
    return this.cache.write(
      async (tx, numbers) => {
        const known = await numbers.find(tx, phoneNumberId);
        if (known && known.removedAt === null) throw new Problem('number_exists', { extra: { phone_number_id: phoneNumberId } });
        const others = await this.cache.idsInUse(tx);
        if (known) await numbers.revive(tx, phoneNumberId, now, given);
        else await numbers.insert(tx, phoneNumberId, now, given);
        return within(tx, others);
      },
      [numberLock(phoneNumberId)],
    );
  }

  /** Registers what runs in the transaction that adds a number beside another. */
  onSecondNumber(hook: SecondNumberHook): void {
    this.#onSecond.push(hook);
  }

  /** Lets everything that was made while there was one number keep it. */
  async pin(tx: Tx, first: string): Promise<Pinning> {
    const done: Pinning[] = [];
    for (const hook of this.#onSecond) done.push(await hook(tx, first));
    return { pinned: done.flatMap(({ pinned }) => pinned), exempt: done.flatMap(({ exempt }) => exempt) };
  }

  /**
   * Changes a number by its row as it stands, under its lock.
   * @param work returns the change, empty for none, and what the caller gets
   * @throws Problem `unknown_number` when it is in use no more
   */
  alter<T>(phoneNumberId: string, work: (tx: Tx, row: KeptNumber) => Promise<{ change: NumberChange; result: T }>): Promise<T> {
    return this.cache.write(
      async (tx, numbers) => {
        const row = await numbers.find(tx, phoneNumberId);
        if (!row || row.removedAt !== null) throw new Problem('unknown_number', { params: { phone_number_id: phoneNumberId } });
        const { change, result } = await work(tx, row);
        if (Object.keys(change).length > 0) await numbers.update(tx, phoneNumberId, change);
        return result;
      },
      [numberLock(phoneNumberId)],
    );
  }

  /** Changes what is given of a number. */
  change(phoneNumberId: string, given: NumberChange): Promise<void> {
    return this.cache.write((tx, numbers) => numbers.update(tx, phoneNumberId, given));
  }

  /** A number of the environment that is in no row. */
  unkept(phoneNumberId: string): BusinessNumber {
    return this.cache.complete(environmentRow(phoneNumberId, this.clock.now()));
  }

  /** The configured number of the environment; null without one, and in simulator mode. */
  get configured(): string | null {
    return this.cache.configured;
  }

  /** Stores what webhooks, 360dialog or its partner name of a number, such as its account (WABA); what is null, or known already, changes nothing. */
  async learn(phoneNumberId: string, named: Named): Promise<void> {
    const known = this.cache.numbers.get(phoneNumberId);
    const given = { ...named, ...(named.wabaId ? { wabaId: accountOf(named.wabaId) } : {}) };
    const news = Object.entries(given).filter(([name, value]) => value !== null && known?.[name as keyof Named] !== value);
    if (known && news.length > 0) await this.cache.update(phoneNumberId, Object.fromEntries(news));
  }

  /** The numbers that share the portfolio of one, itself included; null while that portfolio is unknown. */
  ofSamePortfolio(phoneNumberId: string): readonly BusinessNumber[] | null {
    const portfolioId = this.cache.numbers.get(phoneNumberId)?.portfolioId ?? null;
    return portfolioId === null ? null : this.all().filter((number) => number.portfolioId === portfolioId);
  }

  /** Every row of the environment, also one that is another than the configured. @throws a fault of the store */
  ofEnvironment(): Promise<OurNumber[]> {
    return this.cache.ofEnvironment();
  }

  /** How many numbers are in use, as a transaction sees it. */
  async count(tx: Tx): Promise<number> {
    return (await this.cache.idsInUse(tx)).length;
  }

  /** Reads the numbers as they are in the database now. @throws a fault of the store */
  refresh(): Promise<void> {
    return this.cache.refresh();
  }

  /** Calls `listener` with the ids of the numbers that were added, changed or removed, here or by another replica. */
  onChanged(listener: (ids: readonly string[]) => void): void {
    this.cache.onChanged(listener);
  }

  get #declared(): BusinessNumber | null {
    return this.environment ? null : this.prover.declared;
  }

  /** The numbers that a principal reaches, the first one first. */
  reachedBy(by: NumberReach): BusinessNumber[] {
    const all = [...this.cache.numbers.values(), ...(this.#declared ? [this.#declared] : [])];
    return all.filter(({ phoneNumberId }) => reaches(by, phoneNumberId));
  }

  async #lookedFor(find: () => BusinessNumber | null): Promise<BusinessNumber | null> {
    const known = find();
    if (known) return known;
    await this.cache.refreshAfterMiss();
    return find();
  }
}
