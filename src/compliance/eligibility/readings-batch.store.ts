import { sql } from 'kysely';
import type { Held } from '#store/batch/batch.js';
import { type ColumnTypes, insertAll, type Write } from '#store/batch/batch-statement.js';
import type { Schema } from '#store/schema.js';
import type { Reading } from './reading.js';
import { isSharedScope, OWNER } from './shared/shared-readings.store.js';

type Row = Schema['readings'];

const READINGS: ColumnTypes<Row> = {
  phone_number_id: 'text',
  name: 'text',
  source: 'text',
  scope: 'text',
  observed_at: 'bigint',
  data: 'text',
};

/** As `replaces`, in SQL. */
const NEWER = sql`on conflict (phone_number_id, name, source) do update
  set scope = excluded.scope, observed_at = excluded.observed_at, data = excluded.data
  where readings.observed_at <= excluded.observed_at
    or (excluded.scope in ('portfolio', 'client') and excluded.source <> ${sql.lit(OWNER)} and readings.scope = 'number')`;
const PUT = insertAll('readings', READINGS, NEWER);

/** Whether one reading takes the place of another of its source: what is said of the whole goes before what is said of the number alone, also when that is newer. */
const replaces = (one: Reading, other: Reading): boolean =>
  other.observedAt <= one.observedAt || (isSharedScope(one.scope) && one.source !== OWNER && other.scope === 'number');

const newestFirst = (one: Reading, other: Reading): number => other.observedAt - one.observedAt;

const keyOf = (phoneNumberId: string, name: string): string => `${phoneNumberId} ${name}`;

/** The readings of numbers that a batch has read and changed. */
export class ReadingsBatch implements Held {
  readonly #known = new Map<string, readonly Reading[]>();
  #changed = new Map<string, { reading: Reading; row: Row }>();

  /** Those of a name, newest first; undefined when they were not read. */
  named(phoneNumberId: string, name: string): readonly Reading[] | undefined {
    return this.#known.get(keyOf(phoneNumberId, name));
  }

  /** What the database has of this name. */
  learn(phoneNumberId: string, name: string, readings: readonly Reading[]): void {
    this.#known.set(keyOf(phoneNumberId, name), readings);
  }

  /** Keeps a reading unless a newer one of its source is kept, here or in the database. */
  save(phoneNumberId: string, reading: Reading): void {
    const { name, value, source, scope, observedAt } = reading;
    const known = this.named(phoneNumberId, name);
    const id = `${keyOf(phoneNumberId, name)} ${source}`;
    const before = known?.find((one) => one.source === source) ?? this.#changed.get(id)?.reading;
    if (before && !replaces(reading, before)) return;
    const others = known?.filter((one) => one.source !== source);
    if (others) this.learn(phoneNumberId, name, [reading, ...others].toSorted(newestFirst));
    const row = { phone_number_id: phoneNumberId, name, source, scope, observed_at: observedAt, data: JSON.stringify(value) };
    this.#changed.set(id, { reading, row });
  }

  takeWrites(): Write[] {
    const rows = [...this.#changed.values()].map(({ row }) => row);
    this.#changed = new Map();
    return PUT.of(rows);
  }

  forget(): void {
    this.#known.clear();
  }
}
