import { Injectable } from '@nestjs/common';
import type { PermissionReading } from '#dialog360/permission-reading.js';
import type { Reader, Tx } from '#store/store.js';
import type { LedgerFact } from './ledger.js';
import type { ObservedReading } from './permission.js';

/** A user and the business number that calls them. */
export interface Pair {
  phoneNumberId: string;
  personId: string;
}

@Injectable()
export class PermissionsStore {
  /** Adds a fact. @returns its sequence, which rises within a pair */
  async add(tx: Tx, pair: Pair, fact: LedgerFact): Promise<number> {
    const { kind, at, ref, ...data } = fact;
    const row = await tx
      .insertInto('permission_facts')
      .values({ phone_number_id: pair.phoneNumberId, person_id: pair.personId, kind, at, ref, data: JSON.stringify(data) })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  }

  async facts(reader: Reader, pair: Pair): Promise<LedgerFact[]> {
    const rows = await factsOf(reader, pair).select(['kind', 'at', 'ref', 'data']).orderBy('id').execute();
    return rows.map((row) => ({ ...JSON.parse(row.data), kind: row.kind, at: row.at, ref: row.ref }) as LedgerFact);
  }

  /** Whether a call has been counted for this pair. */
  async hasCounted(reader: Reader, pair: Pair, wacid: string): Promise<boolean> {
    const counted = factsOf(reader, pair).select('id').where('kind', 'in', ['connected', 'unanswered']);
    return (await counted.where('ref', '=', wacid).executeTakeFirst()) !== undefined;
  }

  /** The pair of a permission request by its message id; undefined for any other message. */
  async askedBy(reader: Reader, messageId: string): Promise<Pair | undefined> {
    const row = await reader
      .selectFrom('permission_facts')
      .select(['person_id', 'phone_number_id'])
      .where('ref', '=', messageId)
      .where('kind', '=', 'asked')
      .executeTakeFirst();
    return row && { personId: row.person_id, phoneNumberId: row.phone_number_id };
  }

  async reading(reader: Reader, pair: Pair): Promise<ObservedReading | null> {
    const row = await reader
      .selectFrom('permission_readings')
      .select(['observed_at', 'data'])
      .where('person_id', '=', pair.personId)
      .where('phone_number_id', '=', pair.phoneNumberId)
      .executeTakeFirst();
    return row ? { observedAt: row.observed_at, reading: JSON.parse(row.data) as PermissionReading } : null;
  }

  async saveReading(tx: Tx, pair: Pair, { reading, observedAt }: ObservedReading): Promise<void> {
    const row = { observed_at: observedAt, data: JSON.stringify(reading) };
    await tx
      .insertInto('permission_readings')
      .values({ phone_number_id: pair.phoneNumberId, person_id: pair.personId, ...row })
      .onConflict((conflict) =>
        conflict.columns(['phone_number_id', 'person_id']).doUpdateSet(row).where('permission_readings.observed_at', '<', observedAt),
      )
      .execute();
  }

  async absorb(tx: Tx, from: string, into: string): Promise<void> {
    await tx.updateTable('permission_facts').set({ person_id: into }).where('person_id', '=', from).execute();
    await this.dropReadings(tx, [from, into]);
  }

  /** What 360dialog has said about other addresses of these people. */
  async dropReadings(tx: Tx, personIds: readonly string[]): Promise<void> {
    await tx
      .deleteFrom('permission_readings')
      .where('person_id', 'in', [...personIds])
      .execute();
  }
}

const factsOf = (reader: Reader, { phoneNumberId, personId }: Pair) =>
  reader.selectFrom('permission_facts').where('person_id', '=', personId).where('phone_number_id', '=', phoneNumberId);
