import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';

/** All tables of the first release; `../schema.ts` says what they mean. */
export const firstRing = (engine: 'sqlite' | 'postgres') => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const blob = engine === 'postgres' ? 'bytea' : 'blob';
    const serial = engine === 'postgres' ? 'bigserial' : 'integer';
    const key = (column: ColumnDefinitionBuilder) => (engine === 'postgres' ? column.primaryKey() : column.primaryKey().autoIncrement());
    const required = (column: ColumnDefinitionBuilder) => column.notNull();
    const table = (name: string) => db.schema.createTable(name);
    const index = (name: string, on: string, columns: string[]) => db.schema.createIndex(name).on(on).columns(columns).execute();

    await table('meta')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', required)
      .execute();
    await table('numbers')
      .addColumn('phone_number_id', 'text', (c) => c.primaryKey())
      .addColumn('display_phone_number', 'text')
      .addColumn('waba_id', 'text')
      .addColumn('learned_at', 'bigint', required)
      .execute();
    await table('people')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('wa_id', 'text')
      .addColumn('user_id', 'text')
      .addColumn('parent_user_id', 'text')
      .addColumn('username', 'text')
      .addColumn('name', 'text')
      .addColumn('created_at', 'bigint', required)
      .execute();
    await table('addresses')
      .addColumn('address', 'text', (c) => c.primaryKey())
      .addColumn('person_id', 'text', required)
      .execute();
    await index('addresses_person', 'addresses', ['person_id']);
    await table('windows')
      .addColumn('phone_number_id', 'text', required)
      .addColumn('person_id', 'text', required)
      .addColumn('last_inbound_at', 'bigint', required)
      .addPrimaryKeyConstraint('windows_pk', ['phone_number_id', 'person_id'])
      .execute();
    await table('deliveries')
      .addColumn('id', serial, key)
      .addColumn('received_at', 'bigint', required)
      .addColumn('body', blob, required)
      .addColumn('state', 'text', required)
      .addColumn('attempts', 'integer', required)
      .addColumn('summary', 'text')
      .execute();
    await db.schema.createIndex('deliveries_new').on('deliveries').column('id').where(sql.ref('state'), '=', sql.lit('new')).execute();
    await table('seen')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', required)
      .execute();
    await table('calls')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('phone_number_id', 'text', required)
      .addColumn('person_id', 'text', required)
      .addColumn('wacid', 'text', (c) => c.unique())
      .addColumn('direction', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('outcome', 'text')
      .addColumn('live', 'integer', required)
      .addColumn('input', 'text')
      .addColumn('reference', 'text')
      .addColumn('knowledge', 'text', required)
      .addColumn('sequence', 'integer', required)
      .addColumn('created_at', 'bigint', required)
      .addColumn('deadline_at', 'bigint')
      .addColumn('ended_at', 'bigint')
      .execute();
    await index('calls_person', 'calls', ['person_id', 'created_at']);
    await index('calls_created', 'calls', ['created_at', 'id']);
    await db.schema.createIndex('calls_deadline').on('calls').column('deadline_at').where(sql.ref('live'), '=', sql.lit(1)).execute();
    await table('timeline')
      .addColumn('id', serial, key)
      .addColumn('call_id', 'text', required)
      .addColumn('at', 'bigint', required)
      .addColumn('kind', 'text', required)
      .addColumn('name', 'text', required)
      .addColumn('data', 'text', required)
      .execute();
    await index('timeline_call', 'timeline', ['call_id', 'id']);
    await table('permission_facts')
      .addColumn('id', serial, key)
      .addColumn('phone_number_id', 'text', required)
      .addColumn('person_id', 'text', required)
      .addColumn('kind', 'text', required)
      .addColumn('at', 'bigint', required)
      .addColumn('ref', 'text')
      .addColumn('data', 'text', required)
      .execute();
    await index('permission_facts_person', 'permission_facts', ['person_id', 'phone_number_id', 'id']);
    await index('permission_facts_ref', 'permission_facts', ['ref']);
    await table('permission_readings')
      .addColumn('phone_number_id', 'text', required)
      .addColumn('person_id', 'text', required)
      .addColumn('observed_at', 'bigint', required)
      .addColumn('data', 'text', required)
      .addPrimaryKeyConstraint('permission_readings_pk', ['phone_number_id', 'person_id'])
      .execute();
    await table('readings')
      .addColumn('phone_number_id', 'text', required)
      .addColumn('name', 'text', required)
      .addColumn('source', 'text', required)
      .addColumn('scope', 'text', required)
      .addColumn('observed_at', 'bigint', required)
      .addColumn('data', 'text', required)
      .addPrimaryKeyConstraint('readings_pk', ['phone_number_id', 'name', 'source'])
      .execute();
    await table('refusals')
      .addColumn('id', serial, key)
      .addColumn('phone_number_id', 'text', required)
      .addColumn('at', 'bigint', required)
      .addColumn('operation', 'text', required)
      .addColumn('code', 'text', required)
      .addColumn('upstream_code', 'integer')
      .addColumn('call_id', 'text')
      .execute();
    await index('refusals_at', 'refusals', ['at']);
    await table('events')
      .addColumn('id', serial, key)
      .addColumn('xid', 'bigint', (c) => c.notNull().defaultTo(engine === 'postgres' ? sql`(pg_current_xact_id()::text::bigint)` : 0))
      .addColumn('type', 'text', required)
      .addColumn('subject', 'text', required)
      .addColumn('sequence', 'integer', required)
      .addColumn('phone_number_id', 'text')
      .addColumn('occurred_at', 'bigint', required)
      .addColumn('expires_at', 'bigint')
      .addColumn('data', 'text', required)
      .execute();
    await index('events_order', 'events', ['xid', 'id']);
    await table('api_keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', required)
      .addColumn('hash', 'text', (c) => c.notNull().unique())
      .addColumn('scopes', 'text', required)
      .addColumn('source', 'text', required)
      .addColumn('created_at', 'bigint', required)
      .addColumn('last_used_at', 'bigint')
      .execute();
    await table('idempotency')
      .addColumn('api_key_id', 'text', required)
      .addColumn('key', 'text', required)
      .addColumn('fingerprint', 'text', required)
      .addColumn('holder', 'text', required)
      .addColumn('running_until', 'bigint', required)
      .addColumn('call_id', 'text')
      .addColumn('status', 'integer')
      .addColumn('body', 'text')
      .addColumn('created_at', 'bigint', required)
      .addPrimaryKeyConstraint('idempotency_pk', ['api_key_id', 'key'])
      .execute();
  },
});
