import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { ALL_SCOPES, type Scope, scopesIn } from '#access/authorization/scope.js';
import { ALL_ON_PURPOSE, type NumberReach, numbersIn, numbersText } from '#identity/numbers/number-reach.js';
import { list, parseJson } from '#kernel/read.js';
import { Prepared } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import { Store, type Tx } from '#store/store.js';
import { type KeyLimits, limitsIn } from './limits/key-limits.js';

type ApiKeyRow = Omit<Selectable<Schema['api_keys']>, 'hash' | 'every_scope' | 'reach_revision'>;

/** `source`: set by `API_KEY`, made at the first start, or made through the API. */
export type ApiKeyRecord = Omit<ApiKeyRow, 'scopes' | 'numbers' | keyof KeyLimits> & {
  scopes: Scope[];
  numbers: string[] | null;
  limits: KeyLimits | null;
};

/** Which numbers a key reaches now, and how often one was taken from it. */
export interface KeyReach extends NumberReach {
  revision: number;
}

const LIMITS = ['dials_per_day', 'asks_per_day', 'quiet_hours'] as const;
const COLUMNS = ['id', 'name', 'scopes', 'source', 'numbers', ...LIMITS, 'suspended_at', 'created_at', 'last_used_at'] as const;

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

  /** Whether the key is there and not suspended. */
  async isInUse(id: string): Promise<boolean> {
    const key = this.store.read.selectFrom('api_keys').select('id').where('id', '=', id).where('suspended_at', 'is', null);
    return (await key.executeTakeFirst()) !== undefined;
  }

  /** The key as it stands; it stays so until the transaction ends. */
  async hold(tx: Tx, id: string): Promise<ApiKeyRecord | null> {
    const key = tx.selectFrom('api_keys').select(COLUMNS).where('id', '=', id);
    const row = await (this.store.engine === 'postgres' ? key.forShare() : key).executeTakeFirst();
    return row ? fromRow(row) : null;
  }

  async find(tx: Tx, id: string): Promise<ApiKeyRecord | null> {
    const row = await tx.selectFrom('api_keys').select(COLUMNS).where('id', '=', id).executeTakeFirst();
    return row ? fromRow(row) : null;
  }

  /** What those of the ids that are keys in use reach. */
  async reaches(ids: readonly string[]): Promise<Map<string, KeyReach>> {
    if (ids.length === 0) return new Map();
    const rows = await this.store.read
      .selectFrom('api_keys')
      .select(['id', 'numbers', 'reach_revision'])
      .where('id', 'in', ids)
      .where('suspended_at', 'is', null)
      .execute();
    return new Map(rows.map(({ id, numbers, reach_revision }) => [id, { numbers: numbersIn(numbers), revision: reach_revision }]));
  }

  async setLimits(tx: Tx, id: string, limits: KeyLimits | null): Promise<void> {
    await tx.updateTable('api_keys').set(limitColumns(limits)).where('id', '=', id).execute();
  }

  /** @param at since when; null: it is in use again */
  async suspend(tx: Tx, id: string, at: number | null): Promise<void> {
    await tx.updateTable('api_keys').set({ suspended_at: at }).where('id', '=', id).execute();
  }

  /** @param isTaken whether the key loses a number that it had */
  async limit(tx: Tx, id: string, numbers: readonly string[] | null, isTaken: boolean): Promise<void> {
    await tx
      .updateTable('api_keys')
      .set((eb) => ({ numbers: numbersText(numbers) ?? ALL_ON_PURPOSE, reach_revision: eb('reach_revision', '+', isTaken ? 1 : 0) }))
      .where('id', '=', id)
      .execute();
  }

  /** Limits each key that reaches all numbers, but for that of the environment and those with a scope. @returns their ids, and those of the others */
  async limitAll(tx: Tx, phoneNumberId: string, exceptWith: string): Promise<{ limited: string[]; exempt: string[] }> {
    const rows = await tx.selectFrom('api_keys').select(['id', 'scopes', 'source']).where('numbers', 'is', null).execute();
    // The scope may be one of a later release.
    const isExempt = ({ source, scopes }: (typeof rows)[number]) =>
      source === 'environment' || list(parseJson(scopes)).includes(exceptWith);
    const idsOf = (keys: typeof rows) => keys.map(({ id }) => id);
    const limited = idsOf(rows.filter((row) => !isExempt(row)));
    for (const id of limited) await this.limit(tx, id, [phoneNumberId], false);
    return { limited, exempt: idsOf(rows.filter(isExempt)) };
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

  /** @param isOnPurpose whether a key of all numbers is to reach those too that are added later */
  async insert(tx: Tx, key: ApiKeyRecord, hash: string, isOnPurpose = false): Promise<void> {
    const everyScope = ALL_SCOPES.every((scope) => key.scopes.includes(scope));
    const given = { scopes: JSON.stringify(key.scopes), numbers: numbersText(key.numbers) ?? (isOnPurpose ? ALL_ON_PURPOSE : null) };
    const { limits, ...kept } = key;
    const row = { ...kept, ...limitColumns(limits), ...given, hash, every_scope: everyScope ? 1 : 0 };
    await tx.insertInto('api_keys').values(row).execute();
  }

  /** A key that is already there under the same text gets every scope and number, no limit, and becomes the environment's. @returns its id */
  async adopt(tx: Tx, hash: string): Promise<string | null> {
    const free = { numbers: null, suspended_at: null, ...limitColumns(null) };
    const adopted = { scopes: JSON.stringify(ALL_SCOPES), every_scope: 1, source: 'environment', ...free } as const;
    const found = await tx.updateTable('api_keys').set(adopted).where('hash', '=', hash).returning('id').executeTakeFirst();
    return found?.id ?? null;
  }

  /** Deletes the environment's keys, except the one with this digest. @returns their ids */
  async dropEnvironmentKeys(tx: Tx, exceptHash: string | null): Promise<string[]> {
    const others = tx.deleteFrom('api_keys').where('source', '=', 'environment').returning('id');
    const gone = await (exceptHash === null ? others : others.where('hash', '!=', exceptHash)).execute();
    return gone.map(({ id }) => id);
  }

  /** @returns what it reached; null when there is none */
  async delete(tx: Tx, id: string): Promise<NumberReach | null> {
    await tx.deleteFrom('key_budgets').where('key_id', '=', id).execute();
    const gone = await tx.deleteFrom('api_keys').where('id', '=', id).returning('numbers').executeTakeFirst();
    return gone ? { numbers: numbersIn(gone.numbers) } : null;
  }

  async touch(tx: Tx, id: string, at: number): Promise<void> {
    await tx.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute();
  }
}

const limitColumns = (limits: KeyLimits | null) => ({
  dials_per_day: limits?.dials_per_day ?? null,
  asks_per_day: limits?.asks_per_day ?? null,
  quiet_hours: limits?.quiet_hours ? JSON.stringify(limits.quiet_hours) : null,
});

function fromRow({ dials_per_day, asks_per_day, quiet_hours, ...row }: ApiKeyRow): ApiKeyRecord {
  const limits = limitsIn({ dials_per_day, asks_per_day, quiet_hours });
  return { ...row, scopes: scopesIn(row.scopes), numbers: numbersIn(row.numbers), limits };
}
