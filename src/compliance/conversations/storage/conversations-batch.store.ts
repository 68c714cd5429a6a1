import { sql } from 'kysely';
import type { Held } from '#store/batch/batch.js';
import { type ColumnTypes, insertAll, replacing, type Write } from '#store/batch/batch-statement.js';
import type { Schema } from '#store/schema.js';

/** A counted conversation, or a user who received a template. */
export type Digest = Pick<Schema['conversation_digests'], 'kind' | 'at'>;
type DigestRow = Schema['conversation_digests'];
type BucketRow = Schema['conversation_buckets'];

const DIGESTS: ColumnTypes<DigestRow> = { phone_number_id: 'text', key: 'text', kind: 'text', at: 'bigint' };
const BUCKETS: ColumnTypes<BucketRow> = {
  phone_number_id: 'text',
  at: 'bigint',
  business_initiated: 'integer',
  user_initiated: 'integer',
  unknown_origin: 'integer',
  loose_business: 'integer',
  loose_other: 'integer',
  template_users: 'integer',
  new_template_users: 'integer',
};
const COUNTERS = (Object.keys(BUCKETS) as (keyof BucketRow)[]).filter((name) => name !== 'phone_number_id' && name !== 'at');
const ADDING = sql`on conflict (phone_number_id, at) do update set ${sql.join(
  COUNTERS.map((name) => sql`${sql.ref(name)} = conversation_buckets.${sql.ref(name)} + excluded.${sql.ref(name)}`),
)}`;
const PUT_DIGESTS = insertAll('conversation_digests', DIGESTS, replacing(DIGESTS, ['phone_number_id', 'key']));
const ADD_BUCKETS = insertAll('conversation_buckets', BUCKETS, ADDING);

const keyOf = (phoneNumberId: string, key: string): string => `${phoneNumberId} ${key}`;

/** The digests that a batch has read and changed, and what it adds to the counters. */
export class ConversationsBatch implements Held {
  readonly #digests = new Map<string, Digest | null>();
  #changed = new Map<string, DigestRow>();
  #added = new Map<string, BucketRow>();

  /** @returns undefined when it was not read, null when there is none */
  digest(phoneNumberId: string, key: string): Digest | null | undefined {
    return this.#digests.get(keyOf(phoneNumberId, key));
  }

  /** What the database has for these keys. */
  learn(phoneNumberId: string, keys: readonly string[], found: readonly DigestRow[]): void {
    for (const key of keys) this.#digests.set(keyOf(phoneNumberId, key), null);
    for (const { key, kind, at } of found) this.#digests.set(keyOf(phoneNumberId, key), { kind, at });
  }

  remember(phoneNumberId: string, key: string, { kind, at }: Digest): void {
    const id = keyOf(phoneNumberId, key);
    this.#digests.set(id, { kind, at });
    this.#changed.set(id, { phone_number_id: phoneNumberId, key, kind, at });
  }

  /** @param one a row with one counter that is not 0 */
  add(one: BucketRow): void {
    const id = keyOf(one.phone_number_id, String(one.at));
    const before = this.#added.get(id);
    if (!before) this.#added.set(id, { ...one });
    else for (const name of COUNTERS) before[name] += one[name];
  }

  takeWrites(): Write[] {
    const [digests, buckets] = [[...this.#changed.values()], [...this.#added.values()]];
    this.#changed = new Map();
    this.#added = new Map();
    return [...PUT_DIGESTS.of(digests), ...ADD_BUCKETS.of(buckets)];
  }

  forget(): void {
    this.#digests.clear();
  }
}
