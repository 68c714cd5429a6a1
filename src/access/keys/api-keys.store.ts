import { Injectable } from '@nestjs/common';
import { ALL_SCOPES, type Scope, scopesIn } from '#access/authorization/scope.js';
import { Prepared } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import { Store, type Tx } from '#store/store.js';

type ApiKeyRow = Omit<Schema['api_keys'], 'hash' | 'every_scope'>;

/** `source`: set by `API_KEY`, made at the first start, or made through the API. */
export type ApiKeyRecord = Omit<ApiKeyRow, 'scopes'> & { scopes: Scope[] };

const COLUMNS = ['id', 'name', 'scopes', 'source', 'created_at', 'last_used_at'] as const;

/** The SQL of API keys; only digests of their texts are kept. */
@Injectable()
export class ApiKeysStore {
  readonly #byHash = new Prepared((db, { hash }: { hash: string }) => db.selectFrom('api_keys').select(COLUMNS).where('hash', '=', hash));

  constructor(private readonly store: Store) {}

  async byHash(hash: string): Promise<ApiKeyRecord | null> {
    const row = await this.#byHash.first(this.store.read, { hash });
    return row ? fromRow(row) : null;
  }

  async knownHashes(hashes: readonly string[]): Promise<string[]> {
    const rows = await this.store.read.selectFrom('api_keys').select('hash').where('hash', 'in', hashes).execute();
    return rows.map(({ hash }) => hash);
  }

  async exists(id: string): Promise<boolean> {
    return (await this.store.read.selectFrom('api_keys').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
  }

  /** Those of the ids that are keys. */
  async existing(ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await this.store.read.selectFrom('api_keys').select('id').where('id', 'in', ids).execute();
    return new Set(rows.map(({ id }) => id));
  }

  /** Every key with its scopes. */
  async scopes(tx: Tx): Promise<Map<string, Set<Scope>>> {
    const rows = await tx.selectFrom('api_keys').select(['id', 'scopes']).execute();
    return new Map(rows.map(({ id, scopes }) => [id, new Set(scopesIn(scopes))]));
  }

  /** Gives keys that were made with every scope the scopes of this release. */
  async grow(tx: Tx, scopes: readonly Scope[]): Promise<void> {
    const all = JSON.stringify(scopes);
    await tx.updateTable('api_keys').set({ scopes: all }).where('every_scope', '=', 1).where('scopes', '!=', all).execute();
  }

  async isEmpty(tx: Tx): Promise<boolean> {
    return (await tx.selectFrom('api_keys').select('id').limit(1).executeTakeFirst()) === undefined;
  }

  /** Oldest first. */
  async list(limit: number, [createdAt, id]: readonly [createdAt: number, id: string]): Promise<ApiKeyRecord[]> {
    const rows = await this.store.read
      .selectFrom('api_keys')
      .select(COLUMNS)
      .where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '>', tuple(createdAt, id)))
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(fromRow);
  }

  async insert(tx: Tx, key: ApiKeyRecord, hash: string): Promise<void> {
    const everyScope = ALL_SCOPES.every((scope) => key.scopes.includes(scope));
    const row = { ...key, hash, scopes: JSON.stringify(key.scopes), every_scope: everyScope ? 1 : 0 };
    await tx.insertInto('api_keys').values(row).execute();
  }

  /** A key that is already there under the same text gets every scope and becomes the environment's. @returns its id */
  async adopt(tx: Tx, hash: string): Promise<string | null> {
    const adopted = { scopes: JSON.stringify(ALL_SCOPES), every_scope: 1, source: 'environment' } as const;
    const found = await tx.updateTable('api_keys').set(adopted).where('hash', '=', hash).returning('id').executeTakeFirst();
    return found?.id ?? null;
  }

  /** Deletes the environment's keys, except the one with this digest. @returns their ids */
  async dropEnvironmentKeys(tx: Tx, exceptHash: string | null): Promise<string[]> {
    const others = tx.deleteFrom('api_keys').where('source', '=', 'environment').returning('id');
    const gone = await (exceptHash === null ? others : others.where('hash', '!=', exceptHash)).execute();
    return gone.map(({ id }) => id);
  }

  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await tx.deleteFrom('api_keys').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
  }

  async touch(tx: Tx, id: string, at: number): Promise<void> {
    await tx.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute();
  }
}

const fromRow = (row: ApiKeyRow): ApiKeyRecord => ({ ...row, scopes: scopesIn(row.scopes) });
