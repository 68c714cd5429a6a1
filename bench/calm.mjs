import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ask } from '../prove/ask.mjs';
import { onPostgres } from '../prove/database.mjs';
import { API_KEY, Gateway } from '../prove/gateway.mjs';
import { pause } from '../prove/pause.mjs';
import { connect, delivery } from '../prove/webhooks.mjs';
import { DelayingProxy } from './delaying-proxy.mjs';
import { webhookTarget } from './ingest.mjs';
import { median } from './numbers.mjs';

const WEBHOOKS = 20;
const APART_MS = 400;
/** What other programs do on the server shows in its counters, so the figures are of the middle round. */
const ROUNDS = 3;

/** @type {import('./main.mjs').Bench[]} */
export const benches = [
  {
    name: 'calm',
    says: 'what one webhook costs Postgres when nothing else happens, with one subscription and one stream',
    run: ({ folder, upstream }) => onPostgres((database) => measured({ folder, upstream, database })),
  },
];

async function measured({ folder, upstream, database }) {
  const { hostname, port } = new URL(database.url);
  const proxy = await new DelayingProxy({ host: hostname, port: Number(port || 5432), delayMs: 0 }).start();
  const subscriber = createServer((request, response) => request.resume().on('end', () => response.end())).listen(0, '127.0.0.1');
  await once(subscriber, 'listening');
  const environment = { EVENTS_ALLOW_PRIVATE_TARGETS: 'true' };
  const gateway = new Gateway({
    folder: join(folder, 'calm'),
    databaseUrl: proxy.through(database.url),
    upstream: upstream.url,
    environment,
  });
  await gateway.start();
  const url = `http://127.0.0.1:${subscriber.address().port}/`;
  const made = await gateway.api('POST', '/api/subscriptions', { body: { url, types: ['call.incoming', 'call.ended'] } });
  if (made.status !== 201) throw new Error(`no subscription: ${made.status} ${made.body}`);
  const stream = await fetch(`http://127.0.0.1:${gateway.port}/api/events`, { headers: { authorization: `Bearer ${API_KEY}` } });
  await pause(6_000);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const rest = await during(database, proxy, () => pause(WEBHOOKS * APART_MS));
    const busy = await during(database, proxy, () => deliverSlowly(gateway, round));
    rounds.push({ rest, busy });
  }
  await stream.body.cancel();
  await gateway.kill();
  subscriber.close();
  proxy.stop();
  const each = (name) => median(rounds.map(({ rest, busy }) => (busy[name] - rest[name]) / WEBHOOKS));
  return [
    { figure: 'statements per webhook', value: each('statements'), unit: '', atMost: 14 },
    { figure: 'commits per webhook', value: each('commits'), unit: '', atMost: 4 },
    { figure: 'fsyncs per webhook', value: each('fsyncs'), unit: '', atMost: 2 },
    {
      figure: 'statements at rest',
      value: median(rounds.map(({ rest }) => rest.statements)) / ((WEBHOOKS * APART_MS) / 1_000),
      unit: '/s',
    },
  ];
}

async function deliverSlowly(gateway, round) {
  const { port, path, headers } = webhookTarget(gateway);
  for (let i = 0; i < WEBHOOKS; i += 1) {
    const call = { wacid: `wacid.calm.${round}.${i}`, user: `52155100${round}0${String(i).padStart(3, '0')}`, direction: 'USER_INITIATED' };
    const body = delivery([connect(call, Math.floor(Date.now() / 1_000))]);
    const { status } = await ask({ port, method: 'POST', path, body, headers: { 'content-type': 'application/json', ...headers } });
    if (status !== 200) throw new Error(`a webhook was answered with ${status}`);
    await pause(APART_MS);
  }
}

/** What `work` costs the database and the server: statements as the proxy sees them, commits and fsyncs as Postgres counts them. */
async function during(database, proxy, work) {
  const before = await counts(database, proxy);
  await work();
  const after = await counts(database, proxy);
  return Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]));
}

async function counts({ pool }, { statements }) {
  // Postgres writes its own counters down up to a second later.
  await pause(1_200);
  const { rows } = await pool.query(`select xact_commit as commits, (select wal_sync from pg_stat_wal) as fsyncs
    from pg_stat_database where datname = current_database()`);
  return { statements, commits: Number(rows[0].commits), fsyncs: Number(rows[0].fsyncs) };
}
