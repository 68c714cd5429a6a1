import pg from 'pg';
import { onDatabase, onPostgres, PROOF } from '../database.mjs';
import { mostDials } from '../dialing.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad } from '../statistics.mjs';
import { OwnPostgres } from './own-postgres.mjs';
import { PersistentDials } from './persistent-dials.mjs';
import { SteadyWebhooks } from './steady-webhooks.mjs';

const FULL = { kills: 60, restarts: 10 };
const QUICK = { kills: 20, restarts: 3 };
const PER_SECOND = 40;
const DIALS_PER_ROUND = 2;
const RECOVERY_MS = 15_000;

/** Which sessions of the gateway a round ends. */
const VICTIMS = {
  'one session': { which: 'true order by random() limit 1' },
  'every session': { which: 'true' },
  'the sessions in use': { which: "state <> 'idle'", awaited: true },
  'a session in a transaction': { which: 'xact_start is not null limit 1', awaited: true },
  'the session with a lock': { which: "pid in (select pid from pg_locks where locktype = 'advisory' and granted)", awaited: true },
  'every session, for a second': { which: 'true', times: 50 },
};

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'database-cuts',
    says: 'Postgres ends sessions and restarts under load: the gateway lives, no acknowledged webhook is missing, no key dials twice',
    run: async (context) => {
      const plan = context.quick ? QUICK : FULL;
      return onServer(context, async (server, database) => {
        const found = await cut({ ...context, ...plan, server, database });
        return { passed: isRight(found) && found.acknowledged > plan.kills, summary: summaryOf(found) };
      });
    },
  },
  {
    name: 'database-cuts-faulty',
    says: 'the proof goes red against a gateway that a lost connection ends, and against one that answers before it commits',
    run: (context) =>
      onServer(context, async (server, database) => {
        const dies = await cut({ ...context, kills: 12, restarts: 0, server, database, fault: 'die-with-connection', untilRed: true });
        const loses = await cut({ ...context, kills: 24, restarts: 2, server, database, fault: 'ack-before-commit', untilRed: true });
        const red = dies.deaths > 0 && loses.lost > 0;
        return { passed: red, summary: `${colourOf(red)}: ${dies.deaths} deaths of the one, ${loses.lost} lost by the other` };
      }),
  },
];

const isRight = ({ deaths, lost, callsMissing, setAside, worst, unanswered, unstable, bugs, unrecovered }) =>
  deaths + lost + callsMissing + setAside + unanswered + unstable + bugs + unrecovered === 0 && worst === 1;

const summaryOf = (found) =>
  `${found.kills} rounds of ended sessions (${found.ended} sessions), ` +
  `${found.server?.stop ? `${found.restarts} restarts` : 'restarts not run: no programs of a server here'}, ` +
  `${found.deaths} deaths${found.lastWords ? ` (${found.lastWords})` : ''}, ${found.acknowledged} acknowledged of ${JSON.stringify(found.statuses)}, ` +
  `${found.lost} lost, ${found.callsMissing} calls missing, ${found.setAside} set aside, ${found.keys} keys, at most ${found.worst} dials per key, ` +
  `${found.unanswered} keys without an answer, ${found.unstable} answers that changed, answered ${JSON.stringify(found.answers)} ` +
  `after ${JSON.stringify(found.refusals)}, ${found.bugs} requests answered 500, slow to recover ${found.unrecovered} times, longest ${found.slowestMs.toFixed(0)} ms; ${machineLoad()}`;

/** A server of its own where it can be made, since only that one may be restarted; otherwise that of this machine. */
async function onServer({ folder }, work) {
  const own = await OwnPostgres.create(folder);
  if (own === null) return onPostgres((database) => work({ url: database.serverUrl }, database));
  try {
    return await onDatabase(own.url, (database) => work(own, database));
  } finally {
    own.stop('immediate');
  }
}

async function cut({ folder, upstream, random, server, database, kills, restarts, fault, untilRed = false }) {
  const environment = { D360_TIMEOUT_MS: '1500' };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment, fault });
  upstream.fateOf = () => ({ holdMs: random.between(0, 300), fate: random.pick(['answer', 'answer', 'answer', 'drop', 'fail']) });
  await gateway.start();
  const ledger = new Ledger();
  const gatewayOf = () => gateway;
  const webhooks = new SteadyWebhooks({ random, ledger, gatewayOf, perSecond: PER_SECOND });
  const dials = new PersistentDials({ gatewayOf });
  const life = new Life(gateway);
  const result = { kills: 0, restarts: 0, ended: 0, unrecovered: 0, slowestMs: 0, server };
  const rounds = random.shuffled([...Array(kills).fill('kill'), ...Array(server.stop ? restarts : 0).fill('restart')]);
  for (const round of rounds) {
    if (untilRed && life.deaths > 0) break;
    for (let i = 0; i < DIALS_PER_ROUND; i += 1) dials.begin();
    await pause(random.between(10, 700));
    if (round === 'kill') result.ended += await endSessions({ server, database, ...VICTIMS[random.pick(Object.keys(VICTIMS))] });
    else await restart(server, random);
    result[`${round}s`] += 1;
    await pause(100);
    await life.check();
    await recover(webhooks, result);
  }
  await webhooks.stop();
  await dials.settle();
  await life.check();
  await until('the inbox is worked off', async () => (await database.countNotDone()).new === 0, { withinMs: 60_000 });
  Object.assign(result, await dials.verdict([gateway]));
  await life.check();
  await gateway.kill();
  return {
    ...result,
    deaths: life.deaths,
    lastWords: life.lastWords,
    refusals: dials.refusals,
    bugs: dials.bugs + webhooks.sent.filter(({ status }) => status === 500).length,
    acknowledged: ledger.promised.size,
    statuses: webhooks.statuses(),
    lost: await ledger.countLostInAll(database),
    callsMissing: await ledger.countCallsMissing(database),
    setAside: (await database.countNotDone()).failed,
    worst: mostDials(upstream),
  };
}

/** Waits until a webhook is acknowledged again. */
async function recover(webhooks, result) {
  const began = performance.now();
  const again = () => webhooks.sent.some(({ at, status }) => status === 200 && at > began);
  await until('a webhook is acknowledged', again, { withinMs: RECOVERY_MS, everyMs: 20 }).catch(() => {
    result.unrecovered += 1;
  });
  result.slowestMs = Math.max(result.slowestMs, performance.now() - began);
}

/** @returns how many sessions were ended */
async function endSessions({ server, database, which, awaited = false, times = 1 }) {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  const sql = `select pg_terminate_backend(pid) from (select pid from pg_stat_activity
    where datname = $1 and application_name <> '${PROOF}' and pid <> pg_backend_pid() and ${which}) as chosen`;
  let ended = 0;
  for (let i = 0; i < times; i += 1) {
    ended += (await client.query(sql, [database.name])).rowCount;
    if (times > 1) await pause(20);
  }
  // A session is in use for a millisecond or two: this waits for the next one.
  for (const end = Date.now() + 1_000; awaited && ended === 0 && Date.now() < end; )
    ended += (await client.query(sql, [database.name])).rowCount;
  await client.end();
  return ended;
}

async function restart(server, random) {
  server.stop(random.pick(['fast', 'immediate']));
  await pause(random.between(0, 3_000));
  server.start();
}

/** The process of a gateway; it is started again when it ended, as a supervisor does, and that is counted. */
class Life {
  deaths = 0;
  lastWords = '';

  constructor(gateway) {
    this.gateway = gateway;
  }

  async check() {
    const { child, said } = this.gateway;
    if (child.exitCode === null && child.signalCode === null) return;
    this.deaths += 1;
    this.lastWords = `${child.signalCode ?? child.exitCode} ${said.trim().split('\n', 1)[0].slice(0, 200)}`;
    await this.gateway.start();
  }
}
