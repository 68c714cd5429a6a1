import { Injectable } from '@nestjs/common';
import { Prepared } from '#store/prepared.js';
import type { Reader, Tx } from '#store/store.js';
import { type KeyLimits, limitsIn, type Spending } from './key-limits.js';

/** One unit of a key's budget of a day. */
export interface BudgetDay {
  keyId: string;
  kind: Spending;
  day: string;
}

/** What a key may spend, as it stands. */
export interface KeyStanding {
  limits: KeyLimits | null;
  isSuspended: boolean;
}

const LIMITS = ['dials_per_day', 'asks_per_day', 'quiet_hours', 'suspended_at'] as const;

/** The SQL of the budgets of keys. */
@Injectable()
export class KeyBudgetsStore {
  readonly #standing = new Prepared((db, { id }: { id: string }) => db.selectFrom('api_keys').select(LIMITS).where('id', '=', id));

  /** Null for a key that is deleted. */
  async standing(reader: Reader, id: string): Promise<KeyStanding | null> {
    const row = await this.#standing.first(reader, { id });
    return row ? { limits: limitsIn(row), isSuspended: row.suspended_at !== null } : null;
  }

  async used(reader: Reader, { keyId, kind, day }: BudgetDay): Promise<number> {
    const row = await reader
      .selectFrom('key_budgets')
      .select('used')
      .where('key_id', '=', keyId)
      .where('kind', '=', kind)
      .where('day', '=', day)
      .executeTakeFirst();
    return row?.used ?? 0;
  }

  /** Counts one more, unless `most` are counted: one statement, so that no two see the same rest. @returns the new count; null when none is left */
  async add(tx: Tx, { keyId, kind, day }: BudgetDay, most: number): Promise<number | null> {
    if (most <= 0) return null;
    const row = await tx
      .insertInto('key_budgets')
      .values({ key_id: keyId, kind, day, used: 1 })
      .onConflict((conflict) =>
        conflict
          .columns(['key_id', 'kind', 'day'])
          .doUpdateSet((eb) => ({ used: eb('key_budgets.used', '+', 1) }))
          .where('key_budgets.used', '<', most),
      )
      .returning('used')
      .executeTakeFirst();
    return row?.used ?? null;
  }

  /** Gives one back. */
  async subtract(tx: Tx, { keyId, kind, day }: BudgetDay): Promise<void> {
    await tx
      .updateTable('key_budgets')
      .set((eb) => ({ used: eb('used', '-', 1) }))
      .where('key_id', '=', keyId)
      .where('kind', '=', kind)
      .where('day', '=', day)
      .where('used', '>', 0)
      .execute();
  }

  /** Deletes what a key has used before that day. */
  async purge(tx: Tx, keyId: string, before: string): Promise<void> {
    await tx.deleteFrom('key_budgets').where('key_id', '=', keyId).where('day', '<', before).execute();
  }
}
