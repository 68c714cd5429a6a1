import { Injectable } from '@nestjs/common';
import { Store } from '#store/store.js';

/** The SQL of what no room forgets by itself. */
@Injectable()
export class RetentionStore {
  constructor(private readonly store: Store) {}

  /** Sessions and browser tokens that ended before then. */
  endedSessions(before: number): Promise<number> {
    return this.store.inBatches((tx, most) => {
      const old = tx.selectFrom('sessions').select('id').where('expires_at', '<', before).limit(most);
      return tx.deleteFrom('sessions').where('id', 'in', old).executeTakeFirst();
    });
  }
}
