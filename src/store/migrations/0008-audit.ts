import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';

/** Administrative actions. The table is append-only: the database refuses to change a row. */
export const audit = (engine: 'sqlite' | 'postgres') => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const required = (column: ColumnDefinitionBuilder) => column.notNull();
    await db.schema
      .createTable('audit')
      .addColumn('id', engine === 'postgres' ? 'bigserial' : 'integer', (c) =>
        engine === 'postgres' ? c.primaryKey() : c.primaryKey().autoIncrement(),
      )
      .addColumn('at', 'bigint', required)
      .addColumn('action', 'text', required)
      .addColumn('key_id', 'text', required)
      .addColumn('operator_id', 'text')
      .addColumn('target', 'text')
      .addColumn('request_id', 'text')
      .addColumn('outcome_of', 'bigint', (c) => c.unique())
      .addColumn('status', 'integer')
      .execute();
    for (const statement of engine === 'postgres' ? POSTGRES : SQLITE) await sql.raw(statement).execute(db);
  },
});

const SQLITE = ["create trigger audit_is_final before update on audit begin select raise(abort, 'audit is only added to'); end"];

const POSTGRES = [
  "create function audit_is_final() returns trigger language plpgsql as $$ begin raise exception 'audit is only added to'; end $$",
  'create trigger audit_is_final before update on audit for each row execute function audit_is_final()',
];
