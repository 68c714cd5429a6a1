import { Secret } from '#kernel/secret.js';
import type { Environment } from './environment.js';

/** How many connections to Postgres a process opens, and how long Postgres lets a transaction take; times in ms. */
export interface PostgresLimits {
  /** At most, of all kinds of work together. */
  readonly connections: number;
  /** The longest statement. */
  readonly statementMs: number;
  /** The longest wait for a lock. */
  readonly lockMs: number;
  /** The longest pause between two statements of a transaction: it ends the transaction of a process that stands still. */
  readonly idleMs: number;
}

export const DEFAULT_POSTGRES_LIMITS: PostgresLimits = { connections: 12, statementMs: 4_000, lockMs: 2_000, idleMs: 3_000 };

/** The database of the gateway. */
export type DatabaseUrl = { kind: 'sqlite'; path: string } | { kind: 'postgres'; url: Secret; limits?: PostgresLimits };

/** Reads which database it is, and the limits that hold on Postgres. */
export function readDatabase(env: Environment): DatabaseUrl {
  const { connections, statementMs, lockMs, idleMs } = DEFAULT_POSTGRES_LIMITS;
  const limits = {
    connections: env.integer('DATABASE_CONNECTIONS', connections, 8, 200),
    statementMs: env.integer('DATABASE_STATEMENT_TIMEOUT_MS', statementMs, 500, 60_000),
    lockMs: env.integer('DATABASE_LOCK_TIMEOUT_MS', lockMs, 100, 10_000),
    idleMs: env.integer('DATABASE_IDLE_TIMEOUT_MS', idleMs, 500, 4_000),
  };
  const url = env.text('DATABASE_URL') ?? 'sqlite:./data/gateway.db';
  if (/^sqlite:./.test(url)) return { kind: 'sqlite', path: url.slice('sqlite:'.length) };
  if (/^postgres(ql)?:\/\/./.test(url) && URL.canParse(url)) return { kind: 'postgres', url: new Secret(url), limits };
  env.fault('DATABASE_URL', 'must be sqlite:PATH or postgres://…', 'debe ser sqlite:RUTA o postgres://…');
  return { kind: 'sqlite', path: ':memory:' };
}
