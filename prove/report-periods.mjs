import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Secret } from '../dist/kernel/secret.js';
import { openStore } from '../dist/store/open-store.js';
import { onPostgres } from './database.mjs';
import { PHONE_NUMBER_ID } from './fake-360dialog.mjs';
import { colourOf } from './kill-rounds.mjs';
import { pause, until } from './pause.mjs';

const WORKER = fileURLToPath(new URL('./report-worker.mjs', import.meta.url));
const WORKERS = 4;
/** Days of 23 and of 25 hours are among them. */
const ZONE = 'America/New_York';
const DAY_MS = 86_400_000;
/** Noon in New York, after the report of the day before is due. */
const LEARNED_AT = Date.UTC(2026, 0, 10, 17);
const QUICK = { periods: 200, dayMs: 150 };
const FULL = { periods: 2_000, dayMs: 75 };
/** Longer than any lease that the gateway gives. */
const LONG_STOP_MS = 35_000;

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'report-periods',
    says: '4 replicas on Postgres, killed and stopped at random, write and publish the report of every period exactly once',
    run: (context) =>
      onPostgres(async (database) => {
        const found = await live({ ...context, ...(context.quick ? QUICK : FULL), database, longStop: !context.quick });
        return { passed: isRight(found), summary: summaryOf(found) };
      }),
  },
  {
    name: 'report-periods-sabotage',
    says: 'the proof goes red when the tables no longer say that a period is taken',
    run: (context) =>
      onPostgres(async (database) => {
        const found = await live({ ...context, ...QUICK, database, longStop: false, prepare: forgetWhoTook });
        const red = found.double > 0;
        return { passed: red, summary: `${colourOf(red)}: ${summaryOf(found)}` };
      }),
  },
];

/** A claim that never finds a conflict: the key of the claims is gone, and so is the rule on revisions that stands behind it. */
async function forgetWhoTook(pool) {
  await pool.query('alter table report_periods drop constraint report_periods_pk');
  await pool.query('alter table reports drop constraint reports_revision');
}

async function live({ upstream, random, database, periods, dayMs, longStop, prepare = async () => undefined }) {
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const workers = [];
  const chaos = { kills: 0, stops: 0, restarts: 0, amidst: 0 };
  try {
    await makeReady(database, pool);
    await prepare(pool);
    const clock = { began: Date.now() + 3_000, from: LEARNED_AT, until: LEARNED_AT + (periods - 1) * DAY_MS + 3_600_000, dayMs };
    const environment = environmentOf(database, upstream, clock);
    workers.push(...Array.from({ length: WORKERS }, () => new Worker(environment)));
    const rests = [];
    if (longStop) rests.push(stopFor(workers[0], LONG_STOP_MS, chaos));
    while (Date.now() < clock.began + periods * dayMs) await strike({ workers, random, pool, chaos, rests });
    await Promise.all(rests);
    const written = async () => (await distinctPeriods(pool)) >= periods;
    await until('every report', written, { withinMs: 90_000 }).catch(() => undefined);
    // A replica that still considers a period free has time to write a second report.
    await pause(3_000);
    return { ...chaos, ...(await recount(pool, periods)) };
  } finally {
    for (const worker of workers) worker.kill();
    await pool.end();
  }
}

/** The schema, the number, and a poll, without which no report is written. */
async function makeReady({ url }, pool) {
  const store = await openStore({ database: { kind: 'postgres', url: new Secret(url) }, mode: 'live' });
  await store.close();
  await pool.query('insert into numbers (phone_number_id, learned_at) values ($1, $2)', [PHONE_NUMBER_ID, LEARNED_AT]);
  await pool.query(
    "insert into snapshots (id, phone_number_id, state, cause, started_at, finished_at) values ('snp_1', $1, 'failed', 'start', $2, $2)",
    [PHONE_NUMBER_ID, LEARNED_AT],
  );
}

const environmentOf = ({ url }, upstream, clock) => ({
  PATH: process.env.PATH,
  DATABASE_URL: url,
  D360_API_KEY: 'prove-key-of-the-number',
  D360_BASE_URL: upstream.url,
  D360_WEBHOOK_TOKEN: 'prove-webhook-token-0001',
  COMPLIANCE_TIME_ZONE: ZONE,
  LOG_LEVEL: 'silent',
  PROVE_CLOCK: JSON.stringify(clock),
});

/** A replica in a process of its own, which comes back when it is killed. */
class Worker {
  constructor(environment) {
    this.environment = environment;
    this.stopped = false;
    this.revive();
  }

  revive() {
    this.ready = false;
    this.child = spawn(process.execPath, [WORKER], { env: this.environment, stdio: ['ignore', 'pipe', 'ignore'] });
    this.child.stdout.once('data', () => {
      this.ready = true;
    });
  }

  kill() {
    this.child.kill('SIGKILL');
  }
}

/** Now and then a replica that works is killed, or stopped for a while; one that has ended is started again. */
async function strike({ workers, random, pool, chaos, rests }) {
  await pause(random.between(20, 500));
  for (const worker of workers) {
    if (worker.child.exitCode === null && worker.child.signalCode === null) continue;
    chaos.restarts += 1;
    worker.revive();
  }
  const awake = workers.filter(({ ready, stopped }) => ready && !stopped);
  if (awake.length === 0) return;
  const victim = random.pick(awake);
  if (await isWriting(pool)) chaos.amidst += 1;
  if (random.chance(0.3)) {
    chaos.kills += 1;
    victim.ready = false;
    victim.kill();
  } else rests.push(stopFor(victim, random.between(50, 3_000), chaos));
}

async function stopFor(worker, ms, chaos) {
  await until('a replica that works', () => worker.ready, { withinMs: 60_000 });
  chaos.stops += 1;
  worker.stopped = true;
  worker.child.kill('SIGSTOP');
  await pause(ms);
  worker.child.kill('SIGCONT');
  worker.stopped = false;
}

/** Whether a replica is within a transaction, or waits for its turn. */
async function isWriting(pool) {
  const { rows } = await pool.query(
    "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null and state <> 'idle' limit 1",
  );
  return rows.length > 0;
}

async function distinctPeriods(pool) {
  const { rows } = await pool.query('select count(distinct from_at) as n from reports');
  return Number(rows[0].n);
}

/** What the tables say in the end, against a calendar of the proof's own. */
async function recount(pool, periods) {
  const reports = (await pool.query('select from_at, until_at, revision from reports')).rows;
  const claims = (await pool.query('select from_at from report_periods')).rows;
  const events = (await pool.query("select data from events where type = 'compliance.report'")).rows;
  const first = reports.filter(({ revision }) => revision === 1);
  const spans = new Map(first.map(({ from_at, until_at }) => [midnightOf(Number(from_at)), midnightOf(Number(until_at))]));
  const days = Array.from({ length: periods }, (_, index) => new Date(Date.UTC(2026, 0, 9 + index)).toISOString().slice(0, 10));
  const dayAfter = (day) => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
  return {
    periods,
    missing: days.filter((day) => spans.get(day) !== dayAfter(day)).length,
    double: Math.max(first.length - spans.size, claims.length - spans.size),
    strange: [...spans.keys()].filter((day) => !days.includes(day)).length,
    revised: reports.length - first.length,
    events: events.length,
  };
}

const LOCAL = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'medium' });

/** The day that begins at a moment in the zone; a moment that is no midnight is no day. */
function midnightOf(ms) {
  const [date, time] = LOCAL.format(ms).split(' ');
  return time === '00:00:00' ? date : `${date} ${time}`;
}

const isRight = ({ periods, missing, double, strange, revised, events, kills, stops }) =>
  missing + double + strange + revised === 0 && events === periods && kills > 0 && stops > 0;

const summaryOf = ({ periods, missing, double, strange, revised, events, kills, stops, restarts, amidst }) =>
  `${periods} periods, ${missing} missing, ${double} double, ${strange} that are no day, ${revised} revised for nothing, ` +
  `${events} published, ${kills} kills and ${stops} stops (${amidst} amidst a transaction), ${restarts} restarts`;
