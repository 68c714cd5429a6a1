import { Injectable } from '@nestjs/common';
import { batchOf } from '#store/batch/batch.js';
import { KnownValues } from '#store/batch/known-values.js';
import type { Reader, Tx } from '#store/store.js';
import type { Reading, ReadingScope } from './reading.js';

/** The counter from which events about a number take their sequence; no reading. */
const SEQUENCE = { name: 'event_sequence', source: 'gateway' } as const;

@Injectable()
export class ReadingsStore {
  /** The newest reading of a name, from `source` or from the source that reported it last. */
  async find<T>(reader: Reader, phoneNumberId: string, name: string, source?: string): Promise<Reading<T> | null> {
    const readings = await this.named<T>(reader, phoneNumberId, name);
    return readings.find((reading) => source === undefined || reading.source === source) ?? null;
  }

  /** The readings of a name, one for each source, newest first. */
  async named<T>(reader: Reader, phoneNumberId: string, name: string): Promise<Reading<T>[]> {
    const held = batchOf(reader)?.held(this, () => new KnownValues<Reading[]>());
    const known = held?.get(`${phoneNumberId} ${name}`);
    if (known) return known as Reading<T>[];
    const readings = await this.#select<T>(reader, phoneNumberId, name);
    held?.set(`${phoneNumberId} ${name}`, readings as Reading[]);
    return readings;
  }

  async #select<T>(reader: Reader, phoneNumberId: string, name: string): Promise<Reading<T>[]> {
    const rows = await reader
      .selectFrom('readings')
      .select(['name', 'source', 'scope', 'observed_at as observedAt', 'data'])
      .where('phone_number_id', '=', phoneNumberId)
      .where('name', '=', name)
      .orderBy('observed_at', 'desc')
      .execute();
    return rows.map(({ data, ...row }) => ({ ...row, value: JSON.parse(data) as T, scope: row.scope as ReadingScope }));
  }

  /** Keeps a reading unless a newer one is kept. */
  async save(tx: Tx, phoneNumberId: string, { name, value, source, scope, observedAt }: Reading): Promise<void> {
    const row = { scope, observed_at: observedAt, data: JSON.stringify(value) };
    await tx
      .insertInto('readings')
      .values({ phone_number_id: phoneNumberId, name, source, ...row })
      .onConflict((conflict) =>
        conflict.columns(['phone_number_id', 'name', 'source']).doUpdateSet(row).where('readings.observed_at', '<=', observedAt),
      )
      .execute();
  }

  /** The next sequence for events about a number; the transaction must hold the number's lock. */
  async nextSequence(tx: Tx, phoneNumberId: string): Promise<number> {
    const last = await this.find<number>(tx, phoneNumberId, SEQUENCE.name);
    const value = (last?.value ?? 0) + 1;
    await this.save(tx, phoneNumberId, { ...SEQUENCE, value, scope: 'number', observedAt: 0 });
    return value;
  }
}
