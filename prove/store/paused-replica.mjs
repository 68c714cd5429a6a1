import { join } from 'node:path';
import { onPostgres } from '../database.mjs';
import { mostDials } from '../dialing.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad, percentile } from '../statistics.mjs';
import { PersistentDials } from './persistent-dials.mjs';
import { SteadyWebhooks } from './steady-webhooks.mjs';

const SHORT_MS = 15_000;
const LONG_MS = 60_000;
const FULL = [...Array(19).fill(SHORT_MS), LONG_MS];
const QUICK = [10_000, 10_000, 10_000];
const FAULTY = [SHORT_MS, SHORT_MS];
/** Between two pauses: what lay in the paused replica is worked off. */
const BREATH_MS = 2_500;
const PER_SECOND = 20;
const DIAL_EVERY_MS = 500;
/** How often a replica is stopped and looked at until it is found with a lock. */
const MOST_TRIES = 200;

const DIAL_WITHIN_MS = 6_000;
const WEBHOOK_P99_MS = 1_000;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'paused-replica',
    says: 'while one of two replicas is stopped, with the lock of the number where possible, the other dials and keeps webhooks in time',
    run: (context) =>
      onPostgres(async (database) => {
        const found = await stopAndGo({ ...context, database, stops: context.quick ? QUICK : FULL });
        const inTime = found.slowestDialMs <= DIAL_WITHIN_MS && found.p99 < WEBHOOK_P99_MS;
        return { passed: inTime && isComplete(found) && found.withLock > 0, summary: summaryOf(found) };
      }),
  },
  {
    name: 'paused-replica-faulty',
    says: 'the proof goes red against replicas whose transactions have no timeout',
    run: (context) =>
      onPostgres(async (database) => {
        const found = await stopAndGo({ ...context, database, stops: FAULTY, fault: 'transactions-without-timeout' });
        const red = found.slowestDialMs > DIAL_WITHIN_MS;
        return { passed: red, summary: `${colourOf(red)}: ${summaryOf(found)}` };
      }),
  },
];

const isComplete = ({ refused, lost, callsMissing, setAside, worst, unanswered, unstable }) =>
  refused + lost + callsMissing + setAside + unanswered + unstable === 0 && worst === 1;

const summaryOf = (found) =>
  `${found.stops} stops (${found.withLock} with the lock), the other: ${found.dials} dials, slowest ${seconds(found.slowestDialMs)}, ` +
  `${found.lateDials} later than ${seconds(DIAL_WITHIN_MS)}, ${found.webhooks} webhooks, p99 ${found.p99.toFixed(0)} ms, ${found.refused} not kept ` +
  `${JSON.stringify(found.statuses)}; ready while it dialled late ${found.readyWhileLate} times; ` +
  `in all ${found.acknowledged} acknowledged, ${found.lost} lost, ${found.callsMissing} calls missing, ${found.setAside} set aside, ` +
  `${found.keys} keys, at most ${found.worst} dials per key, ${found.unanswered} keys without an answer, ${found.unstable} answers that changed ` +
  `${JSON.stringify(found.refusals)}; ${machineLoad()}`;

const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;

async function stopAndGo({ folder, upstream, random, database, stops, fault }) {
  const replicas = ['replica_1', 'replica_2'].map((name) => {
    const environment = { D360_TIMEOUT_MS: '1500' };
    return new Gateway({
      folder: join(folder, name),
      databaseUrl: namedUrl(database.url, name),
      upstream: upstream.url,
      environment,
      fault,
    });
  });
  const names = new Map(replicas.map((replica, i) => [replica, `replica_${i + 1}`]));
  upstream.fateOf = () => ({ holdMs: random.between(0, 200), fate: 'answer' });
  for (const replica of replicas) await replica.start();
  await checkNames(database, [...names.values()]);
  const traffic = new Traffic({ replicas, random });
  await pause(BREATH_MS);
  const result = { stops: 0, withLock: 0, readyWhileLate: 0 };
  for (const ms of stops) {
    const victim = random.pick(replicas);
    result.stops += 1;
    if (await stopWithLock(victim, names.get(victim), database, random)) result.withLock += 1;
    const other = replicas.find((one) => one !== victim);
    traffic.avoid(victim);
    result.readyWhileLate += await watchReadiness(other, traffic, ms);
    traffic.heal();
    victim.child.kill('SIGCONT');
    await pause(BREATH_MS);
  }
  await traffic.stop();
  await until('the inbox is worked off', async () => (await database.countNotDone()).new === 0, { withinMs: 60_000 });
  const verdict = await traffic.dials.verdict(replicas);
  for (const replica of replicas) await replica.kill();
  const { ledger } = traffic;
  return {
    ...result,
    ...verdict,
    ...traffic.measured(),
    acknowledged: ledger.promised.size,
    lost: await ledger.countLostInAll(database),
    callsMissing: await ledger.countCallsMissing(database),
    setAside: (await database.countNotDone()).failed,
    worst: mostDials(upstream),
  };
}

/** The name says in `pg_stat_activity` which replica a session is of. */
function namedUrl(url, name) {
  const named = new URL(url);
  named.searchParams.set('application_name', name);
  return named.href;
}

async function checkNames({ pool, name }, names) {
  const { rows } = await pool.query('select distinct application_name as name from pg_stat_activity where datname = $1', [name]);
  const missing = names.filter((one) => !rows.some((row) => row.name === one));
  if (missing.length > 0)
    throw new Error(`no session is called ${missing}: the gateway no longer takes application_name from DATABASE_URL`);
}

const HOLDS_LOCK = `select 1 from pg_locks join pg_stat_activity using (pid)
  where locktype = 'advisory' and granted and application_name = $1 and datname = $2`;

/** Stops a replica and lets it go again until it stands still with a lock. @returns whether it has one */
async function stopWithLock({ child }, name, { pool, name: datname }, random) {
  for (let i = 0; i < MOST_TRIES; i += 1) {
    child.kill('SIGSTOP');
    // What it has sent may still be under way to the server, and a lock on its way out.
    await pause(30);
    if ((await pool.query(HOLDS_LOCK, [name, datname])).rowCount > 0) return true;
    child.kill('SIGCONT');
    await pause(random.between(1, 12));
  }
  child.kill('SIGSTOP');
  return false;
}

/** For so many ms, asks every half second. @returns how often the answer was 200 although a dial waited for longer than it may */
async function watchReadiness(gateway, traffic, ms) {
  let found = 0;
  for (const end = performance.now() + ms; performance.now() < end; await pause(500)) {
    if (!traffic.hasLateDial(DIAL_WITHIN_MS)) continue;
    const ready = await gateway.api('GET', '/health/ready', { timeoutMs: 3_000 }).catch(() => null);
    if (ready?.status === 200) found += 1;
  }
  return found;
}

/** Webhooks and dials to both replicas, or to the one that runs, as a proxy sends them that looks at the health of both. */
class Traffic {
  ledger = new Ledger();
  /** From and to, in this process's own clock. */
  #windows = [];
  #stopped = null;
  #turn = 0;

  constructor({ replicas, random }) {
    this.replicas = replicas;
    const gatewayOf = () => this.#next();
    this.webhooks = new SteadyWebhooks({ random, ledger: this.ledger, gatewayOf, perSecond: PER_SECOND });
    this.dials = new PersistentDials({ gatewayOf, timeoutMs: 20_000 });
    this.timer = setInterval(() => this.dials.begin(), DIAL_EVERY_MS);
  }

  /** From now on everything goes to the other replica. */
  avoid(replica) {
    this.#stopped = replica;
    this.#windows.push({ from: performance.now(), to: Number.POSITIVE_INFINITY });
  }

  heal() {
    this.#stopped = null;
    this.#windows.at(-1).to = performance.now();
  }

  async stop() {
    clearInterval(this.timer);
    await this.webhooks.stop();
    await this.dials.settle();
  }

  hasLateDial(ms) {
    const now = performance.now();
    return this.#during(this.dials.done).some(({ at, call }) => call === undefined && now - at > ms);
  }

  /** What the running replica did while the other stood still. */
  measured() {
    const webhooks = this.#during(this.webhooks.sent);
    const dials = this.#during(this.dials.done);
    const statuses = {};
    for (const { status } of webhooks) statuses[status || 'none'] = (statuses[status || 'none'] ?? 0) + 1;
    return {
      dials: dials.length,
      slowestDialMs: Math.max(0, ...dials.map(({ ms }) => ms)),
      lateDials: dials.filter(({ ms }) => ms > DIAL_WITHIN_MS).length,
      webhooks: webhooks.length,
      p99: percentile(
        webhooks.map(({ ms }) => ms),
        0.99,
      ),
      refused: webhooks.filter(({ status }) => status !== 200).length,
      statuses,
      refusals: this.dials.refusals,
    };
  }

  #during(list) {
    return list.filter(({ at }) => this.#windows.some(({ from, to }) => at > from && at < to));
  }

  #next() {
    const running = this.replicas.filter((replica) => replica !== this.#stopped);
    this.#turn += 1;
    return running[this.#turn % running.length];
  }
}
