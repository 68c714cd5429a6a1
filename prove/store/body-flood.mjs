import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { WEBHOOK_PATH } from '../../dist/config/webhook-path.js';
import { onPostgres, SqliteDatabase } from '../database.mjs';
import { DISPLAY_PHONE_NUMBER, PHONE_NUMBER_ID } from '../fake-360dialog.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { deliver } from '../load.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad, percentile, spread } from '../statistics.mjs';
import { terminate } from '../webhooks.mjs';
import { SteadyWebhooks } from './steady-webhooks.mjs';

const MEBIBYTE = 1024 * 1024;
const WHOLE = 3 * MEBIBYTE;
/** Just below what a JSON body may have: larger ones are refused by their content-length. */
const JSON_BODY = 255 * 1024;
const MAKE_CALL = '/api/calling/make-call';
const BODIES = [
  { path: WEBHOOK_PATH, bytes: WHOLE, times: 500 },
  { path: MAKE_CALL, bytes: JSON_BODY, times: 300 },
  { path: MAKE_CALL, bytes: WHOLE, times: 200 },
];
/** How a body without a token may end; `none` is a connection that is closed while the body still comes. */
const REFUSALS = new Set(['401', '413', '429', 'none']);
const [QUICK_WAVES, FULL_WAVES] = [1, 3];
const ELEMENTS = 10_000;
const PROBE_EVERY_MS = 20;
const PER_SECOND = 10;

const MOST_MB = 150;
const FLOOD_P99_MS = 200;
const ELEMENTS_P99_MS = 250;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'body-flood',
    says: 'a thousand bodies without a token cost little memory and delay nothing, and one delivery of 10,000 elements holds nothing up',
    run: async (context) => {
      const found = await flood({ ...context, waves: context.quick ? QUICK_WAVES : FULL_WAVES });
      const large = [await processLarge(context, new SqliteDatabase(join(context.folder, 'large.db')))];
      if (!context.quick) await onPostgres(async (database) => large.push(await processLarge(context, database)));
      return {
        passed: isHarmless(found) && large.every(isSmooth),
        summary: `${floodSummary(found)}; ${large.map(largeSummary).join('; ')}; ${machineLoad()}`,
      };
    },
  },
  {
    name: 'body-flood-faulty',
    says: 'the proof goes red against a gateway that takes any token, and against one that processes a delivery in one turn',
    run: async (context) => {
      const found = await flood({ ...context, waves: 1, fault: 'any-token' });
      const large = await processLarge(context, new SqliteDatabase(join(context.folder, 'large.db')), 'one-long-turn');
      const red = !isHarmless(found) && !isSmooth(large);
      return { passed: red, summary: `${colourOf(red)}: ${floodSummary(found)}; ${largeSummary(large)}; ${machineLoad()}` };
    },
  },
];

const isHarmless = ({ grownMb, live, refused, lost, admitted }) =>
  grownMb < MOST_MB && percentile(live, 0.99) < FLOOD_P99_MS && refused + lost + admitted === 0;

const isSmooth = ({ runs }) => runs.every(({ live, missing }) => percentile(live, 0.99) < ELEMENTS_P99_MS && missing === 0);

const floodSummary = (found) =>
  `${found.waves} times ${found.bodies} bodies without a token, ${found.sentMb.toFixed(0)} MB of them taken, answered ` +
  `${JSON.stringify(found.answers)}, ${found.admitted} of them read as if they had one, memory ${found.beforeMb.toFixed(0)} + ${found.grownMb.toFixed(0)} MB, live ${spread(found.live)}, ` +
  `${found.acknowledged} good webhooks kept, ${found.refused} not, p99 ${percentile(found.good, 0.99).toFixed(0)} ms, ${found.lost} lost`;

const largeSummary = ({ engine, runs }) =>
  runs
    .map(
      ({ kind, live, missing, seconds, webhookMs }) =>
        `${ELEMENTS} ${kind} on ${engine}: live ${spread(live)}, ${missing} not processed after ${seconds.toFixed(1)} s, ` +
        `another webhook took ${webhookMs.toFixed(0)} ms`,
    )
    .join('; ');

async function flood({ folder, upstream, random, waves, fault }) {
  const database = new SqliteDatabase(join(folder, 'flood.db'));
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
  await gateway.start();
  const ledger = new Ledger();
  const webhooks = new SteadyWebhooks({ random, ledger, gatewayOf: () => gateway, perSecond: PER_SECOND });
  await pause(3_000);
  const beforeMb = residentMb(gateway);
  const memory = new Peak(gateway);
  const result = { waves, bodies: 0, sentMb: 0, answers: {}, live: [] };
  for (let wave = 0; wave < waves; wave += 1) {
    const live = new LiveProbe(gateway.port);
    const found = await thread(new URL('./flooder.mjs', import.meta.url), { port: gateway.port, bodies: BODIES });
    result.live.push(...(await live.stop()));
    result.bodies = found.connections;
    result.sentMb += found.sentBytes / MEBIBYTE;
    for (const [status, n] of Object.entries(found.answers)) result.answers[status] = (result.answers[status] ?? 0) + n;
  }
  const grownMb = memory.stop() - beforeMb;
  await webhooks.stop();
  await gateway.kill();
  const good = webhooks.sent.map(({ ms }) => ms);
  const refused = webhooks.sent.length - webhooks.acknowledged;
  const admitted = Object.entries(result.answers).reduce((sum, [status, n]) => (REFUSALS.has(status) ? sum : sum + n), 0);
  const lost = await ledger.countLostInAll(database);
  return { ...result, beforeMb, grownMb, good, refused, admitted, lost, acknowledged: webhooks.acknowledged };
}

/** Deliveries of so many elements, each below 3 MiB, and whether the process answers meanwhile. */
async function processLarge({ folder, upstream }, database, fault) {
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
  await gateway.start();
  await until('the number is known', async () => (await gateway.api('GET', '/api/calling/status')).status === 200);
  const runs = [];
  for (const [kind, body] of Object.entries(largeDeliveries())) {
    const before = await database.countSeen();
    const live = new LiveProbe(gateway.port);
    await pause(500);
    const began = performance.now();
    const took = deliver(gateway.port, body, { timeoutMs: 60_000 });
    await pause(100);
    const other = performance.now();
    await deliver(gateway.port, Buffer.from('{}'), { timeoutMs: 60_000 });
    const webhookMs = performance.now() - other;
    if ((await took).status !== 200) throw new Error(`a delivery of ${body.length} bytes was answered ${(await took).status}`);
    const done = async () => (await database.countNotDone()).new === 0 && (await database.countSeen()) - before >= ELEMENTS;
    await until('all elements are processed', done, { withinMs: 120_000, everyMs: 100 }).catch(() => undefined);
    const seconds = (performance.now() - began) / 1_000;
    runs.push({ kind, live: await live.stop(), seconds, webhookMs, missing: before + ELEMENTS - (await database.countSeen()) });
  }
  await gateway.kill();
  return { engine: database instanceof SqliteDatabase ? 'SQLite' : 'Postgres', runs };
}

/** By name, deliveries of one value each: what messages became of, and calls that ended. @returns {Record<string, Buffer>} */
function largeDeliveries() {
  const at = Math.floor(Date.now() / 1_000);
  const range = Array.from({ length: ELEMENTS }, (_, i) => i);
  const statuses = range.map((i) => ({
    id: `wamid.L${i}`,
    status: 'delivered',
    timestamp: String(at),
    recipient_id: `5216${555_000_000 + i}`,
  }));
  const calls = range.map(
    (i) => terminate({ wacid: `wacid.L${i}`, user: `5217${555_000_000 + i}`, direction: 'USER_INITIATED' }, at, 5).calls[0],
  );
  return { statuses: largeBody('messages', { statuses }), calls: largeBody('calls', { calls }) };
}

function largeBody(field, members) {
  const metadata = { display_phone_number: DISPLAY_PHONE_NUMBER, phone_number_id: PHONE_NUMBER_ID };
  const value = { messaging_product: 'whatsapp', metadata, ...members };
  const entry = [{ id: '200000000000001', changes: [{ field, value }] }];
  const body = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry }));
  if (body.length > WHOLE) throw new Error(`${ELEMENTS} ${field} need ${body.length} bytes`);
  return body;
}

/** Resolves with the first message of a thread. */
async function thread(url, workerData) {
  const worker = new Worker(url, { workerData });
  const [message] = await once(worker, 'message');
  await worker.terminate();
  return message;
}

/** Asks for liveness all the time. */
class LiveProbe {
  constructor(port) {
    this.worker = new Worker(new URL('./probe.mjs', import.meta.url), { workerData: { port, everyMs: PROBE_EVERY_MS } });
  }

  /** @returns {Promise<number[]>} the ms that each answer took */
  async stop() {
    this.worker.postMessage('stop');
    const [took] = await once(this.worker, 'message');
    await this.worker.terminate();
    return took;
  }
}

/** The most memory that a gateway has had, in MB. */
class Peak {
  constructor(gateway) {
    this.most = 0;
    this.timer = setInterval(() => {
      this.most = Math.max(this.most, residentMb(gateway));
    }, 50);
  }

  stop() {
    clearInterval(this.timer);
    return this.most;
  }
}

/** What the process holds in memory, as Linux counts it. */
const residentMb = ({ child }) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1_024;
