import { join } from 'node:path';
import { DelayingProxy } from '../../bench/delaying-proxy.mjs';
import { onPostgres } from '../database.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad } from '../statistics.mjs';
import { numberOfBatchRead } from './batch-read.mjs';
import { LeaseLog } from './lease-log.mjs';
import { SteadyWebhooks } from './steady-webhooks.mjs';

const NAMES = ['replica_1', 'replica_2', 'replica_3'];
const [FULL, QUICK] = [10, 2];
const PER_SECOND = 200;
const BAR_MS = 6_000;
/** After this long the queue is taken to stand still for good. */
const STANDS_MS = 20_000;
/** So many always wait under this load. */
const SHORT = 50;
/** What the dead replica had sent to the server is committed by then, and its lease has not ended. */
const LAST_COMMIT_MS = 200;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'queue-holder',
    says: 'the one of three replicas that applies the webhooks is killed: another goes on in time, each webhook is applied once, and none reads in vain',
    run: (context) =>
      onPostgres(async (database) => {
        const found = await killHolders({ ...context, database, kills: context.quick ? QUICK : FULL });
        const inTime = found.stoodMs.every((ms) => ms <= BAR_MS);
        const whole = found.lost + found.callsMissing + found.setAside + found.twice + found.left === 0;
        return { passed: inTime && whole && found.inVain === 0 && found.read > 0, summary: summaryOf(found) };
      }),
  },
  {
    name: 'queue-holder-sabotage',
    says: 'the proof goes red against a lease that does not end with its holder, and against replicas that work without one',
    run: async (context) => {
      const stands = await onPostgres((database) => killHolders({ ...context, database, kills: 1, fault: 'lease-without-end' }));
      if (stands.passed === null) return stands;
      const reads = await onPostgres((database) => killHolders({ ...context, database, kills: 0, fault: 'work-without-lease' }));
      const red = stands.stoodMs.some((ms) => ms > BAR_MS) && reads.inVain > 0;
      return {
        passed: red,
        summary: `${colourOf(red)}: ${summaryOf(stands)}; without a lease ${reads.inVain} of ${reads.read} reads in vain`,
      };
    },
  },
];

const summaryOf = ({ stoodMs, ...found }) =>
  `${stoodMs.length} kills, the queue stood still for ${stoodMs.map((ms) => `${(ms / 1_000).toFixed(1)}`).join(', ')} s; ` +
  `${found.acknowledged} acknowledged of ${JSON.stringify(found.statuses)}, ${found.lost} lost, ${found.callsMissing} calls missing, ` +
  `${found.setAside} set aside, ${found.left} left, ${found.twice} events written twice; ${found.inVain} of ${found.read} batches read without the lease; ${machineLoad()}`;

async function killHolders({ folder, upstream, random, database, kills, fault }) {
  const reads = [];
  const replicas = new Map();
  const { hostname, port } = new URL(database.url);
  const proxies = [];
  for (const name of NAMES) {
    const onMessage = (message) => {
      const number = numberOfBatchRead(message);
      if (number !== null) reads.push({ name, number, at: Date.now() });
    };
    const proxy = await new DelayingProxy({ host: hostname, port: Number(port || 5432), delayMs: 0, onMessage }).start();
    proxies.push(proxy);
    const databaseUrl = new URL(proxy.through(database.url));
    databaseUrl.searchParams.set('application_name', name);
    const gateway = new Gateway({ folder: join(folder, name), databaseUrl: databaseUrl.href, upstream: upstream.url, fault });
    await gateway.start();
    replicas.set(name, gateway);
  }
  const leases = await LeaseLog.begin(database.pool);
  const ledger = new Ledger();
  const alive = [...NAMES];
  let turn = 0;
  const gatewayOf = () => {
    turn += 1;
    return replicas.get(alive[turn % alive.length]);
  };
  const webhooks = new SteadyWebhooks({ random, ledger, gatewayOf, perSecond: PER_SECOND });
  const stoodMs = [];
  // Whoever took the queue before the trigger was there takes it anew when it renews its lease.
  await until('a holder is known', async () => (await leases.holder()) !== null, { withinMs: 5_000 }).catch(() => undefined);
  const unknown = reads.length;
  await pause(1_000);
  for (let kill = 0; kill < kills; kill += 1) {
    await pause(random.between(500, 4_000));
    const name = await leases.holder();
    const victim = replicas.get(name);
    alive.splice(alive.indexOf(name), 1);
    const killed = performance.now();
    await victim.kill();
    await pause(LAST_COMMIT_MS);
    const { rows } = await database.pool.query("select min(id) as id from deliveries where state = 'new'");
    const applied = async () =>
      (await database.pool.query('select state from deliveries where id = $1', [rows[0].id])).rows[0].state !== 'new';
    const went = await until('the queue goes on', applied, { withinMs: STANDS_MS, everyMs: 20 }).then(
      () => true,
      () => false,
    );
    stoodMs.push(performance.now() - killed);
    if (!went) break;
    await victim.start();
    alive.push(name);
    await caughtUp(database, SHORT);
  }
  await webhooks.stop();
  await caughtUp(database, 0);
  for (const replica of replicas.values()) await replica.kill();
  for (const proxy of proxies) proxy.stop();
  const after = await database.countNotDone();
  const read = reads.slice(unknown);
  return {
    stoodMs,
    acknowledged: ledger.promised.size,
    statuses: webhooks.statuses(),
    lost: await ledger.countLostInAll(database),
    callsMissing: await ledger.countCallsMissing(database),
    setAside: after.failed,
    left: after.new,
    twice: countTwice(await database.events()),
    read: read.length,
    inVain: await leases.countWithout(read),
  };
}

/** Waits as long as a queue that goes on may need. */
const caughtUp = (database, most) =>
  until('the queue is short', async () => (await database.countNotDone()).new <= most, { withinMs: STANDS_MS }).catch(() => undefined);

/** Each call of the load begins and ends once, so each of its events is there once. */
function countTwice(events) {
  const seen = new Set();
  const ofCalls = events.filter(({ type }) => type.startsWith('call.'));
  return ofCalls.filter(({ subject, type }) => seen.size === seen.add(`${subject} ${type}`).size).length;
}
