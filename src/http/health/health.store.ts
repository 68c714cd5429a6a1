import { Inject, Injectable } from '@nestjs/common';
import { Store } from '#store/store.js';

@Injectable()
export class HealthStore {
  constructor(@Inject(Store) private readonly store: Store) {}

  /** Writes a mark and reads it back in one transaction; throws when the database does not take it. */
  async probe(now: number): Promise<void> {
    const value = String(now);
    await this.store.write(async (tx) => {
      await tx
        .insertInto('meta')
        .values({ key: 'probe', value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
        .execute();
      await tx.selectFrom('meta').select('value').where('key', '=', 'probe').executeTakeFirstOrThrow();
    });
  }
}
