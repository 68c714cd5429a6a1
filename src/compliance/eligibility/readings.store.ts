import { Inject, Injectable, Optional } from '@nestjs/common';
import { sql } from 'kysely';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { batchOf, runAhead } from '#store/batch/batch.js';
import { Prepared } from '#store/prepared.js';
import type { Reader, Tx } from '#store/store.js';
import { READING, type Reading, type ReadingScope } from './reading.js';
import { ReadingsBatch } from './readings-batch.store.js';
import { isSharedScope, mergedReadings, OWNER, SharedReadings, type SharedSubject } from './shared/shared-readings.store.js';

/** The counter from which events about a number take their sequence; no reading. */
const SEQUENCE = { name: 'event_sequence', source: 'gateway' } as const;

/** What a source may say of a whole portfolio or client. */
const SHARED: ReadonlySet<string> = new Set<string>([READING.limit, READING.conversations, READING.balance, READING.verification]);

/** The readings of a number: its own, and those of its portfolio and its client, which all their numbers share and which are kept once. */
@Injectable()
export class ReadingsStore {
  readonly #shared = new SharedReadings();
  readonly #readAhead = new Prepared((db: Tx, { name, ids }: { name: string; ids: string[] }) =>
    selectReadings(db, name).select('phone_number_id').where('phone_number_id', '=', sql<string>`any(${ids})`),
  );

  /** @param numbers without it, or while a portfolio or client is unknown, what is read of it is kept as the number's own */
  constructor(@Optional() @Inject(NumbersService) private readonly numbers?: Pick<NumbersService, 'byId'>) {}

  /** The newest reading of a name, from `source` or from the source that reported it last. */
  async find<T>(reader: Reader, phoneNumberId: string, name: string, source?: string): Promise<Reading<T> | null> {
    const readings = await this.named<T>(reader, phoneNumberId, name);
    return readings.find((reading) => source === undefined || reading.source === source) ?? null;
  }

  /** The readings of a name, one for each source, newest first. */
  async named<T>(reader: Reader, phoneNumberId: string, name: string): Promise<Reading<T>[]> {
    // What numbers share may be changed by another of them meanwhile.
    const held = SHARED.has(name) ? undefined : this.#held(reader);
    const known = held?.named(phoneNumberId, name);
    if (known) return [...known] as Reading<T>[];
    const readings = SHARED.has(name)
      ? mergedReadings(
          await this.#select<T>(reader, phoneNumberId, name),
          await this.#shared.named<T>(reader, this.#subjectsOf(phoneNumberId), name),
        )
      : await this.#select<T>(reader, phoneNumberId, name);
    held?.learn(phoneNumberId, name, readings);
    return readings;
  }

  /** Reads for a batch, with one statement, what some numbers have under a name. */
  async readAhead(tx: Tx, phoneNumberIds: readonly string[], name: string): Promise<void> {
    const held = this.#held(tx);
    if (!held || phoneNumberIds.length === 0) return;
    const rows = await runAhead(tx, this.#readAhead.compiled(tx, { name, ids: [...phoneNumberIds] }));
    const ofNumbers = Map.groupBy(rows, ({ phone_number_id }) => phone_number_id);
    for (const id of phoneNumberIds) held.learn(id, name, (ofNumbers.get(id) ?? []).map(toReading));
  }

  async #select<T>(reader: Reader, phoneNumberId: string, name: string): Promise<Reading<T>[]> {
    const rows = await selectReadings(reader, name).where('phone_number_id', '=', phoneNumberId).execute();
    return rows.map((row) => toReading<T>(row));
  }

  /** Keeps a reading unless a newer one of the same scope is kept. */
  async save(tx: Tx, phoneNumberId: string, reading: Reading): Promise<void> {
    const { name, value, source, scope, observedAt } = reading;
    const subject = SHARED.has(name) ? this.#subjectsOf(phoneNumberId).find((one) => one.scope === scope) : undefined;
    if (subject) return this.#shared.save(tx, subject, reading);
    const held = SHARED.has(name) ? undefined : this.#held(tx);
    if (held) return held.save(phoneNumberId, reading);
    const row = { scope, observed_at: observedAt, data: JSON.stringify(value) };
    await tx
      .insertInto('readings')
      .values({ phone_number_id: phoneNumberId, name, source, ...row })
      .onConflict((conflict) =>
        conflict
          .columns(['phone_number_id', 'name', 'source'])
          .doUpdateSet(row)
          .where(({ eb, or }) =>
            or([
              eb('readings.observed_at', '<=', observedAt),
              // What is said of the whole goes before what is said of the number alone, also when that is newer.
              ...(isSharedScope(scope) && source !== OWNER ? [eb('readings.scope', '=', 'number')] : []),
            ]),
          ),
      )
      .execute();
  }

  #held(reader: Reader): ReadingsBatch | undefined {
    return batchOf(reader)?.held(this, () => new ReadingsBatch());
  }

  /** Those of these numbers with readings of their own that speak of a portfolio or a client. */
  async withUnshared(reader: Reader, phoneNumberIds: readonly string[]): Promise<string[]> {
    const unshared = reader.selectFrom('readings').select('phone_number_id').distinct().where('scope', '!=', 'number');
    const rows = await unshared.where('phone_number_id', 'in', [...phoneNumberIds]).execute();
    return rows.map(({ phone_number_id }) => phone_number_id);
  }

  /** Keeps once what was read of the portfolio and the client of a number before they were known. */
  async share(tx: Tx, phoneNumberId: string): Promise<void> {
    for (const { scope } of this.#subjectsOf(phoneNumberId)) {
      const own = tx.selectFrom('readings').select('name').where('phone_number_id', '=', phoneNumberId).where('scope', '=', scope);
      const names = [...new Set((await own.execute()).map(({ name }) => name))].filter((name) => SHARED.has(name));
      for (const name of names) {
        const readings = await this.#select(tx, phoneNumberId, name);
        for (const reading of readings) if (reading.scope === scope) await this.save(tx, phoneNumberId, reading);
        const kept = tx.deleteFrom('readings').where('phone_number_id', '=', phoneNumberId).where('name', '=', name);
        await kept.where('scope', '=', scope).execute();
      }
    }
  }

  #subjectsOf(phoneNumberId: string): SharedSubject[] {
    const number = this.numbers?.byId(phoneNumberId);
    const subjects = { portfolio: number?.portfolioId ?? null, client: number?.clientId ?? null };
    return Object.entries(subjects).flatMap(([scope, subject]) => (subject !== null && isSharedScope(scope) ? [{ scope, subject }] : []));
  }

  /** The next sequence for events about a number; the transaction must hold the number's lock. */
  async nextSequence(tx: Tx, phoneNumberId: string): Promise<number> {
    const last = await this.find<number>(tx, phoneNumberId, SEQUENCE.name);
    const value = (last?.value ?? 0) + 1;
    await this.save(tx, phoneNumberId, { ...SEQUENCE, value, scope: 'number', observedAt: 0 });
    return value;
  }
}

/** Newest first. */
const selectReadings = (reader: Reader, name: string) =>
  reader
    .selectFrom('readings')
    .select(['name', 'source', 'scope', 'observed_at as observedAt', 'data'])
    .where('name', '=', name)
    .orderBy('observed_at', 'desc');

const toReading = <T>({
  name,
  source,
  scope,
  observedAt,
  data,
}: Omit<Reading, 'value' | 'scope'> & { scope: string; data: string }): Reading<T> => ({
  ...{ name, source, observedAt },
  value: JSON.parse(data) as T,
  scope: scope as ReadingScope,
});
