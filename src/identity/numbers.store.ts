import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { camelCase, snakeCase } from '#kernel/case.js';
import { Store } from '#store/store.js';
import type { OurNumber } from './our-number.js';

/** A number as it is stored. */
export interface KeptNumber extends OurNumber {
  /** The digest of the key for which 360dialog has named the number; null while it has named it for no key. */
  keyDigest: string | null;
}

/** The SQL of our numbers. */
@Injectable()
export class NumbersStore {
  constructor(private readonly store: Store) {}

  async all(): Promise<KeptNumber[]> {
    const rows = await this.store.read.selectFrom('numbers').selectAll().orderBy('learned_at').execute();
    return rows.map(({ address_scope: _, ...row }) => camelCase(row));
  }

  /** Stores the number; the proof only when it is given. The first number has no address scope, and each later one its own, for ever. */
  async save(number: OurNumber, proof: Partial<Pick<KeptNumber, 'keyDigest'>> = {}): Promise<void> {
    const { phoneNumberId: phone_number_id, displayPhoneNumber, wabaId, learnedAt: learned_at } = number;
    const known = snakeCase({ displayPhoneNumber, wabaId, ...proof });
    const address_scope = sql<string>`case when exists (select 1 from numbers) then ${phone_number_id} else '' end`;
    await this.store.write((tx) =>
      tx
        .insertInto('numbers')
        .values({ phone_number_id, learned_at, address_scope, ...known })
        .onConflict((conflict) => conflict.column('phone_number_id').doUpdateSet(known))
        .execute(),
    );
  }
}
