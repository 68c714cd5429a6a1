import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { type NumberReach, numbersIn, numbersText } from '#identity/numbers/number-reach.js';
import type { Schema } from '#store/schema.js';
import { Store, type Tx } from '#store/store.js';

/**
 * One administrative request. `action` is `METHOD /route` with the names of its parameters, never their values; or `key.used`.
 * `operator_id` is null for the key itself. `target` is never a phone number or a BSUID.
 */
export type Act = Omit<AuditEntry, 'id' | 'status'>;

/** Which entries are asked for; what is left out chooses all. */
export interface AuditFilter {
  keyId?: string | undefined;
  /** Exactly as entries have it. */
  action?: string | undefined;
  /** Entries about this number, or about all. */
  phoneNumberId?: string | undefined;
  /** In ms since 1970; `until` itself is not in it. */
  since?: number | undefined;
  until?: number | undefined;
}

/** Where a page begins, and how long it is. */
export interface AuditPage {
  limit: number;
  /** Only entries older than this id. */
  before: number | null;
}

/** An act with its result. `status` is null while there is no answer, as after a crash, and for `key.used`. */
export type AuditEntry = Omit<Selectable<Schema['audit']>, 'outcome_of' | 'numbers'> & { numbers: readonly string[] | null };

const KEY_DELETION = 'DELETE /api/keys/:id';

/** The SQL of the audit log; it knows no update, and the database refuses one. */
@Injectable()
export class AuditStore {
  constructor(private readonly store: Store) {}

  async add(tx: Tx, act: Act): Promise<number> {
    const { id } = await tx
      .insertInto('audit')
      .values({ ...act, numbers: numbersText(act.numbers), outcome_of: null, status: null })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }

  /** The result of an act, as a row of its own. @param act with the target, which may be known only now */
  async finish(tx: Tx, id: number, act: Act, status: number): Promise<void> {
    await tx
      .insertInto('audit')
      .values({ ...act, numbers: numbersText(act.numbers), outcome_of: id, status })
      .onConflict((conflict) => conflict.column('outcome_of').doNothing())
      .execute();
  }

  /** Purges a batch of older rows. */
  purge(tx: Tx, before: number, batch: number): Promise<{ numDeletedRows: bigint }> {
    const old = tx.selectFrom('audit').select('id').where('at', '<', before).orderBy('id').limit(batch);
    return tx.deleteFrom('audit').where('id', 'in', old).executeTakeFirst();
  }

  /** The ids of keys whose deletion was requested. */
  async deletedKeys(tx: Tx): Promise<Set<string>> {
    const rows = await tx.selectFrom('audit').select('target').where('action', '=', KEY_DELETION).where('outcome_of', 'is', null).execute();
    return new Set(rows.flatMap(({ target }) => target ?? []));
  }

  /** When the oldest entry was written; null for an empty log. */
  async oldestAt(tx: Tx): Promise<number | null> {
    const oldest = await tx.selectFrom('audit').select('at').orderBy('id').limit(1).executeTakeFirst();
    return oldest?.at ?? null;
  }

  /** Newest first, and at least those that are about numbers of `by` alone. */
  async list(by: NumberReach, { limit, before }: AuditPage, filter: AuditFilter): Promise<AuditEntry[]> {
    let query = this.#matching(by, filter)
      .leftJoin('audit as outcome', 'outcome.outcome_of', 'audit.id')
      .select(['audit.id', 'audit.at', 'audit.action', 'audit.key_id', 'audit.operator_id', 'audit.request_id', 'outcome.status'])
      .select('audit.numbers')
      .select(({ fn }) => fn.coalesce('outcome.target', 'audit.target').as('target'));
    if (before !== null) query = query.where('audit.id', '<', before);
    const rows = await query.orderBy('audit.id', 'desc').limit(limit).execute();
    return rows.map((row) => ({ ...row, numbers: numbersIn(row.numbers) }));
  }

  /** Whether there is one beyond the first `most`. */
  async exceeds(by: NumberReach, filter: AuditFilter, most: number): Promise<boolean> {
    const beyond = this.#matching(by, filter).select('audit.id').orderBy('audit.id').limit(1).offset(most);
    return (await beyond.executeTakeFirst()) !== undefined;
  }

  #matching({ numbers }: NumberReach, { keyId, action, phoneNumberId, since, until }: AuditFilter) {
    let query = this.store.read.selectFrom('audit').where('audit.outcome_of', 'is', null);
    if (keyId !== undefined) query = query.where('audit.key_id', '=', keyId);
    if (action !== undefined) query = query.where('audit.action', '=', action);
    if (since !== undefined) query = query.where('audit.at', '>=', since);
    if (until !== undefined) query = query.where('audit.at', '<', until);
    if (phoneNumberId !== undefined)
      query = query.where(({ or, eb }) => or([eb('audit.numbers', 'is', null), eb('audit.numbers', 'like', `%"${phoneNumberId}"%`)]));
    // An act about these alone names one of them.
    if (numbers !== null) query = query.where(({ or, eb }) => or(numbers.map((id) => eb('audit.numbers', 'like', `%"${id}"%`))));
    return query;
  }
}
