import { Injectable } from '@nestjs/common';
import { Store } from '#store/store.js';
import type { OurNumber } from './our-number.js';

/** The SQL of our numbers. */
@Injectable()
export class NumbersStore {
  constructor(private readonly store: Store) {}

  async all(): Promise<OurNumber[]> {
    const rows = await this.store.read.selectFrom('numbers').selectAll().orderBy('learned_at').execute();
    return rows.map((row) => ({
      phoneNumberId: row.phone_number_id,
      displayPhoneNumber: row.display_phone_number,
      wabaId: row.waba_id,
      learnedAt: row.learned_at,
    }));
  }

  async save(number: OurNumber): Promise<void> {
    const known = { display_phone_number: number.displayPhoneNumber, waba_id: number.wabaId };
    await this.store.write((tx) =>
      tx
        .insertInto('numbers')
        .values({ phone_number_id: number.phoneNumberId, learned_at: number.learnedAt, ...known })
        .onConflict((conflict) => conflict.column('phone_number_id').doUpdateSet(known))
        .execute(),
    );
  }
}
