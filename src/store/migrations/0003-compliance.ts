import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';

/** Conversation counting, polls and reports; `../schema.ts` says what the columns mean. */
export const compliance = () => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const required = (column: ColumnDefinitionBuilder) => column.notNull();
    const counter = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0);
    const table = (name: string) => db.schema.createTable(name);

    await table('conversation_digests')
      .addColumn('phone_number_id', 'text', required)
      .addColumn('key', 'text', required)
      .addColumn('kind', 'text', required)
      .addColumn('at', 'bigint', required)
      .addPrimaryKeyConstraint('conversation_digests_pk', ['phone_number_id', 'key'])
      .execute();
    await db.schema.createIndex('conversation_digests_at').on('conversation_digests').column('at').execute();
    await table('conversation_buckets')
      .addColumn('phone_number_id', 'text', required)
      .addColumn('at', 'bigint', required)
      .addColumn('business_initiated', 'integer', counter)
      .addColumn('user_initiated', 'integer', counter)
      .addColumn('unknown_origin', 'integer', counter)
      .addColumn('loose_business', 'integer', counter)
      .addColumn('loose_other', 'integer', counter)
      .addColumn('template_users', 'integer', counter)
      .addPrimaryKeyConstraint('conversation_buckets_pk', ['phone_number_id', 'at'])
      .execute();
    await table('snapshots')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('phone_number_id', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('cause', 'text', required)
      .addColumn('started_at', 'bigint', required)
      .addColumn('finished_at', 'bigint')
      .addColumn('data', 'text')
      .execute();
    await db.schema.createIndex('snapshots_started').on('snapshots').columns(['phone_number_id', 'started_at', 'id']).execute();
    await db.schema
      .createIndex('snapshots_running')
      .unique()
      .on('snapshots')
      .column('phone_number_id')
      .where(sql.ref('state'), '=', sql.lit('running'))
      .execute();
    await table('report_periods')
      .addColumn('phone_number_id', 'text', required)
      .addColumn('from_at', 'bigint', required)
      .addColumn('until_at', 'bigint', required)
      .addColumn('produced_at', 'bigint', required)
      .addPrimaryKeyConstraint('report_periods_pk', ['phone_number_id', 'from_at'])
      .execute();
    await table('reports')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('phone_number_id', 'text', required)
      .addColumn('from_at', 'bigint', required)
      .addColumn('until_at', 'bigint', required)
      .addColumn('revision', 'integer', required)
      .addColumn('created_at', 'bigint', required)
      .addColumn('digest', 'text', required)
      .addColumn('data', 'text', required)
      .addUniqueConstraint('reports_revision', ['phone_number_id', 'from_at', 'revision'])
      .execute();
    await db.schema.createIndex('reports_created').on('reports').columns(['created_at', 'id']).execute();
  },
});
