import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';

/** Subscriptions with what was sent to them, and forwarding; `../schema.ts` says what the columns mean. */
export const eventsOut = (engine: 'sqlite' | 'postgres') => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const required = (column: ColumnDefinitionBuilder) => column.notNull();
    const table = (name: string) => db.schema.createTable(name);

    await table('subscriptions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('url', 'text', required)
      .addColumn('description', 'text')
      .addColumn('types', 'text')
      .addColumn('scopes', 'text', required)
      .addColumn('phone_number_id', 'text')
      .addColumn('created_by', 'text', required)
      .addColumn('secret', 'text', required)
      .addColumn('previous_secret', 'text')
      .addColumn('previous_until', 'bigint')
      .addColumn('state', 'text', required)
      .addColumn('disabled_at', 'bigint')
      .addColumn('disabled_reason', 'text')
      .addColumn('xid', 'bigint', required)
      .addColumn('event_id', 'bigint', required)
      .addColumn('failures', 'integer', required)
      .addColumn('failing_since', 'bigint')
      .addColumn('held_until', 'bigint')
      .addColumn('revision', 'integer', required)
      .addColumn('holder', 'text')
      .addColumn('held_by_until', 'bigint')
      .addColumn('created_at', 'bigint', required)
      .execute();
    await db.schema.createIndex('subscriptions_created').on('subscriptions').columns(['created_at', 'id']).execute();
    await table('dispatches')
      .addColumn('subscription_id', 'text', required)
      .addColumn('xid', 'bigint', required)
      .addColumn('event_id', 'bigint', required)
      .addColumn('type', 'text', required)
      .addColumn('subject', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('attempts', 'integer', required)
      .addColumn('first_attempt_at', 'bigint')
      .addColumn('last_attempt_at', 'bigint')
      .addColumn('next_attempt_at', 'bigint')
      .addColumn('response_status', 'integer')
      .addColumn('latency_ms', 'integer')
      .addColumn('error', 'text')
      .addPrimaryKeyConstraint('dispatches_pk', ['subscription_id', 'xid', 'event_id'])
      .execute();
    await db.schema
      .createIndex('dispatches_due')
      .on('dispatches')
      .columns(['subscription_id', 'next_attempt_at'])
      .where(sql.ref('state'), '=', sql.lit('retrying'))
      .execute();
    await db.schema.createIndex('dispatches_last_attempt').on('dispatches').column('last_attempt_at').execute();
    await db.schema
      .alterTable('deliveries')
      .addColumn('xid', 'bigint', (c) => c.notNull().defaultTo(engine === 'postgres' ? sql`(pg_current_xact_id()::text::bigint)` : 0))
      .execute();
    await db.schema.createIndex('deliveries_order').on('deliveries').columns(['xid', 'id']).execute();
    await table('forwards')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('xid', 'bigint', required)
      .addColumn('delivery_id', 'bigint', required)
      .addColumn('holder', 'text')
      .addColumn('held_by_until', 'bigint')
      .execute();
  },
});
