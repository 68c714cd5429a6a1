import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

/** Sessions of the console and browser tokens; `../schema.ts` says what the columns mean. */
export const consoleSessions = () => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const required = (column: ColumnDefinitionBuilder) => column.notNull();
    await db.schema
      .createTable('sessions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', required)
      .addColumn('hash', 'text', (c) => c.notNull().unique())
      .addColumn('api_key_id', 'text', required)
      .addColumn('name', 'text', required)
      .addColumn('scopes', 'text', required)
      .addColumn('created_at', 'bigint', required)
      .addColumn('used_at', 'bigint', required)
      .addColumn('expires_at', 'bigint', required)
      .execute();
    await db.schema.createIndex('sessions_expires_at').on('sessions').column('expires_at').execute();
  },
});
