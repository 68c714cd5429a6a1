import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { PermissionReading } from '#dialog360/permission-reading.js';
import { batchOf, runAhead } from '#store/batch/batch.js';
import { Prepared } from '#store/prepared.js';
import type { Reader, Tx } from '#store/store.js';
import type { LedgerFact } from './ledger.js';
import type { ObservedReading } from './permission.js';
import { type FactRow, PermissionsBatch, type ReferredFact } from './permissions-batch.store.js';

/** A user and the business number that calls them. */
export interface Pair {
  phoneNumberId: string;
  personId: string;
}

@Injectable()
export class PermissionsStore {
  readonly #readAhead = new Prepared((db: Tx, { refs }: { refs: string[] }) =>
    db.selectFrom('permission_facts').select(['phone_number_id', 'person_id', 'kind', 'ref']).where('ref', '=', sql<string>`any(${refs})`),
  );

  /** Adds a fact. @returns its sequence, which rises within a pair */
  async add(tx: Tx, pair: Pair, fact: LedgerFact): Promise<number> {
    return (await tx.insertInto('permission_facts').values(toRow(pair, fact)).returning('id').executeTakeFirstOrThrow()).id;
  }

  /** Adds a fact whose sequence nobody needs: within a batch it costs no statement. */
  async note(tx: Tx, pair: Pair, fact: LedgerFact): Promise<void> {
    const held = this.#held(tx);
    if (held) held.add(toRow(pair, fact));
    else await tx.insertInto('permission_facts').values(toRow(pair, fact)).execute();
  }

  /** Reads at once the facts that belong to these messages and calls. Does nothing outside of a batch. */
  async readAhead(tx: Tx, refs: readonly string[]): Promise<void> {
    const held = this.#held(tx);
    if (!held || refs.length === 0) return;
    held.learn(refs, await runAhead(tx, this.#readAhead.compiled(tx, { refs: [...refs] })));
  }

  async facts(reader: Reader, pair: Pair): Promise<LedgerFact[]> {
    const rows = await factsOf(reader, pair).select(['kind', 'at', 'ref', 'data']).orderBy('id').execute();
    return rows.map((row) => ({ ...JSON.parse(row.data), kind: row.kind, at: row.at, ref: row.ref }) as LedgerFact);
  }

  /** Whether a call has been counted for this pair. */
  async hasCounted(tx: Tx, { phoneNumberId, personId }: Pair, wacid: string): Promise<boolean> {
    const facts = await this.#of(tx, wacid);
    return facts.some((fact) => COUNTED.has(fact.kind) && fact.phone_number_id === phoneNumberId && fact.person_id === personId);
  }

  /** The pair of a permission request of this number by its message id; undefined for any other message. */
  async askedBy(tx: Tx, phoneNumberId: string, messageId: string): Promise<Pair | undefined> {
    const facts = await this.#of(tx, messageId);
    const asked = facts.find(({ kind, phone_number_id }) => kind === 'asked' && phone_number_id === phoneNumberId);
    return asked && { personId: asked.person_id, phoneNumberId };
  }

  async #of(tx: Tx, ref: string): Promise<readonly ReferredFact[]> {
    const known = this.#held(tx)?.of(ref);
    if (known) return known;
    return tx.selectFrom('permission_facts').select(['phone_number_id', 'person_id', 'kind', 'ref']).where('ref', '=', ref).execute();
  }

  #held(tx: Tx): PermissionsBatch | undefined {
    return batchOf(tx)?.held(this, () => new PermissionsBatch());
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

const COUNTED = new Set(['connected', 'unanswered']);

function toRow({ phoneNumberId, personId }: Pair, { kind, at, ref, ...data }: LedgerFact): FactRow {
  return { phone_number_id: phoneNumberId, person_id: personId, kind, at, ref, data: JSON.stringify(data) };
}

const factsOf = (reader: Reader, { phoneNumberId, personId }: Pair) =>
  reader.selectFrom('permission_facts').where('person_id', '=', personId).where('phone_number_id', '=', phoneNumberId);
