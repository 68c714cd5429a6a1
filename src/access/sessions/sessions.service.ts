import { randomBytes } from 'node:crypto';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import type { Scope } from '#access/authorization/scope.js';
import { Settings } from '#config/settings.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { sha256 } from '#kernel/secret.js';
import { Store } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { ABSOLUTE_MS, IDLE_MS, makeSession, SWEEP_MS } from './session.js';
import { type SessionRecord, SessionsStore } from './sessions.store.js';

/** A new session and its secret text, which is returned once and never stored. */
export interface Issued {
  session: SessionRecord;
  text: string;
}

/** Signed-in browsers and browser tokens. Both live on one API key, do no more than it, and end when it is deleted. */
@Injectable()
export class SessionsService implements BeforeApplicationShutdown {
  readonly #touching = new Map<string, Promise<void>>();

  constructor(
    private readonly sessions: SessionsStore,
    private readonly store: Store,
    @Inject(Settings) private readonly settings: Pick<Settings, 'deadlines'>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** A session of a browser: 12 hours at most, and 30 minutes without use. @param replaces the session that ends with it */
  async signIn(by: Principal, name: string | null, replaces: string | null): Promise<Issued> {
    return this.#keep(this.#make('session', by, [...by.scopes], name ?? by.name, ABSOLUTE_MS), replaces);
  }

  /**
   * A token that a page of another origin may hold.
   * @throws Problem `insufficient_scope` when `by` lacks a scope that the token should have
   */
  async issueToken(by: Principal, scopes: readonly Scope[], seconds: number): Promise<Issued> {
    const lacking = scopes.find((scope) => !by.scopes.has(scope));
    if (lacking) throw new Problem('insufficient_scope', { params: { scope: lacking } });
    return this.#keep(this.#make('token', by, scopes, by.name, seconds * SECOND), null);
  }

  /**
   * A session that holds a call does not end under it: its end moves to a minute after `until`, but never beyond its 12
   * hours and the longest call. Tokens end as they were made: their page asks for another.
   */
  async outlast(id: string, until: number): Promise<void> {
    const found = await this.sessions.byId(id);
    if (!found || found.kind === 'token' || found.expires_at >= until) return;
    const expiresAt = Math.min(until + MINUTE, found.created_at + ABSOLUTE_MS + this.settings.deadlines.talkMs);
    await this.store.write((tx) => this.sessions.prolong(tx, id, expiresAt));
  }

  /** Ends a session at once. */
  async signOut(id: string): Promise<void> {
    await this.store.write((tx) => this.sessions.delete(tx, id));
  }

  /** The session of a secret text, also while its key is suspended; `null` for an unknown or ended one. */
  async authenticate(kind: SessionRecord['kind'], text: string): Promise<SessionRecord | null> {
    const found = await this.sessions.byHash(sha256(text));
    if (!found || found.kind !== kind || !this.#lives(found)) return null;
    if (!found.isSuspended) this.#touch(found);
    return found;
  }

  /** Those of the digests that are sessions or browser tokens, also ended ones. */
  knownHashes(hashes: readonly string[]): Promise<string[]> {
    return this.sessions.knownHashes(hashes);
  }

  /** Whether the session of a long-lived connection is still valid; the connection itself counts as use. */
  async isInForce(id: string): Promise<boolean> {
    const found = await this.sessions.byId(id);
    if (!found || found.isSuspended || !this.#lives(found)) return false;
    this.#touch(found);
    return true;
  }

  /** Deletes sessions and browser tokens that ended before then. @returns how many there were */
  purge(before: number): Promise<number> {
    return this.sessions.purgeAll(before);
  }

  /** Waits until every pending use is written. */
  async flush(): Promise<void> {
    await Promise.all(this.#touching.values());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  async #keep(issued: Issued, replaces: string | null): Promise<Issued> {
    await this.store.write(async (tx) => {
      if (replaces) await this.sessions.delete(tx, replaces);
      await this.sessions.purge(tx, this.clock.now() - SWEEP_MS);
      await this.sessions.insert(tx, issued.session, sha256(issued.text));
    });
    return issued;
  }

  #make(kind: SessionRecord['kind'], by: Principal, scopes: readonly Scope[], name: string, lifeMs: number): Issued {
    const { id, text } = makeSession(kind, randomBytes);
    const now = this.clock.now();
    const times = { created_at: now, used_at: now, expires_at: now + lifeMs };
    return {
      session: {
        id,
        kind,
        api_key_id: by.keyId,
        name,
        scopes: [...scopes],
        numbers: by.numbers && [...by.numbers],
        isSuspended: false,
        ...times,
      },
      text,
    };
  }

  #lives({ kind, used_at, expires_at }: SessionRecord): boolean {
    const now = this.clock.now();
    return now < expires_at && (kind === 'token' || now < used_at + IDLE_MS);
  }

  /** Records the use at most once a minute; the request does not wait for it. */
  #touch({ id, kind, used_at }: SessionRecord): void {
    const now = this.clock.now();
    if (kind === 'token' || now - used_at < MINUTE || this.#touching.has(id)) return;
    const written = this.store
      .write((tx) => this.sessions.touch(tx, id, now))
      .catch((error: unknown) =>
        this.log.pino.warn({ event: 'session.touch_failed', error }, 'the last use of a session could not be written'),
      )
      .finally(() => this.#touching.delete(id));
    this.#touching.set(id, written);
  }
}
