import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Secret } from '#kernel/secret.js';
import type { Schema } from './schema.js';

const BIGINT = 20;

/** A pool on Postgres. 64-bit integers are read as numbers: times and ids stay far below 2^53. */
export function openPostgres(url: Secret): Kysely<Schema> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(BIGINT, Number);
  const pool = new pg.Pool({
    connectionString: url.reveal(),
    max: 10,
    types,
    application_name: 'whatsapp-calling-gateway',
    connectionTimeoutMillis: 5_000,
  });
  // Without a listener an `error` event ends the process. The pool replaces an idle connection that the server has ended; a
  // connection in use has no listener of the pool, and its next query fails by itself.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}
