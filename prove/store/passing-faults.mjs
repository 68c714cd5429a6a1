import { join } from 'node:path';
import pg from 'pg';
import { onPostgres, PROOF } from '../database.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { deliver } from '../load.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad } from '../statistics.mjs';
import { connect, delivery, terminate } from '../webhooks.mjs';
import { SteadyWebhooks } from './steady-webhooks.mjs';

const LANES = 4;
const SHORT_MS = 15_000;
const LONG_MS = 60_000;
const KNOWN_WITHIN_MS = 10_000;
const PER_SECOND = 10;
const STATEMENT_TIMEOUT = '1s';
/**
 * For this share of a lock few webhooks wait: the inbox tries them again and again. In a stream of webhooks each one has its turn
 * so rarely that none fails often.
 */
const ALONE_SHARE = 0.8;
const FEW = 2;
/** The tables that webhooks touch, for the quick tier: one in each database. */
const QUICK = ['calls', 'deliveries', 'seen', 'events'];
/** The table that is locked for longest. */
const LONGEST = 'calls';
const POISON = 'wacid.POISON';

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'passing-faults',
    says: 'while any table is locked and statements time out no delivery is set aside, all calls are known soon after, and poison is set aside alone',
    run: async (context) => {
      const found = await inLanes(context, context.quick ? () => QUICK.map((table) => [lockOf(table)]) : shared);
      return found === null ? NO_POSTGRES : { passed: isRight(found), summary: summaryOf(found) };
    },
  },
  {
    name: 'passing-faults-faulty',
    says: 'the proof goes red against a gateway that takes every failure for one of the delivery',
    run: async (context) => {
      const found = await inLanes(context, () => [[lockOf(QUICK[0], LONG_MS)]], 'every-fault-is-poison');
      if (found === null) return NO_POSTGRES;
      const red = found.setAside > 0;
      return { passed: red, summary: `${colourOf(red)}: ${summaryOf(found)}` };
    },
  },
];

const NO_POSTGRES = { passed: null, summary: 'no Postgres answers at TEST_POSTGRES_URL or 127.0.0.1:5432' };

const lockOf = (table, ms = SHORT_MS) => ({ table, ms });

/** Every table is locked once, in one of the databases; the last of the locks of the first is the longest. @param {string[]} tables */
function shared(tables) {
  const lanes = Array.from({ length: LANES }, (_, lane) => tables.filter((_table, i) => i % LANES === lane).map((table) => lockOf(table)));
  lanes[0].push(lockOf(LONGEST, LONG_MS));
  return lanes;
}

const isRight = ({ locks, setAside, late, callsMissing, lost, deaths, unready, poison }) =>
  locks.length > 0 && setAside + late.length + callsMissing + lost + deaths + unready === 0 && poison.every((text) => text === ALONE);

const summaryOf = (found) =>
  `${found.locks.length} locks under statement_timeout=${STATEMENT_TIMEOUT}, ${found.acknowledged} acknowledged of ` +
  `${JSON.stringify(found.statuses)}, ${found.setAside} set aside, calls not known ${KNOWN_WITHIN_MS / 1_000} s after: ` +
  `${found.late.length === 0 ? 'none' : found.late.join(', ')}, at the slowest after ${(found.slowestMs / 1_000).toFixed(1)} s, ` +
  `${found.lost} lost, ${found.callsMissing} calls missing in the end, ${found.deaths} deaths, not ready in the end ${found.unready}; ` +
  `poison: ${[...new Set(found.poison)].join(', ')}; ${machineLoad()}`;

/** @param {(tables: string[]) => Array<Array<{ table: string, ms: number }>>} plan which locks come one after the other in which database */
async function inLanes({ folder, upstream, random }, plan, fault) {
  const tables = await tablesOf({ folder, upstream });
  if (tables === null) return null;
  const lanes = await Promise.all(
    plan(tables).map((locks, i) =>
      onPostgres((database) => lane({ folder: join(folder, `lane-${i}`), upstream, random, database, locks, fault })),
    ),
  );
  const all = (name) => lanes.flatMap((one) => one[name]);
  const sum = (name) => lanes.reduce((total, one) => total + one[name], 0);
  const statuses = {};
  for (const [status, n] of all('statuses').flatMap(Object.entries)) statuses[status] = (statuses[status] ?? 0) + n;
  const sums = Object.fromEntries(
    ['setAside', 'lost', 'callsMissing', 'deaths', 'unready', 'acknowledged'].map((name) => [name, sum(name)]),
  );
  return { ...sums, statuses, locks: all('locks'), late: all('late'), poison: all('poison'), slowestMs: Math.max(...all('slowestMs')) };
}

/** Every table that a start makes; null without a server. */
async function tablesOf({ folder, upstream }) {
  const found = await onPostgres(async (database) => {
    const gateway = new Gateway({ folder: join(folder, 'schema'), databaseUrl: database.url, upstream: upstream.url });
    await gateway.start();
    await gateway.kill();
    const { rows } = await database.pool.query(
      "select tablename from pg_tables where schemaname = current_schema() and tablename not like 'kysely%' order by tablename",
    );
    return rows.map(({ tablename }) => tablename);
  });
  return Array.isArray(found) ? found : null;
}

/** One database with its gateway, whose tables are locked one after the other under webhooks. */
async function lane({ folder, upstream, random, database, locks, fault }) {
  await database.pool.query(`alter database ${database.name} set statement_timeout = '${STATEMENT_TIMEOUT}'`);
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
  await gateway.start();
  const ledger = new Ledger();
  const result = { locks, late: [], slowestMs: 0, statuses: [], poison: [] };
  for (const { table, ms } of locks) {
    const webhooks = new SteadyWebhooks({ random, ledger, gatewayOf: () => gateway, perSecond: PER_SECOND, name: table });
    await pause(1_000);
    webhooks.hush();
    await workedOff(database);
    await whileLocked(database, table, async () => {
      for (let i = 0; i < FEW; i += 1) webhooks.send();
      await pause(ms * ALONE_SHARE);
      webhooks.resume();
      await pause(ms * (1 - ALONE_SHARE));
    });
    // Those that come after the lock must not hide those that came during it.
    const stopping = webhooks.stop();
    const began = performance.now();
    const known = async () => (await ledger.countCallsMissing(database)) + (await database.countNotDone()).new === 0;
    await until('all calls are known', known, { withinMs: KNOWN_WITHIN_MS, everyMs: 250 }).catch(() => result.late.push(table));
    result.slowestMs = Math.max(result.slowestMs, performance.now() - began);
    await stopping;
    result.statuses.push(webhooks.statuses());
  }
  await workedOff(database).catch(() => undefined);
  const setAside = (await database.countNotDone()).failed;
  result.poison.push(await poison({ database, gateway, setAsideBefore: setAside }));
  const { exitCode, signalCode } = gateway.child;
  const deaths = exitCode === null && signalCode === null ? 0 : 1;
  const ready = await gateway.api('GET', '/health/ready').catch(() => null);
  await gateway.kill();
  return {
    ...result,
    setAside,
    deaths,
    unready: ready?.status === 200 ? 0 : 1,
    acknowledged: ledger.promised.size,
    lost: await ledger.countLostInAll(database),
    callsMissing: await ledger.countCallsMissing(database),
  };
}

const workedOff = (database) =>
  until('the inbox is worked off', async () => (await database.countNotDone()).new === 0, { withinMs: 60_000 });

async function whileLocked({ url }, table, work) {
  const client = new pg.Client({ connectionString: url, application_name: PROOF });
  await client.connect();
  await client.query('set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0');
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  await work();
  await client.query('rollback');
  await client.end();
}

const ALONE = 'set aside alone';
/** A rule of the database that no release knows: a fault of the data (SQLSTATE 22) whatever the reader makes of the webhook. */
const POISONOUS = `
  create function refuse_poison() returns trigger language plpgsql as
    $$ begin raise exception 'poison' using errcode = '22000'; end $$;
  create trigger refuse_poison before insert on calls for each row when (new.wacid = '${POISON}') execute function refuse_poison()`;

/** One delivery with a poisonous call between two good ones, and one good delivery before and after it. @returns what became of it */
async function poison({ database, gateway, setAsideBefore }) {
  await database.pool.query(POISONOUS);
  const good = ['wacid.GOOD.1', 'wacid.GOOD.2', 'wacid.GOOD.3', 'wacid.GOOD.4'];
  const [before, first, last, after] = good;
  for (const wacids of [[before], [first, POISON, last], [after]]) {
    const { status } = await deliver(gateway.port, Buffer.from(JSON.stringify(delivery(wacids.flatMap(callOf)))));
    if (status !== 200) return `answered ${status}`;
  }
  const isSetAside = async () => (await database.countNotDone()).failed > setAsideBefore;
  const inTime = await until('poison is set aside', isSetAside, { withinMs: 30_000 }).then(
    () => true,
    () => false,
  );
  if (!inTime) return 'NOT SET ASIDE';
  const known = await database.wacids();
  const missing = good.filter((wacid) => !known.has(wacid));
  const left = await database.countNotDone();
  if (missing.length > 0 || left.failed !== setAsideBefore + 1) return `set aside with ${missing}, ${left.failed} deliveries`;
  return known.has(POISON) ? 'applied' : ALONE;
}

let users = 0;

function callOf(wacid) {
  users += 1;
  const call = { wacid, user: `5214${String(users).padStart(9, '0')}`, direction: 'USER_INITIATED' };
  const at = Math.floor(Date.now() / 1_000);
  return [connect(call, at), terminate(call, at, null)];
}
