import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ask } from '../prove/ask.mjs';
import { onPostgres, SqliteDatabase } from '../prove/database.mjs';
import { Gateway } from '../prove/gateway.mjs';
import { pause, until } from '../prove/pause.mjs';
import { percentile } from '../prove/statistics.mjs';
import { connect, delivery, terminate } from '../prove/webhooks.mjs';
import { cpuMsOf } from './cpu.mjs';
import { DelayingProxy } from './delaying-proxy.mjs';
import { webhookTarget } from './ingest.mjs';

const EVENTS = 40;
const APART_MS = 250;
const REST_MS = EVENTS * APART_MS;
/** What each subscription that does not want an event may cost. */
const BAR = 0.02;

/** @type {import('./main.mjs').Bench[]} */
export const benches = [
  {
    name: 'subscriptions',
    says: 'what 0, 100 and 999 subscriptions cost that do not want an event, and how late one gets it that does',
    run: async ({ folder, upstream }) => {
      const sqlite = new SqliteDatabase(join(folder, 'sqlite', 'gateway.db'));
      const onSqlite = await measured({ folder: join(folder, 'sqlite'), upstream, url: sqlite.url });
      const postgres = await onPostgres((database) => throughProxy(database, (url, proxy) => measured({ folder, upstream, url, proxy })));
      return [...figuresOf('SQLite', onSqlite), ...(postgres.none ? figuresOf('Postgres', postgres) : [])];
    },
  },
];

async function throughProxy(database, work) {
  const { hostname, port } = new URL(database.url);
  const proxy = await new DelayingProxy({ host: hostname, port: Number(port || 5432), delayMs: 0 }).start();
  const found = await work(proxy.through(database.url), proxy);
  proxy.stop();
  return found;
}

/** Statements are counted between gateway and Postgres; SQLite has no place where a bench could count them. */
function figuresOf(engine, { none, hundred, thousand, wanted, ready }) {
  const extra = ({ busy, rest }, many) =>
    (busy.statements - rest.statements - (none.busy.statements - none.rest.statements)) / many / EVENTS;
  const statements =
    engine === 'SQLite'
      ? []
      : [
          {
            figure: `${engine}: a webhook, no subscription`,
            value: (none.busy.statements - none.rest.statements) / EVENTS,
            unit: 'statements',
          },
          { figure: `${engine}: each of 100 that do not want it`, value: extra(hundred, 100), unit: 'statements', atMost: BAR },
          { figure: `${engine}: each of 999 that do not want it`, value: extra(thousand, 999), unit: 'statements', atMost: BAR },
          { figure: `${engine}: one of 1,000 that wants it`, value: extra(wanted, 1) - extra(thousand, 1), unit: 'statements' },
          { figure: `${engine}: at rest without one`, value: (none.rest.statements * 1_000) / REST_MS, unit: 'statements/s' },
          { figure: `${engine}: at rest with 999`, value: (thousand.rest.statements * 1_000) / REST_MS, unit: 'statements/s' },
        ];
  return [
    ...statements,
    { figure: `${engine}: CPU at rest without one`, value: (none.rest.cpuMs * 100) / REST_MS, unit: '%' },
    { figure: `${engine}: CPU at rest with 999`, value: (thousand.rest.cpuMs * 100) / REST_MS, unit: '%' },
    { figure: `${engine}: CPU of a webhook, none`, value: (none.busy.cpuMs - none.rest.cpuMs) / EVENTS, unit: 'ms' },
    { figure: `${engine}: CPU of a webhook, 999`, value: (thousand.busy.cpuMs - thousand.rest.cpuMs) / EVENTS, unit: 'ms' },
    { figure: `${engine}: webhook → delivery, of 1,000, p50`, value: percentile(wanted.tookMs, 0.5), unit: 'ms' },
    { figure: `${engine}: webhook → delivery, of 1,000, p99`, value: percentile(wanted.tookMs, 0.99), unit: 'ms' },
    { figure: `${engine}: ready after a kill, with 1,000`, value: ready, unit: 'ms' },
  ];
}

async function measured({ folder, upstream, url, proxy }) {
  const arrived = new Map();
  const consumer = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      response.end();
      arrived.set(JSON.parse(Buffer.concat(parts).toString()).data.call_id, performance.now());
    });
  }).listen(0, '127.0.0.1');
  await once(consumer, 'listening');
  const environment = { EVENTS_ALLOW_PRIVATE_TARGETS: 'true' };
  const gateway = new Gateway({ folder: join(folder, 'subscriptions'), databaseUrl: url, upstream: upstream.url, environment });
  await gateway.start();
  const hook = `http://127.0.0.1:${consumer.address().port}/`;
  const subscribe = async (count, types) => {
    for (let i = 0; i < count; i += 1) {
      const { status, body } = await gateway.api('POST', '/api/subscriptions', { body: { url: hook, types } });
      if (status !== 201) throw new Error(`no subscription: ${status} ${JSON.stringify(body)}`);
    }
  };
  try {
    const found = { none: await costs(gateway, proxy, arrived, false) };
    await subscribe(100, ['settings.updated']);
    found.hundred = await costs(gateway, proxy, arrived, false);
    // The last one makes room for the one that wants events.
    await subscribe(899, ['settings.updated']);
    found.thousand = await costs(gateway, proxy, arrived, false);
    await subscribe(1, ['call.incoming']);
    found.wanted = await costs(gateway, proxy, arrived, true);
    await gateway.kill();
    const began = performance.now();
    await gateway.start();
    return { ...found, ready: performance.now() - began };
  } finally {
    await gateway.kill();
    consumer.close();
  }
}

/** What webhooks cost that come one after the other, and what as much time costs without them. */
async function costs(gateway, proxy, arrived, isWanted) {
  await pause(3_000);
  const rest = await during(gateway, proxy, () => pause(REST_MS));
  const tookMs = [];
  const busy = await during(gateway, proxy, async () => {
    for (let i = 0; i < EVENTS; i += 1) {
      const before = performance.now();
      const wacid = await deliverOne(gateway);
      if (isWanted) {
        await until('the delivery', () => arrived.has(wacid), { everyMs: 1, withinMs: 10_000 });
        tookMs.push(arrived.get(wacid) - before);
      }
      await pause(Math.max(0, APART_MS - (performance.now() - before)));
    }
  });
  return { rest, busy, tookMs };
}

let calls = 0;

async function deliverOne(gateway) {
  calls += 1;
  const { port, path, headers } = webhookTarget(gateway);
  const call = { wacid: `wacid.subscriptions.${calls}`, user: `52155100${String(calls).padStart(5, '0')}`, direction: 'USER_INITIATED' };
  const now = Math.floor(Date.now() / 1_000);
  // Over at once: a call that rings would cost something later on.
  const body = delivery([connect(call, now), terminate(call, now, null)]);
  const { status } = await ask({ port, method: 'POST', path, body, headers: { 'content-type': 'application/json', ...headers } });
  if (status !== 200) throw new Error(`a webhook was answered with ${status}`);
  return call.wacid;
}

async function during(gateway, proxy, work) {
  const before = { statements: proxy?.statements ?? 0, cpuMs: cpuMsOf(gateway.child.pid) };
  await work();
  return { statements: (proxy?.statements ?? 0) - before.statements, cpuMs: cpuMsOf(gateway.child.pid) - before.cpuMs };
}
