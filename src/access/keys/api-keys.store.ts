import { Injectable } from '@nestjs/common';
import { type Scope, scopesIn } from '#access/authorization/scope.js';
import { Prepared } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import { Store, type Tx } from '#store/store.js';

type ApiKeyRow = Omit<Schema['api_keys'], 'hash'>;

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

  async exists(id: string): Promise<boolean> {
    return (await this.store.read.selectFrom('api_keys').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
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
    const row = { ...key, hash, scopes: JSON.stringify(key.scopes) };
    await tx.insertInto('api_keys').values(row).execute();
  }

  /** A key that is already there under the same text takes over these scopes and becomes the environment's. */
  async adopt(tx: Tx, hash: string, scopes: readonly Scope[]): Promise<boolean> {
    const adopted = { scopes: JSON.stringify(scopes), source: 'environment' } as const;
    return (await tx.updateTable('api_keys').set(adopted).where('hash', '=', hash).executeTakeFirst()).numUpdatedRows > 0n;
  }

  /** Deletes the environment's keys, except the one with this digest. */
  async dropEnvironmentKeys(tx: Tx, exceptHash: string | null): Promise<void> {
    const others = tx.deleteFrom('api_keys').where('source', '=', 'environment');
    await (exceptHash === null ? others : others.where('hash', '!=', exceptHash)).execute();
  }

  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await tx.deleteFrom('api_keys').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
  }

  async touch(tx: Tx, id: string, at: number): Promise<void> {
    await tx.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute();
  }
}

const fromRow = (row: ApiKeyRow): ApiKeyRecord => ({ ...row, scopes: scopesIn(row.scopes) });
