import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { SqliteDatabase } from '../prove/database.mjs';
import { Gateway } from '../prove/gateway.mjs';
import { deliver } from '../prove/load.mjs';
import { connect, delivery, sdp, terminate } from '../prove/webhooks.mjs';
import { drained } from './ingest.mjs';

const SAMPLE = { wacid: 'wacid.SAMPLE', user: '5215500000777', direction: 'USER_INITIATED' };
const YEAR_MS = 365 * 86_400_000;
/** People call more than once. */
const CALLS_PER_PERSON = 5;
const ROWS_AT_ONCE = 20_000;

/**
 * A database with many calls of the past year: one answered call is made through the gateway, and its rows are repeated with other
 * names and times.
 * @returns {Promise<string>} the path
 */
export async function longLog({ folder, upstream, calls }) {
  const path = join(folder, 'gateway.db');
  await makeSample(path, { folder, upstream });
  const database = new Sqlite(path);
  database.pragma('synchronous = OFF');
  const sample = readSample(database);
  const insert = Object.fromEntries(Object.entries(sample).map(([table, [row]]) => [table, insertOf(database, table, row)]));
  const now = Date.now();
  for (let from = 0; from < calls; from += ROWS_AT_ONCE) {
    database.transaction(() => {
      for (let i = from; i < Math.min(calls, from + ROWS_AT_ONCE); i += 1) {
        const shift = now - YEAR_MS + Math.floor((i / calls) * YEAR_MS) - sample.calls[0].created_at;
        for (const [table, row] of rowsOf(sample, i)) insert[table].run(renamed(row, i, shift));
      }
    })();
  }
  database.exec('analyze');
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  return path;
}

/** The rows that a call needs; several calls share a person. */
const rowsOf = (sample, i) =>
  Object.entries(sample)
    .filter(([table]) => !ONCE_PER_PERSON.has(table) || i % CALLS_PER_PERSON === 0)
    .flatMap(([table, rows]) => rows.map((row) => [table, row]));

const ONCE_PER_PERSON = new Set(['people', 'addresses', 'windows']);

async function makeSample(path, { folder, upstream }) {
  const gateway = new Gateway({ folder, databaseUrl: `sqlite:${path}`, upstream: upstream.url });
  await gateway.start();
  const at = Math.floor(Date.now() / 1_000);
  await deliver(gateway.port, delivery([connect(SAMPLE, at)]));
  await drained(new SqliteDatabase(path));
  const body = { call_id: SAMPLE.wacid, session: { sdp_type: 'answer', sdp: sdp('active') } };
  const { status } = await gateway.api('POST', '/api/calling/accept', { body });
  if (status >= 300) throw new Error(`the sample call was not accepted: ${status}`);
  await deliver(gateway.port, delivery([terminate(SAMPLE, at + 5, 3)]));
  await drained(new SqliteDatabase(path));
  await gateway.kill();
}

function readSample(database) {
  const all = (table) => database.prepare(`select * from ${table}`).all();
  const tables = ['people', 'addresses', 'windows', 'calls', 'timeline', 'permission_facts', 'seen'];
  const sample = Object.fromEntries(tables.map((table) => [table, all(table)]));
  // Numbered by the database.
  for (const row of [...sample.timeline, ...sample.permission_facts]) delete row.id;
  return sample;
}

function insertOf(database, table, row) {
  const columns = Object.keys(row);
  return database.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map((name) => `@${name}`).join(', ')})`);
}

const TIMES = new Set(['at', 'created_at', 'ended_at', 'last_inbound_at']);

/** The row of another call: another wacid, id and person, all times moved. */
function renamed(row, i, shift) {
  const person = String(Math.floor(i / CALLS_PER_PERSON)).padStart(9, '0');
  const renamedText = (text, name) => {
    if (name === 'key') return text.slice(0, -10) + String(i).padStart(10, '0');
    return text
      .replaceAll(SAMPLE.wacid, `wacid.LOG.${i}`)
      .replace(/(call_\w{10})\w{16}/g, `$1${String(i).padStart(16, '0')}`)
      .replace(/(usr_\w{10})\w{16}/g, `$1${person.padStart(16, '0')}`)
      .replace(/\d{9}(?=$|")/, (digits) => (name === 'wa_id' || name === 'address' || name === 'name' ? person : digits));
  };
  const entries = Object.entries(row).map(([name, value]) => {
    if (TIMES.has(name) && value !== null) return [name, value + shift];
    return [name, typeof value === 'string' ? renamedText(value, name) : value];
  });
  return Object.fromEntries(entries);
}
