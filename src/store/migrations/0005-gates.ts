import type { Kysely } from 'kysely';

/** Data for the gates of payment and pick-up, and counts of template users; `../schema.ts` says what the columns mean. */
export const gateTables = () => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.createIndex('calls_direction').on('calls').columns(['phone_number_id', 'direction', 'created_at']).execute();
    await db.schema
      .alterTable('conversation_buckets')
      .addColumn('new_template_users', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },
});
