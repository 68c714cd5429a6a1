import type { Kysely } from 'kysely';

/** What the gates of payment and pick-up ask for, and how the users of templates grow; `../schema.ts` says what the columns mean. */
export const gates = () => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.createIndex('calls_direction').on('calls').columns(['phone_number_id', 'direction', 'created_at']).execute();
    await db.schema
      .alterTable('conversation_buckets')
      .addColumn('new_template_users', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },
});
