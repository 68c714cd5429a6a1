import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { writeCursor } from '../dist/events/cursor.js';

/**
 * The gateway's database, read from outside and never written.
 * @typedef {{
 *   deliveriesAfter(id: number): Promise<Array<{ id: number, body: Buffer }>>,
 *   isSound(): Promise<boolean>,
 *   countNotDone(): Promise<{ new: number, failed: number }>,
 *   countRetrying(): Promise<number>,
 *   countSeen(): Promise<number>,
 *   events(): Promise<Array<{ id: string, type: string, subject: string, sequence: number }>>,
 *   wacids(): Promise<Set<string>>,
 *   drop(): Promise<void>,
 *   url: string,
 * }} Database
 */

/** The `application_name` of the proof's own connections. */
export const PROOF = 'prove';

const DELIVERIES = 'select id, body from deliveries where id >';
const HAS_DELIVERIES = "select 1 from sqlite_schema where name = 'deliveries'";
const NOT_DONE = "select state, count(*) as n from deliveries where state <> 'done' group by state";
const RETRYING = "select count(*) as n from dispatches where state = 'retrying'";
const SEEN = 'select count(*) as n from seen';
const EVENTS = 'select xid, id, type, subject, sequence from events order by xid, id';
const WACIDS = 'select wacid from calls where wacid is not null';

const toEvent = ({ xid, id, type, subject, sequence }) => ({
  id: writeCursor({ xid: Number(xid), id: Number(id) }),
  type,
  subject,
  sequence: Number(sequence),
});

const countsOf = (rows) => ({ new: 0, failed: 0, ...Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)])) });

/** @implements {Database} */
export class SqliteDatabase {
  constructor(path) {
    this.path = path;
    this.url = `sqlite:${path}`;
  }

  async deliveriesAfter(id) {
    // A power cut may take the table itself.
    return this.#read((file) => (file.prepare(HAS_DELIVERIES).get() ? file.prepare(`${DELIVERIES} ?`).all(id) : []));
  }

  async isSound() {
    return this.#read((file) => file.pragma('integrity_check', { simple: true })) === 'ok';
  }

  async countNotDone() {
    return countsOf(this.#read((file) => file.prepare(NOT_DONE).all()));
  }

  async countRetrying() {
    return this.#read((file) => file.prepare(RETRYING).pluck().get());
  }

  async countSeen() {
    return this.#read((file) => file.prepare(SEEN).pluck().get());
  }

  async events() {
    return this.#read((file) => file.prepare(EVENTS).all()).map(toEvent);
  }

  async wacids() {
    return new Set(this.#read((file) => file.prepare(WACIDS).pluck().all()));
  }

  async drop() {}

  #read(work) {
    const file = new Sqlite(this.path, { readonly: true, fileMustExist: true, timeout: 5_000 });
    try {
      return work(file);
    } finally {
      file.close();
    }
  }
}

/** A database of its own on a Postgres server, made for one proof and dropped after it. @implements {Database} */
export class PostgresDatabase {
  static async create(serverUrl, name) {
    await onServer(serverUrl, `create database ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    return new PostgresDatabase(serverUrl, name, url.href);
  }

  constructor(serverUrl, name, url) {
    Object.assign(this, { serverUrl, name, url });
    this.pool = new pg.Pool({ connectionString: url, max: 2, application_name: PROOF });
    this.pool.on('error', () => undefined);
  }

  async deliveriesAfter(id) {
    const { rows } = await this.pool.query(`${DELIVERIES} $1`, [id]);
    return rows.map((row) => ({ id: Number(row.id), body: row.body }));
  }

  /** The server was not killed, only its client: there is nothing of it to check. */
  async isSound() {
    return true;
  }

  async countNotDone() {
    return countsOf((await this.pool.query(NOT_DONE)).rows);
  }

  async countRetrying() {
    return Number((await this.pool.query(RETRYING)).rows[0].n);
  }

  async countSeen() {
    return Number((await this.pool.query(SEEN)).rows[0].n);
  }

  async events() {
    const { rows } = await this.pool.query(EVENTS);
    return rows.map(toEvent);
  }

  async wacids() {
    return new Set((await this.pool.query(WACIDS)).rows.map(({ wacid }) => wacid));
  }

  async drop() {
    await this.pool.end();
    await onServer(this.serverUrl, `drop database ${this.name} with (force)`);
  }
}

let databases = 0;

const LIKELY_URL = 'postgres://postgres:postgres@127.0.0.1:5432/postgres';

/** The Postgres server of TEST_POSTGRES_URL, or of this machine. @returns {Promise<string | null>} null when none answers */
async function findPostgres() {
  const url = process.env.TEST_POSTGRES_URL ?? LIKELY_URL;
  return onServer(url, 'select 1').then(
    () => url,
    () => null,
  );
}

/**
 * Runs a proof on a database of its own on the Postgres server of this machine.
 * @param {(database: PostgresDatabase) => Promise<import('./main.mjs').Result>} work
 */
export const onPostgres = (work) => withPostgres(async (makeDatabase) => work(await makeDatabase()));

/** The same for any number of databases. @param {(makeDatabase: () => Promise<PostgresDatabase>) => Promise<import('./main.mjs').Result>} work */
export async function withPostgres(work) {
  const server = await findPostgres();
  if (server === null) return { passed: null, summary: 'no Postgres answers at TEST_POSTGRES_URL or 127.0.0.1:5432' };
  return onServerAt(server, work);
}

/**
 * A proof on SQLite, and the same on Postgres under NAME-postgres. `run` makes its databases with `makeDatabase` of its context.
 * @typedef {import('./main.mjs').ProofContext & { engine: 'sqlite' | 'postgres',
 *   makeDatabase: (name?: string) => Promise<Database> }} EngineContext
 * @param {{ name: string, says: string, run: (context: EngineContext) => Promise<import('./main.mjs').Result> }} proof
 * @returns {import('./main.mjs').Proof[]}
 */
export function onBothEngines({ name, says, run }) {
  const onSqlite = (context) =>
    run({ ...context, engine: 'sqlite', makeDatabase: async (file = 'gateway') => new SqliteDatabase(join(context.folder, `${file}.db`)) });
  const onPostgres = (context) => withPostgres((makeDatabase) => run({ ...context, engine: 'postgres', makeDatabase }));
  return [
    { name, says, run: onSqlite },
    { name: `${name}-postgres`, says: 'the same on Postgres', run: onPostgres },
  ];
}

/** The same on a given server. @param {string} server its URL */
export const onDatabase = (server, work) => onServerAt(server, async (makeDatabase) => work(await makeDatabase()));

async function onServerAt(server, work) {
  const made = [];
  const makeDatabase = async () => {
    databases += 1;
    const database = await PostgresDatabase.create(server, `prove_${process.pid}_${Date.now()}_${databases}`);
    made.push(database);
    return database;
  };
  try {
    return await work(makeDatabase);
  } finally {
    for (const database of made) await database.drop();
  }
}

async function onServer(url, sql) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
