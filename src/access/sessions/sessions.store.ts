import { Injectable } from '@nestjs/common';
import { effective, type Scope, scopesIn } from '#access/authorization/scope.js';
import { numbersIn } from '#identity/numbers/number-reach.js';
import type { Schema } from '#store/schema.js';
import { Store, type Tx } from '#store/store.js';

/** A signed-in browser, or a browser token. `name` is how others see who acts; `used_at` is the last use, to the minute. */
export type SessionRecord = Omit<Schema['sessions'], 'hash' | 'scopes'> & {
  /** No more than the key has. */
  scopes: Scope[];
  /** The numbers that the key reaches; null for all. */
  numbers: string[] | null;
  /** Whether the key is suspended, and the session with it. */
  isSuspended: boolean;
};

/** The SQL of sessions; only digests of their texts are kept. A session is found only while its key is there. */
@Injectable()
export class SessionsStore {
  constructor(private readonly store: Store) {}

  byHash(hash: string): Promise<SessionRecord | null> {
    return this.#find('sessions.hash', hash);
  }

  byId(id: string): Promise<SessionRecord | null> {
    return this.#find('sessions.id', id);
  }

  async knownHashes(hashes: readonly string[]): Promise<string[]> {
    const rows = await this.store.read.selectFrom('sessions').select('hash').where('hash', 'in', hashes).execute();
    return rows.map(({ hash }) => hash);
  }

  async insert(tx: Tx, { numbers: _, isSuspended: __, ...session }: SessionRecord, hash: string): Promise<void> {
    const row = { ...session, hash, scopes: JSON.stringify(session.scopes) };
    await tx.insertInto('sessions').values(row).execute();
  }

  async touch(tx: Tx, id: string, at: number): Promise<void> {
    await tx.updateTable('sessions').set({ used_at: at }).where('id', '=', id).execute();
  }

  async prolong(tx: Tx, id: string, expiresAt: number): Promise<void> {
    await tx.updateTable('sessions').set({ expires_at: expiresAt }).where('id', '=', id).where('expires_at', '<', expiresAt).execute();
  }

  async delete(tx: Tx, id: string): Promise<void> {
    await tx.deleteFrom('sessions').where('id', '=', id).execute();
  }

  /** Deletes in batches what ended before then. @returns how many there were */
  purgeAll(before: number): Promise<number> {
    return this.store.inBatches((tx, batch) => {
      const old = tx.selectFrom('sessions').select('id').where('expires_at', '<', before).limit(batch);
      return tx.deleteFrom('sessions').where('id', 'in', old).executeTakeFirst();
    });
  }

  async purge(tx: Tx, before: number): Promise<void> {
    await tx.deleteFrom('sessions').where('expires_at', '<', before).execute();
  }

  async #find(column: 'sessions.hash' | 'sessions.id', value: string): Promise<SessionRecord | null> {
    const row = await this.store.read
      .selectFrom('sessions')
      .innerJoin('api_keys', 'api_keys.id', 'sessions.api_key_id')
      .select([
        'sessions.id',
        'kind',
        'api_key_id',
        'sessions.name',
        'sessions.scopes',
        'api_keys.scopes as key_scopes',
        'api_keys.numbers',
        'api_keys.suspended_at',
      ])
      .select(['sessions.created_at', 'used_at', 'expires_at'])
      .where(column, '=', value)
      .executeTakeFirst();
    if (!row) return null;
    const { key_scopes, suspended_at, ...session } = row;
    const allowed = new Set(effective(scopesIn(key_scopes)));
    const scopes = effective(scopesIn(session.scopes)).filter((scope) => allowed.has(scope));
    return { ...session, numbers: numbersIn(session.numbers), scopes, isSuspended: suspended_at !== null };
  }
}
