import { Injectable } from '@nestjs/common';
import type { Reading, ReadingScope } from '#compliance/eligibility/reading.js';
import type { Reader, Tx } from '#store/store.js';

/** Whose readings are kept once: a business portfolio of Meta, a client of 360dialog, or a partner of it, by its id there. */
export interface SharedSubject<Scope extends 'portfolio' | 'client' | 'partner' = Exclude<ReadingScope, 'number'>> {
  scope: Scope;
  subject: string;
}

export const isSharedScope = (scope: string): scope is 'portfolio' | 'client' => scope === 'portfolio' || scope === 'client';

/** The SQL of readings that several numbers share. */
@Injectable()
export class SharedReadings {
  /** The readings of a name of some subjects, one for each of them and source. */
  async named<T>(reader: Reader, subjects: readonly SharedSubject[], name: string): Promise<Reading<T>[]> {
    const found = subjects.map(async (subject) =>
      (await this.of<T>(reader, subject, name)).map((kept): Reading<T> => ({ ...kept, scope: subject.scope })),
    );
    return (await Promise.all(found)).flat();
  }

  /** Keeps a reading unless a newer one is kept. */
  async save(
    tx: Tx,
    { scope, subject }: SharedSubject<'portfolio' | 'client' | 'partner'>,
    { name, source, value, observedAt }: Omit<Reading, 'scope'>,
  ): Promise<void> {
    const row = { observed_at: observedAt, data: JSON.stringify(value) };
    await tx
      .insertInto('shared_readings')
      .values({ scope, subject, name, source, ...row })
      .onConflict((conflict) =>
        conflict.columns(['scope', 'subject', 'name', 'source']).doUpdateSet(row).where('shared_readings.observed_at', '<=', observedAt),
      )
      .execute();
  }

  /** The readings of a name of one subject, one for each source. */
  async of<T>(
    reader: Reader,
    { scope, subject }: SharedSubject<'portfolio' | 'client' | 'partner'>,
    name: string,
  ): Promise<Omit<Reading<T>, 'scope'>[]> {
    const rows = await reader
      .selectFrom('shared_readings')
      .select(['source', 'observed_at', 'data'])
      .where('scope', '=', scope)
      .where('subject', '=', subject)
      .where('name', '=', name)
      .execute();
    return rows.map(({ source, observed_at: observedAt, data }) => ({ name, source, observedAt, value: JSON.parse(data) as T }));
  }
}

/** Who declares what the Hub shows. */
export const OWNER = 'owner';

/**
 * One reading of each source, newest first. What a source says of the whole goes before what it says of the number alone, also when that is newer;
 * of the owner's declarations the newest counts.
 */
export function mergedReadings<T>(own: readonly Reading<T>[], shared: readonly Reading<T>[]): Reading<T>[] {
  const best = new Map<string, Reading<T>>();
  for (const reading of [...own, ...shared]) {
    const before = best.get(reading.source);
    if (!before || isBetter(reading, before)) best.set(reading.source, reading);
  }
  return [...best.values()].sort((a, b) => b.observedAt - a.observedAt);
}

function isBetter(one: Reading, other: Reading): boolean {
  const isWhole = ({ scope, source }: Reading) => source !== OWNER && scope !== 'number';
  return isWhole(one) === isWhole(other) ? one.observedAt > other.observedAt : isWhole(one);
}
