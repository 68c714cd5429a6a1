import { Injectable } from '@nestjs/common';
import { isScope, type Scope } from '#access/authorization/scope.js';
import { parseJson } from '#kernel/read.js';
import { Prepared } from '#store/prepared.js';
import { Store, type Tx } from '#store/store.js';

export interface ApiKeyRecord {
  id: string;
  name: string;
  scopes: Scope[];
  /** Set by `API_KEY`, made at the first start, or made through the API. */
  source: 'environment' | 'first' | 'api';
  createdAt: number;
  lastUsedAt: number | null;
}

/** Where a page of the list begins: after this key. */
export interface ApiKeyPosition {
  createdAt: number;
  id: string;
}

interface Row {
  id: string;
  name: string;
  scopes: string;
  source: ApiKeyRecord['source'];
  created_at: number;
  last_used_at: number | null;
}

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

  async exists(id: string): Promise<boolean> {
    return (await this.store.read.selectFrom('api_keys').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
  }

  async isEmpty(tx: Tx): Promise<boolean> {
    return (await tx.selectFrom('api_keys').select('id').limit(1).executeTakeFirst()) === undefined;
  }

  /** Oldest first. */
  async list(limit: number, { createdAt, id }: ApiKeyPosition): Promise<ApiKeyRecord[]> {
    const rows = await this.store.read
      .selectFrom('api_keys')
      .select(COLUMNS)
      .where((where) =>
        where.or([where('created_at', '>', createdAt), where.and([where('created_at', '=', createdAt), where('id', '>', id)])]),
      )
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(fromRow);
  }

  async insert(tx: Tx, key: ApiKeyRecord, hash: string): Promise<void> {
    await tx
      .insertInto('api_keys')
      .values({
        id: key.id,
        name: key.name,
        hash,
        scopes: JSON.stringify(key.scopes),
        source: key.source,
        created_at: key.createdAt,
        last_used_at: key.lastUsedAt,
      })
      .execute();
  }

  /** A key that is already there under the same text takes over these scopes and becomes the environment's. */
  async adopt(tx: Tx, hash: string, scopes: readonly Scope[]): Promise<boolean> {
    const done = await tx
      .updateTable('api_keys')
      .set({ scopes: JSON.stringify(scopes), source: 'environment' })
      .where('hash', '=', hash)
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  /** Deletes the environment's keys, except the one with this digest. */
  async dropEnvironmentKeys(tx: Tx, exceptHash: string | null): Promise<void> {
    await tx
      .deleteFrom('api_keys')
      .where('source', '=', 'environment')
      .where('hash', '!=', exceptHash ?? '')
      .execute();
  }

  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await tx.deleteFrom('api_keys').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
  }

  async touch(tx: Tx, id: string, at: number): Promise<void> {
    await tx.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute();
  }
}

const fromRow = (row: Row): ApiKeyRecord => ({
  id: row.id,
  name: row.name,
  scopes: ((parseJson(row.scopes) ?? []) as unknown[]).filter(isScope),
  source: row.source,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
});
