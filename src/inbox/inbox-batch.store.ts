import { sql } from 'kysely';
import type { Held } from '#store/batch/batch.js';
import { type ColumnTypes, insertAll, RowsStatement, type Write } from '#store/batch/batch-statement.js';

/** A delivery that is persisted by the batch that applies it. */
export interface KeptRow {
  /** Empty while no number is known. */
  phone_number_id: string;
  received_at: number;
  body: Uint8Array;
  state: 'done';
  attempts: number;
  summary: string;
}

const KEPT: ColumnTypes<KeptRow> = {
  phone_number_id: 'text',
  received_at: 'bigint',
  body: 'bytea',
  state: 'text',
  attempts: 'integer',
  summary: 'text',
};
/** Returns the keys that were not known. */
export const REMEMBER = insertAll<{ key: string; at: number }>(
  'seen',
  { key: 'text', at: 'bigint' },
  sql`on conflict do nothing returning key`,
);
export const KEEP = insertAll('deliveries', KEPT);
const END = new RowsStatement<{ id: number; summary: string }>(
  { id: 'bigint', summary: 'text' },
  (given) => sql`update deliveries set state = 'done', summary = given.summary from ${given} where deliveries.id = given.id`,
);

/** The keys of elements that a batch meets for the first time, and the deliveries that it ends. */
export class InboxBatch implements Held {
  readonly #first = new Set<string>();
  readonly #asked = new Set<string>();
  #done: { id: number; summary: string }[] = [];

  /** @param keys every key that the batch may ask for; `first` are those that were not known */
  learn(keys: readonly string[], first: readonly string[]): void {
    for (const key of keys) this.#asked.add(key);
    for (const key of first) this.#first.add(key);
  }

  /** @returns true once for a key that was not known; undefined for one that was not learnt */
  firstTime(key: string): boolean | undefined {
    return this.#asked.has(key) ? this.#first.delete(key) : undefined;
  }

  finish(id: number, summary: string): void {
    this.#done.push({ id, summary });
  }

  takeWrites(): Write[] {
    const done = this.#done;
    this.#done = [];
    return END.of(done);
  }

  /** Keys are written at once, and no other statement of the batch touches them. */
  forget(): void {}
}
