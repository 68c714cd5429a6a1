import { randomBytes } from 'node:crypto';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { AuditService } from '#access/audit/audit.service.js';
import type { Principal } from '#access/authorization/principal.js';
import { requireScopes } from '#access/authorization/require-scopes.js';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { Settings } from '#config/settings.js';
import { Clock, MINUTE } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { sha256 } from '#kernel/secret.js';
import { Store, type Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { chosenKeyId, makeApiKey } from './api-key.js';
import { type ApiKeyRecord, ApiKeysStore } from './api-keys.store.js';
import type { KeyHoldings } from './key-holdings.js';

/** Replicas that start together decide one after the other who makes the first key. */
const KEYS_LOCK = 'api-keys';
/** The bounds of a key's length; other texts are refused without a lookup. */
const MIN_LENGTH = 16;
const MAX_LENGTH = 512;

/** API keys, made and deleted at run time. A deleted key is refused from the next request on, by every replica. */
@Injectable()
export class ApiKeysService implements BeforeApplicationShutdown {
  readonly #touching = new Map<string, Promise<void>>();
  readonly #onDeleted: ((keyId: string) => void | Promise<void>)[] = [];
  readonly #holdings: KeyHoldings[] = [];

  constructor(
    private readonly keys: ApiKeysStore,
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

  /** `null` for a token that is no key, or no longer one. */
  async authenticate(token: string): Promise<Principal | null> {
    if (token.length < MIN_LENGTH || token.length > MAX_LENGTH) return null;
    const key = await this.keys.byHash(sha256(token));
    if (!key) return null;
    this.#touch(key);
    return { keyId: key.id, name: key.name, scopes: new Set(key.scopes), numbers: null };
  }

  /** Those of the digests that are keys. */
  knownHashes(hashes: readonly string[]): Promise<string[]> {
    return this.keys.knownHashes(hashes);
  }

  /** Whether the key behind a long-lived connection is still in force. */
  isInForce(keyId: string): Promise<boolean> {
    return this.keys.exists(keyId);
  }

  /** Those of the ids whose keys are deleted. */
  async deleted(ids: readonly string[]): Promise<string[]> {
    const existing = await this.keys.existing(ids);
    return ids.filter((id) => !existing.has(id));
  }

  /**
   * Makes a key; its text is in the answer and nowhere else.
   * @throws Problem `insufficient_scope` when `maker` lacks a scope that the key should have.
   */
  async create(maker: Principal, name: string, scopes: readonly Scope[]): Promise<{ key: ApiKeyRecord; text: string }> {
    requireScopes(maker, scopes);
    const made = makeApiKey(randomBytes);
    const key = this.#record(made.id, name, scopes, 'api');
    await this.store.write((tx) => this.keys.insert(tx, key, sha256(made.text)));
    return { key, text: made.text };
  }

  /** Up to `limit` keys, oldest first; those after a key, or from the beginning. */
  list(limit: number, after: readonly [createdAt: number, id: string] | null): Promise<ApiKeyRecord[]> {
    return this.keys.list(limit, after ?? [0, '']);
  }

  /** Deletes a key with what it holds. @returns how many subscriptions are paused @throws Problem `not_found` */
  async delete(id: string): Promise<number> {
    const paused = await this.store.write(async (tx) => {
      if (!(await this.keys.delete(tx, id))) throw new Problem('not_found');
      let ended = 0;
      for (const held of this.#holdings) ended += await held.end(tx, id);
      return ended;
    });
    for (const deleted of this.#onDeleted) await deleted(id);
    return paused;
  }

  /** Registers what another module keeps for keys. It must be registered before `prepare`, so in a constructor. */
  hold(holdings: KeyHoldings): void {
    this.#holdings.push(holdings);
  }

  /** Calls `deleted` when this process has deleted a key, and waits for it; other replicas learn it from the database. */
  onDeleted(deleted: (keyId: string) => void | Promise<void>): void {
    this.#onDeleted.push(deleted);
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
        await this.audit.keyUsed(tx, key.id, key.last_used_at);
      })
      .catch((error: unknown) =>
        this.log.pino.warn({ event: 'api_key.touch_failed', error }, 'the last use of an API key could not be written'),
      )
      .finally(() => this.#touching.delete(key.id));
    this.#touching.set(key.id, written);
  }

  #record(id: string, name: string, scopes: readonly Scope[], source: ApiKeyRecord['source']): ApiKeyRecord {
    return { id, name, scopes: [...scopes], source, created_at: this.clock.now(), last_used_at: null };
  }
}
