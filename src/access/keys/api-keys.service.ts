import { randomBytes } from 'node:crypto';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { AuditService } from '#access/audit/audit.service.js';
import type { Principal } from '#access/authorization/principal.js';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { Settings } from '#config/settings.js';
import { Clock, MINUTE } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { sha256 } from '#kernel/secret.js';
import { Store } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { chosenKeyId, makeApiKey } from './api-key.js';
import { type ApiKeyRecord, ApiKeysStore } from './api-keys.store.js';

/** Replicas that start together decide one after the other who makes the first key. */
const KEYS_LOCK = 'api-keys';
/** The bounds of a key's length; other texts are refused without a lookup. */
const MIN_LENGTH = 16;
const MAX_LENGTH = 512;

/** API keys, made and deleted at run time. A deleted key is refused from the next request on, by every replica. */
@Injectable()
export class ApiKeysService implements BeforeApplicationShutdown {
  readonly #touching = new Map<string, Promise<void>>();
  readonly #onDeleted: ((keyId: string) => void)[] = [];

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
   * environment is not; without it and with no key at all, a first one is made.
   * @returns the text of a first key, to be printed once and never logged; otherwise `null`.
   */
  async prepare(): Promise<string | null> {
    const chosen = this.settings.apiKey;
    const hash = chosen ? sha256(chosen.reveal()) : null;
    return this.store.write(
      async (tx) => {
        await this.keys.dropEnvironmentKeys(tx, hash);
        if (hash) {
          if (await this.keys.adopt(tx, hash, ALL_SCOPES)) return null;
          await this.keys.insert(tx, this.#record(chosenKeyId(randomBytes), 'API_KEY', ALL_SCOPES, 'environment'), hash);
          return null;
        }
        if (!(await this.keys.isEmpty(tx))) return null;
        const made = makeApiKey(randomBytes);
        await this.keys.insert(tx, this.#record(made.id, 'first key', ALL_SCOPES, 'first'), sha256(made.text));
        return made.text;
      },
      [KEYS_LOCK],
    );
  }

  /** `null` for a token that is no key, or no longer one. */
  async authenticate(token: string): Promise<Principal | null> {
    if (token.length < MIN_LENGTH || token.length > MAX_LENGTH) return null;
    const key = await this.keys.byHash(sha256(token));
    if (!key) return null;
    this.#touch(key);
    return { keyId: key.id, name: key.name, scopes: new Set(key.scopes) };
  }

  /** Whether the key behind a long-lived connection is still in force. */
  isInForce(keyId: string): Promise<boolean> {
    return this.keys.exists(keyId);
  }

  /**
   * Makes a key; its text is in the answer and nowhere else.
   * @throws Problem `insufficient_scope` when `maker` lacks a scope that the key should have.
   */
  async create(maker: Principal, name: string, scopes: readonly Scope[]): Promise<{ key: ApiKeyRecord; text: string }> {
    const lacking = scopes.find((scope) => !maker.scopes.has(scope));
    if (lacking) throw new Problem('insufficient_scope', { params: { scope: lacking } });
    const made = makeApiKey(randomBytes);
    const key = this.#record(made.id, name, scopes, 'api');
    await this.store.write((tx) => this.keys.insert(tx, key, sha256(made.text)));
    return { key, text: made.text };
  }

  /** Up to `limit` keys, oldest first; those after a key, or from the beginning. */
  list(limit: number, after: readonly [createdAt: number, id: string] | null): Promise<ApiKeyRecord[]> {
    return this.keys.list(limit, after ?? [0, '']);
  }

  /** @throws Problem `not_found` */
  async delete(id: string): Promise<void> {
    if (!(await this.store.write((tx) => this.keys.delete(tx, id)))) throw new Problem('not_found');
    for (const deleted of this.#onDeleted) deleted(id);
  }

  /** Calls `deleted` when this process deletes a key, for holders of open connections; `isInForce` also covers other replicas. */
  onDeleted(deleted: (keyId: string) => void): void {
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
