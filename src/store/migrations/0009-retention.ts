import { type Kysely, sql } from 'kysely';

/** Indexes by which expired rows are found without a scan. */
export const retention = () => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.createIndex('seen_at').on('seen').column('at').execute();
    await db.schema.createIndex('idempotency_created').on('idempotency').column('created_at').execute();
    await db.schema.createIndex('audit_at').on('audit').column('at').execute();
    await db.schema.createIndex('calls_ended').on('calls').column('ended_at').where(sql.ref('live'), '=', sql.lit(0)).execute();
  },
});
