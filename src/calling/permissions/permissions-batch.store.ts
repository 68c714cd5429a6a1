import type { Held } from '#store/batch/batch.js';
import { type ColumnTypes, insertAll, type Write } from '#store/batch/batch-statement.js';
import type { Schema } from '#store/schema.js';

/** A fact of the ledger as it is written, without the id that the database gives it. */
export type FactRow = Omit<Schema['permission_facts'], 'id'>;
/** A fact that belongs to a message or a call. */
export type ReferredFact = Pick<FactRow, 'phone_number_id' | 'person_id' | 'kind' | 'ref'>;

const TYPES: ColumnTypes<FactRow> = {
  phone_number_id: 'text',
  person_id: 'text',
  kind: 'text',
  at: 'bigint',
  ref: 'text',
  data: 'text',
};

const ADD = insertAll('permission_facts', TYPES);

/** The facts that a batch has read by the message or the call they belong to, and those that it adds. */
export class PermissionsBatch implements Held {
  readonly #byRef = new Map<string, ReferredFact[]>();
  #added: FactRow[] = [];

  /** @returns undefined when they were not read */
  of(ref: string): readonly ReferredFact[] | undefined {
    return this.#byRef.get(ref);
  }

  /** What the database has for these messages and calls. */
  learn(refs: readonly string[], found: readonly ReferredFact[]): void {
    for (const ref of refs) this.#byRef.set(ref, []);
    for (const fact of found) this.#note(fact);
  }

  add(row: FactRow): void {
    this.#note(row);
    this.#added.push(row);
  }

  #note(fact: ReferredFact): void {
    if (fact.ref !== null) this.#byRef.get(fact.ref)?.push(fact);
  }

  takeWrites(): Write[] {
    const added = this.#added;
    this.#added = [];
    return ADD.of(added);
  }

  forget(): void {
    this.#byRef.clear();
  }
}
