import http from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DelayingProxy } from '../../bench/delaying-proxy.mjs';
import { ask } from '../ask.mjs';
import { onPostgres } from '../database.mjs';
import { EventStream } from '../event-stream.mjs';
import { keyOf } from '../fake-360dialog.mjs';
import { Gateway } from '../gateway.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad, percentile, spread } from '../statistics.mjs';
import { numberOfBatchRead } from '../store/batch-read.mjs';
import { LeaseLog } from '../store/lease-log.mjs';
import { connect, delivery, terminate } from '../webhooks.mjs';

const NAMES = ['replica_1', 'replica_2', 'replica_3'];
const NUMBERS = 30;
const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
const ids = (count) => Array.from({ length: count }, (_, i) => String(300_000_000_001_000 + i));
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
  const fleet = await Fleet.start({ folder, upstream, database });
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
  const flood = new Flood(fleet, flooded);
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

/** Replicas with the numbers that were added. */
class Fleet {
  reads = [];
  #turn = 0;

  static async start({ folder, upstream, database, names = NAMES }) {
    const fleet = new Fleet();
    const { hostname, port } = new URL(database.url);
    fleet.proxies = [];
    fleet.gateways = [];
    for (const name of names) {
      const onMessage = (message) => {
        const number = numberOfBatchRead(message);
        if (number !== null) fleet.reads.push({ name, number, at: Date.now() });
      };
      const proxy = await new DelayingProxy({ host: hostname, port: Number(port || 5432), delayMs: 0, onMessage }).start();
      const databaseUrl = new URL(proxy.through(database.url));
      databaseUrl.searchParams.set('application_name', name);
      const environment = { SECRETS_KEY };
      const gateway = new Gateway({ folder: join(folder, name), databaseUrl: databaseUrl.href, upstream: upstream.url, environment });
      await gateway.start();
      fleet.proxies.push(proxy);
      fleet.gateways.push(gateway);
    }
    return fleet;
  }

  gatewayOf() {
    this.#turn += 1;
    return this.gateways[this.#turn % this.gateways.length];
  }

  async addAll(phoneNumberIds) {
    const added = [];
    for (const id of phoneNumberIds) {
      const { status, body } = await this.gatewayOf().api('POST', '/api/numbers', { body: { api_key: keyOf(id) } });
      if (status !== 201) throw new Error(`the number was answered ${status} ${JSON.stringify(body)}`);
      added.push({ id, headers: body.webhook.register.headers });
    }
    return added;
  }

  async stop() {
    for (const gateway of this.gateways) await gateway.kill();
    for (const proxy of this.proxies) proxy.stop();
  }
}

const pathOf = (id) => `/api/webhooks/360dialog/${id}`;

/** A call that rings, or the end of one. @param {string} id of the number that the body is about */
function webhook(id, wacid, event = connect) {
  const call = { wacid, user: `5215${String(Math.abs(hash(wacid)) % 1e9).padStart(9, '0')}`, direction: 'USER_INITIATED' };
  const value = event(call, Math.floor(Date.now() / 1_000), null);
  return delivery([{ ...value, metadata: { display_phone_number: `521${id.slice(-10)}`, phone_number_id: id } }]);
}

const hash = (text) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);

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

/** Webhooks of one number over many connections, each as soon as the one before is answered. */
class Flood {
  sent = 0;
  refused = 0;
  #stopped = false;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

  constructor(fleet, number) {
    this.began = performance.now();
    this.ends = Promise.all(Array.from({ length: 64 }, () => this.#talk(fleet, number)));
  }

  async stop() {
    this.perSecond = (this.sent * 1_000) / (performance.now() - this.began);
    this.#stopped = true;
    await this.ends;
    this.#agent.destroy();
  }

  async #talk(fleet, { id, headers }) {
    while (!this.#stopped) {
      this.sent += 1;
      const body = webhook(id, `wacid.FLOOD.${this.sent}`);
      const { status } = await ask({ port: fleet.gatewayOf().port, method: 'POST', path: pathOf(id), headers, body, agent: this.#agent });
      if (status !== 200) this.refused += 1;
    }
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
