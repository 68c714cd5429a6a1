import type { Kysely } from 'kysely';

/** Events that a subscription lost because they were deleted before delivery; `../schema.ts` says what the columns mean. */
export const eventGaps = () => ({
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['gap_events', 'gap_from', 'gap_until', 'gap_told_at']) {
      await db.schema.alterTable('subscriptions').addColumn(column, 'bigint').execute();
    }
  },
});
