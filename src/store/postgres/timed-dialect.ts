import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type pg from 'pg';
import { isOfPooler } from './pooler.js';
import { StatementNames } from './statement-names.js';
import { TimedConnection, type TimeLimits } from './timed-connection.js';

/** Postgres through a pool of which every query and every transaction has an end. */
export class TimedDialect implements Dialect {
  constructor(
    private readonly pool: pg.Pool,
    private readonly limits: TimeLimits,
  ) {}

  createDriver(): Driver {
    const { pool, limits } = this;
    const names = new StatementNames();
    const namesFor = (client: pg.PoolClient) => (isOfPooler(client) ? null : names);
    const timed = (connection: DatabaseConnection) => connection as TimedConnection;
    return {
      init: async () => undefined,
      acquireConnection: async () => {
        const client = await pool.connect();
        return new TimedConnection(client, limits, namesFor(client));
      },
      beginTransaction: async (connection) => timed(connection).begin(),
      commitTransaction: (connection) => timed(connection).commit(),
      rollbackTransaction: (connection) => timed(connection).rollback(),
      releaseConnection: async (connection) => timed(connection).release(),
      destroy: () => pool.end(),
    };
  }

  createAdapter = () => new PostgresAdapter();
  createQueryCompiler = () => new PostgresQueryCompiler();
  createIntrospector = (db: Kysely<unknown>) => new PostgresIntrospector(db);
}
