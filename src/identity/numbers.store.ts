import { Injectable } from '@nestjs/common';
import { camelCase, snakeCase } from '#kernel/case.js';
import { Store } from '#store/store.js';
import type { OurNumber } from './our-number.js';

/** The SQL of our numbers. */
@Injectable()
export class NumbersStore {
  constructor(private readonly store: Store) {}

  async all(): Promise<OurNumber[]> {
    const rows = await this.store.read.selectFrom('numbers').selectAll().orderBy('learned_at').execute();
    return rows.map((row) => camelCase(row));
  }

  async save(number: OurNumber): Promise<void> {
    const { phone_number_id, learned_at, ...known } = snakeCase(number);
    await this.store.write((tx) =>
      tx
        .insertInto('numbers')
        .values({ phone_number_id, learned_at, ...known })
        .onConflict((conflict) => conflict.column('phone_number_id').doUpdateSet(known))
        .execute(),
    );
  }
}
