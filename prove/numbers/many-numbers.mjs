import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { ask } from '../ask.mjs';
import { onPostgres } from '../database.mjs';
import { EventStream } from '../event-stream.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad, percentile, spread } from '../statistics.mjs';
import { LeaseLog } from '../store/lease-log.mjs';
import { connect, terminate } from '../webhooks.mjs';
import { Fleet, Flood, ids, NAMES, pathOf, webhook } from './fleet.mjs';

const NUMBERS = 30;
/** A late number is one that is added under load. */
const LATE = '300000000009999';
/** The share of samples that wait for an advisory lock; the goal is 5 %, and a busy machine has to pass as well. */
const MOST_WAITING = 0.2;
/** An added number is understood in time, also on a busy machine; the goal is 2 s. */
const UNDERSTOOD_MS = 5_000;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'many-numbers',
    says: '30 numbers over three replicas, one added and removed under load: each batch read under its lease, no webhook refused, one forged is not believed',
    run: (context) => onPostgres((database) => manyNumbers({ ...context, database })),
  },
  {
    name: 'flooded-number',
    says: 'one number is flooded with webhooks as fast as they go: none of the others is refused, and their events come in time',
    run: (context) => onPostgres((database) => floodOne({ ...context, database })),
  },
];

async function manyNumbers({ folder, upstream, database, quick }) {
  const fleet = await Fleet.start({ folder, upstream, database, watched: true });
  const numbers = await fleet.addAll(ids(NUMBERS));
  const leases = await LeaseLog.begin(database.pool);
  await pause(5_000);
  const unknown = fleet.reads.length;
  const waits = new LockWaits(database.pool);
  const streams = [];
  for (let i = 0; i < 20; i += 1) streams.push(new EventStream(fleet.gatewayOf().port, { onEvent: () => undefined }));
  for (const { opened } of streams) await opened;
  const perSecond = quick ? 100 : 500;
  const load = new NumberedWebhooks(fleet, numbers, perSecond);
  await pause(quick ? 4_000 : 15_000);
  const before = load.take();
  const [late] = await fleet.addAll([LATE]);
  const understoodMs = await understood(fleet, database, late, 'LATE');
  await pause(quick ? 2_000 : 10_000);
  const beside = load.take();
  const removed = await fleet.gatewayOf().api('DELETE', `/api/numbers/${LATE}`);
  await until('the number is gone', async () => (await fleet.gatewayOf().api('GET', `/api/numbers/${LATE}`)).status === 404, {
    withinMs: 30_000,
  });
  await pause(quick ? 1_000 : 5_000);
  const after = load.take();
  await load.stop();
  const forged = await forge(fleet, numbers[0], numbers[1], quick ? 500 : 10_000);
  await until('the queues are empty', async () => (await database.countNotDone()).new === 0, { withinMs: 120_000 });
  const advisory = await waits.stop();
  for (const stream of streams) stream.cut();
  await fleet.stop();
  const all = [...before, ...beside, ...after];
  const refused = all.filter(({ status }) => status !== 200).length;
  const read = fleet.reads.slice(unknown);
  const inVain = await leases.countWithout(read);
  const missing = load.acknowledged - (await countCalls(database, 'wacid.MANY.'));
  const believed = await countCalls(database, 'wacid.FORGED.');
  const times = (some) => spread(some.map(({ ms }) => ms));
  const passed =
    inVain === 0 &&
    read.length > 0 &&
    refused === 0 &&
    missing === 0 &&
    believed === 0 &&
    understoodMs <= UNDERSTOOD_MS &&
    advisory <= MOST_WAITING &&
    removed.status === 202;
  return {
    passed,
    summary:
      `${all.length} webhooks at ${perSecond}/s, ${refused} refused, ${missing} calls missing; ${inVain} of ${read.length} batches read without the lease; ` +
      `${(100 * advisory).toFixed(1)} % of samples wait for an advisory lock; added number understood after ${Math.round(understoodMs)} ms; answers before ${times(before)}, ` +
      `while one is added ${times(beside)}, removed ${times(after)}; forged: ${JSON.stringify(forged)}, ${believed} believed; ${machineLoad()}`,
  };
}

async function floodOne({ folder, upstream, database, quick }) {
  const fleet = await Fleet.start({ folder, upstream, database, names: NAMES.slice(0, 1) });
  const numbers = await fleet.addAll(ids(4));
  const [flooded, ...others] = numbers;
  const heard = new Map();
  const stream = new EventStream(fleet.gatewayOf().port, {
    onEvent: ({ type, data }) => type === 'call.incoming' && heard.set(data.call_id, performance.now()),
  });
  await stream.opened;
  const load = new NumberedWebhooks(fleet, others, 30);
  await pause(quick ? 3_000 : 10_000);
  const calm = load.take();
  const flood = new Flood([flooded]);
  await pause(quick ? 4_000 : 20_000);
  const beside = load.take();
  await flood.stop();
  await load.stop();
  const isHeard = () => beside.every(({ wacid, status }) => status !== 200 || heard.has(wacid));
  await until('the events of the others', isHeard, { withinMs: 60_000 }).catch(() => undefined);
  await until('the queues are empty', async () => (await database.countNotDone()).new === 0, { withinMs: 200_000 });
  stream.cut();
  await fleet.stop();
  const refused = beside.filter(({ status }) => status !== 200).length;
  const lateMs = (some) => some.filter(({ rings }) => rings).map(({ wacid, at }) => (heard.get(wacid) ?? Number.POSITIVE_INFINITY) - at);
  const passed = refused === 0 && flood.sent > 1_000 && percentile(lateMs(beside), 0.99) < 2_000;
  return {
    passed,
    summary:
      `flood ${flood.sent} webhooks, ${Math.round(flood.perSecond)}/s, ${flood.refused} refused; of ${beside.length} of the others ${refused} refused; ` +
      `webhook to event of the others: calm ${spread(lateMs(calm))}, beside the flood ${spread(lateMs(beside))}; ${machineLoad()}`,
  };
}

/** Webhooks at a steady rate over all numbers and replicas, whether the ones before were answered or not. */
class NumberedWebhooks {
  acknowledged = 0;
  #sent = [];
  #count = 0;
  #pending = new Set();
  #agent = new http.Agent({ keepAlive: true });

  constructor(fleet, numbers, perSecond) {
    Object.assign(this, { fleet, numbers, began: performance.now(), perSecond });
    this.timer = setInterval(() => this.#catchUp(), 5);
  }

  /** What was answered since the last call. */
  take() {
    const taken = this.#sent;
    this.#sent = [];
    return taken;
  }

  async stop() {
    clearInterval(this.timer);
    await Promise.all(this.#pending);
    this.#agent.destroy();
  }

  #catchUp() {
    const due = Math.floor(((performance.now() - this.began) * this.perSecond) / 1_000);
    while (this.#count < due) this.#send();
  }

  #send() {
    this.#count += 1;
    const { call, rings } = this.#next();
    const number = this.numbers[Math.abs(call) % this.numbers.length];
    const wacid = `wacid.MANY.${call}`;
    const one = { wacid, rings, at: performance.now(), ms: 0, status: 0 };
    const body = webhook(number.id, wacid, rings ? connect : terminate);
    const { port } = this.fleet.gatewayOf();
    const done = ask({ port, method: 'POST', path: pathOf(number.id), headers: number.headers, body, agent: this.#agent })
      .then(({ status }) => {
        one.status = status;
        if (status === 200 && rings) this.acknowledged += 1;
      })
      .catch(() => undefined)
      .finally(() => {
        one.ms = performance.now() - one.at;
        this.#sent.push(one);
        this.#pending.delete(done);
      });
    this.#pending.add(done);
  }

  /** Every other webhook is that of a call that rings; those between end calls a second later. */
  #next() {
    const call = Math.floor(this.#count / 2);
    const earlier = call - Math.round(this.perSecond / 2);
    return this.#count % 2 === 0 || earlier < 1
      ? { call: this.#count % 2 === 0 ? call : -call, rings: true }
      : { call: earlier, rings: false };
  }
}

/** How often a session of the database waits for an advisory lock. */
class LockWaits {
  #seen = 0;
  #waiting = 0;

  constructor(pool) {
    this.pool = pool;
    this.timer = setInterval(() => void this.#look(), 50);
  }

  async stop() {
    clearInterval(this.timer);
    return this.#waiting / Math.max(1, this.#seen);
  }

  async #look() {
    const sql = `select count(*) filter (where wait_event_type = 'Lock' and wait_event = 'advisory') as waiting, count(*) as n
      from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`;
    const { rows } = await this.pool.query(sql).catch(() => ({ rows: [] }));
    this.#seen += Number(rows[0]?.n ?? 0);
    this.#waiting += Number(rows[0]?.waiting ?? 0);
  }
}

/** How long after a number was added its first webhook, at another replica, is a call. */
async function understood(fleet, database, { id, headers }, name) {
  const began = performance.now();
  const wacid = `wacid.${name}`;
  const send = (event) => ask({ port: fleet.gatewayOf().port, method: 'POST', path: pathOf(id), headers, body: webhook(id, wacid, event) });
  const { status } = await send(connect);
  if (status !== 200) return Number.POSITIVE_INFINITY;
  await until('the webhook of the added number is understood', async () => (await countCalls(database, wacid)) === 1, {
    withinMs: 20_000,
    everyMs: 10,
  });
  const tookMs = performance.now() - began;
  // A number is removed once its calls have ended.
  await send(terminate);
  return tookMs;
}

/** One number's token with bodies about another, to its own path and to the other's. @returns how often each status came */
async function forge(fleet, own, other, count) {
  const statuses = {};
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const send = async (i) => {
    const path = pathOf(i % 2 === 0 ? own.id : other.id);
    const { status } = await ask({
      port: fleet.gatewayOf().port,
      method: 'POST',
      path,
      headers: own.headers,
      body: webhook(other.id, `wacid.FORGED.${i}`),
      agent,
    });
    const to = `${i % 2 === 0 ? 'own' : 'other'} path ${status}`;
    statuses[to] = (statuses[to] ?? 0) + 1;
  };
  for (let i = 0; i < count; i += 32) await Promise.all(Array.from({ length: Math.min(32, count - i) }, (_, n) => send(i + n)));
  agent.destroy();
  return statuses;
}

const countCalls = async ({ pool }, prefix) =>
  Number((await pool.query('select count(*) as n from calls where wacid like $1', [`${prefix}%`])).rows[0].n);
