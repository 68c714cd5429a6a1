import { Kysely } from 'kysely';
import pg from 'pg';
import type { PostgresLimits } from '#config/read-database.js';
import type { Secret } from '#kernel/secret.js';
import type { Schema } from '#store/schema.js';
import type { Databases } from '#store/store.js';
import { recognize } from './pooler.js';
import type { TimeLimits } from './timed-connection.js';
import { TimedDialect } from './timed-dialect.js';

const BIGINT = 20;

/** How long a connection may take, or the wait for one of the pool. */
const CONNECT_MS = 3_000;
/** A connection on which nothing was heard for so long is probed, so that one that died is noticed. */
const KEEP_ALIVE_MS = 10_000;
/** How much longer than Postgres the client waits: for a server that stands still, or a network that lost the answer. */
const CLIENT_MARGIN_MS = 1_000;

/** For webhooks and the probe: the inbox commits one batch after the other. */
const KEEPING = 2;
/** For sweeps, exports and reports. */
const LONG = 2;

/** Of the work that takes long by its nature; sweeps delete in batches, exports and reports read pages. */
const LONG_LIMITS: Omit<TimeLimits, 'lockMs'> = { statementMs: 30_000, idleMs: 4_000 };
/** Of the move into Postgres. */
const OWNER_LIMITS: TimeLimits = { statementMs: 1_800_000, lockMs: 15_000, idleMs: 60_000 };
/**
 * Of migrations. Every use of a table queues behind a migration that waits for it, so the wait is a quarter of the shortest that a replica
 * has patience for; the migration tries again.
 */
const MIGRATION_LIMITS: TimeLimits = { ...OWNER_LIMITS, lockMs: 500 };

/** The pools of one gateway. Work of one kind cannot take the connections of another. */
export function openPostgres(url: Secret, { connections, ...limits }: PostgresLimits): Databases {
  const locking = lockingConnections(connections);
  return {
    common: poolOf(url, connections - KEEPING - locking - LONG, limits),
    keeping: poolOf(url, KEEPING, limits),
    locking: poolOf(url, locking, limits),
    lockingConnections: locking,
    long: poolOf(url, LONG, { ...limits, ...LONG_LIMITS }),
  };
}

/** For writers that wait for a lock of their own process or of another; see `LockQueue`. Those of several numbers work side by side. */
const lockingConnections = (connections: number): number => Math.max(2, Math.floor((connections - KEEPING - LONG) / 2));

/** Postgres for a move. */
export const openPostgresForMove = (url: Secret): Kysely<Schema> => poolOf(url, 2, OWNER_LIMITS);

/** Postgres for migrations. */
export const openPostgresForMigrations = (url: Secret): Kysely<Schema> => poolOf(url, 2, MIGRATION_LIMITS);

/** Runs a statement that Postgres refuses in a transaction. It waits for others as long as it needs, and nobody waits for it. */
export async function runOutsideOfTransaction(url: Secret, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.reveal(), connectionTimeoutMillis: CONNECT_MS, keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  await client
    .query('set lock_timeout = 0')
    .then(() => client.query(statement))
    .finally(() => client.end());
}

/** 64-bit integers are read as numbers: times and ids stay far below 2^53. */
function poolOf(url: Secret, max: number, limits: TimeLimits): Kysely<Schema> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(BIGINT, Number);
  const pool = new pg.Pool({
    connectionString: url.reveal(),
    max,
    // One stays open: to connect anew would delay a webhook or a dial after a quiet while.
    min: 1,
    types,
    application_name: 'whatsapp-calling-gateway',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    query_timeout: Math.max(limits.statementMs, limits.lockMs) + CLIENT_MARGIN_MS,
    pipeline: true,
    verify: (client: pg.PoolClient, done: (error?: Error) => void) => void recognize(client).then(() => done(), done),
  } as pg.PoolConfig);
  // Without a listener an `error` event ends the process. The pool replaces an idle connection that the server has ended; a
  // connection in use has no listener of the pool, and its next query fails by itself.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Schema>({ dialect: new TimedDialect(pool, limits) });
}
