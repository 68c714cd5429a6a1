import { sql } from 'kysely';
import type { DatabaseUrl } from '#config/read-database.js';
import { InstanceLock } from './instance-lock.js';
import { REPLICA_NAME } from './postgres/notifications.js';
import type { Store } from './store.js';

/**
 * Makes sure that no gateway runs on a database, for a command that changes what a gateway reads at its start. On SQLite none can start
 * until the result is called.
 * @returns null while one runs
 */
export async function withoutGateway(database: DatabaseUrl, store: Store): Promise<(() => void) | null> {
  if (database.kind === 'sqlite') {
    const lock = await InstanceLock.take(database.path);
    return lock && (() => lock.release());
  }
  const replicas = sql<{ count: string }>`
    (select count(*) as count from pg_stat_activity where application_name = ${REPLICA_NAME} and datname = current_database())`;
  const { count } = await store.read.selectFrom(replicas.as('replicas')).select('replicas.count').executeTakeFirstOrThrow();
  return Number(count) > 0 ? null : () => undefined;
}
