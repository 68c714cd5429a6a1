import type { Kysely } from 'kysely';

/** What a subscription has lost to the age of events; `../schema.ts` says what the columns mean. */
export const eventGaps = () => ({
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['gap_events', 'gap_from', 'gap_until', 'gap_told_at']) {
      await db.schema.alterTable('subscriptions').addColumn(column, 'bigint').execute();
    }
  },
});
