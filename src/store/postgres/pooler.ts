import type pg from 'pg';

/** Connections of which it is known that Postgres itself is at the other end. */
const direct = new WeakSet<object>();

/**
 * Finds out who is at the other end of a new connection: Postgres tells a client the number of its own process, while a pooler, which gives
 * each transaction another session, tells one of its making.
 */
export async function recognize(client: pg.PoolClient): Promise<void> {
  const told = (client as unknown as { processID: number | null }).processID;
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  if (rows[0]?.pid === told) direct.add(client);
}

/** Whether a pooler may be at the other end, so that what one transaction leaves in its session is not there in the next. */
export const isOfPooler = (client: pg.PoolClient): boolean => !direct.has(client);
