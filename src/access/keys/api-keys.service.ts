import { randomBytes } from 'node:crypto';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { AuditService } from '#access/audit/audit.service.js';
import type { Principal } from '#access/authorization/principal.js';
import { requireScopes } from '#access/authorization/require-scopes.js';
import { ALL_SCOPES, effective, type Scope } from '#access/authorization/scope.js';
import { Settings } from '#config/settings.js';
import { EVERY_NUMBER, isWithin, type NumberReach } from '#identity/numbers/number-reach.js';
import type { Pinning } from '#identity/numbers/second-number.js';
import { Clock, MINUTE } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { sha256 } from '#kernel/secret.js';
import { Store, type Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { chosenKeyId, makeApiKey } from './api-key.js';
import { type ApiKeyRecord, ApiKeysStore, type KeyReach } from './api-keys.store.js';
import { type KeyChange, ofLimited, refusalOfChange } from './key-change.js';
import { KEY_NUMBERS, type KeyHoldings } from './key-holdings.js';
import type { KeyNumbersService, WantedNumbers } from './key-numbers.service.js';
import type { KeyLimits } from './limits/key-limits.js';

export type { KeyReach } from './api-keys.store.js';

/** Replicas that start together decide one after the other who makes the first key. */
const KEYS_LOCK = 'api-keys';
/** The bounds of a key's length; other texts are refused without a lookup. */
const MIN_LENGTH = 16;
const MAX_LENGTH = 512;

/** The scopes of what limits count. */
const SPENDING: ReadonlySet<Scope> = new Set(['calls:dial', 'permissions:ask']);

/** A new key, and its text. */
export interface MadeKeyRecord {
  key: ApiKeyRecord;
  text: string;
}

/** API keys, made and deleted at run time. A deleted key is refused from the next request on, by every replica. */
@Injectable()
export class ApiKeysService implements BeforeApplicationShutdown {
  readonly #touching = new Map<string, Promise<void>>();
  readonly #onEnded: ((keyId: string) => void | Promise<void>)[] = [];
  readonly #holdings: KeyHoldings[] = [];

  constructor(
    private readonly keys: ApiKeysStore,
    @Inject(KEY_NUMBERS) private readonly reach: KeyNumbersService,
    private readonly store: Store,
    @Inject(Settings) private readonly settings: Pick<Settings, 'apiKey'>,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly log: Log,
  ) {}

  /**
   * Runs once at start, before the first request. With `API_KEY` set, that key is in force and any earlier one from the
   * environment is not; without it and with no key at all, a first one is made. Keys with every scope get those that are new, and
   * what belongs to keys elsewhere is settled.
   * @returns the text of a first key, to be printed once and never logged; otherwise `null`.
   */
  async prepare(): Promise<string | null> {
    const chosen = this.settings.apiKey;
    const hash = chosen ? sha256(chosen.reveal()) : null;
    return this.store.write(
      async (tx) => {
        await this.keys.grow(tx, ALL_SCOPES);
        const former = await this.keys.dropEnvironmentKeys(tx, hash);
        const environment = hash === null ? null : await this.#setByEnvironment(tx, hash);
        const first = hash === null ? await this.#firstOfAll(tx) : null;
        const keys = await this.keys.scopes(tx);
        for (const held of this.#holdings) await held.settle(tx, { former, environment, keys });
        return first;
      },
      [KEYS_LOCK],
    );
  }

  /** @returns the id of the key that `API_KEY` sets */
  async #setByEnvironment(tx: Tx, hash: string): Promise<string> {
    const adopted = await this.keys.adopt(tx, hash);
    if (adopted !== null) return adopted;
    const key = this.#record(chosenKeyId(randomBytes), 'API_KEY', ALL_SCOPES, 'environment');
    await this.keys.insert(tx, key, hash);
    return key.id;
  }

  /** @returns the text of the first key; null when there are keys */
  async #firstOfAll(tx: Tx): Promise<string | null> {
    if (!(await this.keys.isEmpty(tx))) return null;
    const made = makeApiKey(randomBytes);
    await this.keys.insert(tx, this.#record(made.id, 'first key', ALL_SCOPES, 'first'), sha256(made.text));
    return made.text;
  }

  /** `null` for a token that is no key, or no longer one. @throws Problem `key_suspended` */
  async authenticate(token: string): Promise<Principal | null> {
    if (token.length < MIN_LENGTH || token.length > MAX_LENGTH) return null;
    const key = await this.keys.byHash(sha256(token));
    if (!key) return null;
    if (key.suspended_at !== null) throw new Problem('key_suspended');
    this.#touch(key);
    return { keyId: key.id, name: key.name, scopes: new Set(effective(key.scopes)), numbers: key.numbers };
  }

  /** Those of the digests that are keys. */
  knownHashes(hashes: readonly string[]): Promise<string[]> {
    return this.keys.knownHashes(hashes);
  }

  /** Whether the key behind a long-lived connection is still in force. */
  isInForce(keyId: string): Promise<boolean> {
    return this.keys.isInUse(keyId);
  }

  /** What those of the ids that are keys in force reach now. */
  reaches(ids: readonly string[]): Promise<ReadonlyMap<string, KeyReach>> {
    return this.keys.reaches(ids);
  }

  /**
   * Makes a key; its text is in the answer and nowhere else.
   * @throws Problem `insufficient_scope` when `maker` lacks a scope that the key should have, `unauthenticated` when it is deleted, suspended
   * or has lost a number meanwhile, `invalid_request` when it has limits itself, and those of `KeyNumbersService`
   */
  async create(
    maker: Principal,
    name: string,
    scopes: readonly Scope[],
    numbers: WantedNumbers,
    limits: KeyLimits | null = null,
  ): Promise<MadeKeyRecord> {
    requireScopes(maker, scopes);
    await this.reach.check(maker, numbers);
    const made = makeApiKey(randomBytes);
    const key = await this.store.write(
      async (tx) => {
        const held = await this.keys.hold(tx, maker.keyId);
        const reached = { numbers: await this.reach.of(tx, maker, numbers) };
        if (!held || held.suspended_at !== null || !isWithin(reached, held)) throw new Problem('unauthenticated');
        if (held.limits && scopes.some((scope) => SPENDING.has(scope))) throw ofLimited('scopes');
        const record = { ...this.#record(made.id, name, scopes, 'api', reached.numbers), limits };
        await this.keys.insert(tx, record, sha256(made.text), numbers === null);
        return record;
      },
      [this.reach.lock],
    );
    return { key, text: made.text };
  }

  /** Up to `limit` keys that a principal reaches, oldest first; those after a key, or from the beginning. */
  async list(by: NumberReach, limit: number, after: readonly [createdAt: number, id: string] | null): Promise<ApiKeyRecord[]> {
    const found: ApiKeyRecord[] = [];
    for (let from = after ?? ([0, ''] as const); ; ) {
      const page = await this.keys.list(limit, from);
      found.push(...page.filter((key) => isWithin(key, by)));
      const last = page.at(-1);
      if (!last || page.length < limit || found.length >= limit) return found.slice(0, limit);
      from = [last.created_at, last.id];
    }
  }

  /**
   * Changes which numbers a key reaches, its limits, or whether it is suspended. When it loses a number, its event streams end, its subscriptions
   * hear that number no longer, and no stored answer is shown to it again. A suspended key is refused at once; its streams end and its subscriptions
   * are paused, and stay so when the suspension is undone.
   * @throws Problem `not_found`, `invalid_request` for the key of the environment and for limits by a limited key, and those of `KeyNumbersService`
   */
  async change(by: Principal, id: string, change: KeyChange): Promise<ApiKeyRecord> {
    if (change.numbers !== undefined) await this.reach.check(by, change.numbers);
    const { after, isEnded } = await this.store.write(async (tx) => {
      const now = await this.#require(tx, by, id);
      const refusal = refusalOfChange(now, await this.keys.find(tx, by.keyId), change);
      if (refusal) throw refusal;
      if (change.limits !== undefined) await this.keys.setLimits(tx, id, change.limits);
      const isTaken = await this.#reachOnly(tx, now, change.numbers);
      const isStopped = await this.#suspend(tx, now, change.suspended);
      return { after: await this.#require(tx, EVERY_NUMBER, id), isEnded: isTaken || isStopped };
    });
    if (isEnded) for (const ended of this.#onEnded) await ended(id);
    return after;
  }

  /** @returns whether the key loses a number */
  async #reachOnly(tx: Tx, now: ApiKeyRecord, numbers: WantedNumbers): Promise<boolean> {
    if (numbers === undefined) return false;
    const isTaken = !isWithin(now, { numbers });
    await this.reach.change(tx, now.id, numbers, isTaken);
    for (const held of isTaken ? this.#holdings : []) await held.narrow(tx, now.id);
    return isTaken;
  }

  /** @returns whether the key is suspended only now */
  async #suspend(tx: Tx, { id, suspended_at }: ApiKeyRecord, suspended: boolean | undefined): Promise<boolean> {
    const isStopped = suspended === true && suspended_at === null;
    if (isStopped || suspended === false) await this.keys.suspend(tx, id, isStopped ? this.clock.now() : null);
    for (const held of isStopped ? this.#holdings : []) await held.suspend(tx, id);
    return isStopped;
  }

  /** Limits to the number that they had what was made before a second one: keys, and what they hold. */
  async pin(tx: Tx, phoneNumberId: string): Promise<Pinning> {
    const { limited: pinned, exempt } = await this.keys.limitAll(tx, phoneNumberId, 'numbers:admin');
    for (const held of this.#holdings) pinned.push(...(await held.pin(tx, phoneNumberId)));
    return { pinned, exempt };
  }

  /** Deletes a key with what it holds. @returns how many subscriptions are paused @throws Problem `not_found` */
  async delete(by: NumberReach, id: string): Promise<number> {
    const paused = await this.store.write(async (tx) => {
      await this.#require(tx, by, id);
      const had = await this.keys.delete(tx, id);
      if (!had) throw new Problem('not_found');
      let ended = 0;
      for (const held of this.#holdings) ended += await held.end(tx, id, had);
      return ended;
    });
    for (const ended of this.#onEnded) await ended(id);
    return paused;
  }

  /** @throws Problem `not_found`, the same for a key that reaches more than `by` */
  async #require(tx: Tx, by: NumberReach, id: string): Promise<ApiKeyRecord> {
    const key = await this.keys.find(tx, id);
    if (!key || !isWithin(key, by)) throw new Problem('not_found');
    return key;
  }

  /** Registers what another module keeps for keys. It must be registered before `prepare`, so in a constructor. */
  hold(holdings: KeyHoldings): void {
    this.#holdings.push(holdings);
  }

  /** Calls `ended` when this process has deleted or suspended a key, or taken a number from it, and waits for it; other replicas learn it from the database. */
  onEnded(ended: (keyId: string) => void | Promise<void>): void {
    this.#onEnded.push(ended);
  }

  /** Waits until every pending use is written. */
  async flush(): Promise<void> {
    await Promise.all(this.#touching.values());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  /** Records the use at most once a minute; the request does not wait for it. */
  #touch(key: ApiKeyRecord): void {
    const now = this.clock.now();
    if (this.#touching.has(key.id) || (key.last_used_at !== null && now - key.last_used_at < MINUTE)) return;
    const written = this.store
      .write(async (tx) => {
        await this.keys.touch(tx, key.id, now);
        await this.audit.keyUsed(tx, key, key.last_used_at);
      })
      .catch((error: unknown) =>
        this.log.pino.warn({ event: 'api_key.touch_failed', error }, 'the last use of an API key could not be written'),
      )
      .finally(() => this.#touching.delete(key.id));
    this.#touching.set(key.id, written);
  }

  #record(
    id: string,
    name: string,
    scopes: readonly Scope[],
    source: ApiKeyRecord['source'],
    numbers: ApiKeyRecord['numbers'] = null,
  ): ApiKeyRecord {
    const unused = { limits: null, suspended_at: null, last_used_at: null };
    return { id, name, scopes: [...scopes], source, numbers, created_at: this.clock.now(), ...unused };
  }
}
