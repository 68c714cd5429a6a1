import pg from 'pg';
import { PROOF } from '../database.mjs';
import { pause } from '../pause.mjs';

const INSERT = `insert into events (type, subject, sequence, occurred_at, data)
  select 'call.updated', $1, n, 0, '{}' from generate_series($2::int, $3::int) n returning id`;
const PAGE = 200;

async function connectTo(url) {
  const client = new pg.Client({ connectionString: url, application_name: PROOF });
  // Sessions are ended on purpose.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Publishes events as the gateway does: those of one subject under a lock that is held to the commit. */
export class OrderWriter {
  /** @param {{ url: string, random: import('../random.mjs').Random, sequences: Map<string, number>, isBrutal: boolean }} options
   *    `isBrutal`: it also has its own session ended before a commit */
  constructor({ url, random, sequences, isBrutal }) {
    Object.assign(this, { url, random, sequences, isBrutal });
  }

  /** @param {number} count @returns {Promise<number[]>} the ids of the events that are committed */
  async write(count) {
    const committed = [];
    while (committed.length < count) committed.push(...(await this.#transaction()));
    return committed;
  }

  async stop() {
    await this.client?.end().catch(() => undefined);
  }

  async #transaction() {
    const { random } = this;
    this.client ??= await connectTo(this.url);
    const subject = random.pick([...this.sequences.keys()]);
    await this.client.query('begin');
    await this.client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [subject]);
    const first = this.sequences.get(subject) + 1;
    const last = first + random.between(0, 7);
    const { rows } = await this.client.query(INSERT, [subject, first, last]);
    if (random.chance(0.03)) await pause(random.between(5, 60));
    if (random.chance(0.01)) await this.client.query("savepoint part; select nextval('events_id_seq'); rollback to part");
    if (random.chance(0.05)) return this.#undo();
    if (this.isBrutal && random.chance(0.02)) return this.#die();
    // Before the commit lets the next writer of this subject go on.
    this.sequences.set(subject, last);
    await this.client.query('commit');
    return rows.map(({ id }) => Number(id));
  }

  async #undo() {
    await this.client.query('rollback');
    return [];
  }

  async #die() {
    await this.client.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    this.client = null;
    return [];
  }
}

/** Reads by its cursor without a pause, and resumes with nothing but the cursor on a new connection now and then. */
export class OrderReader {
  /** @type {{ id: number, subject: string, sequence: number }[]} */
  heard = [];
  resumed = 0;
  #cursor = ['0', '0'];
  #looks = 0;
  #stopped = false;

  constructor({ url, random }) {
    Object.assign(this, { url, random });
    this.reading = this.#read();
  }

  /** Resolves after a look that began now and found nothing: what is missing then was passed over. */
  async catchUp() {
    for (const from = this.#looks + 1; this.#looks <= from; ) await pause(2);
  }

  async stop() {
    this.#stopped = true;
    await this.reading;
  }

  async #read() {
    let client = await connectTo(this.url);
    while (!this.#stopped) {
      const { rows } = await client.query('select xid, id, subject, sequence from events_after($1, $2, $3) order by xid, id', [
        ...this.#cursor,
        PAGE,
      ]);
      for (const { id, subject, sequence } of rows) this.heard.push({ id: Number(id), subject, sequence });
      if (rows.length > 0) this.#cursor = [rows.at(-1).xid, rows.at(-1).id];
      else this.#looks += 1;
      if (!this.random.chance(0.002)) continue;
      await client.end();
      client = await connectTo(this.url);
      this.resumed += 1;
    }
    await client.end();
  }
}
