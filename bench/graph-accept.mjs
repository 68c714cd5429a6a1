import { performance } from 'node:perf_hooks';
import { Gateway } from '../prove/gateway.mjs';
import { ANSWER, CALLS_PATH } from '../prove/graph/graph-calls.mjs';
import { deliver } from '../prove/load.mjs';
import { percentile } from '../prove/statistics.mjs';
import { connect, delivery } from '../prove/webhooks.mjs';
import { drained } from './ingest.mjs';
import { onBothEngines } from './on-both-engines.mjs';

/** Of each API. Until Node has compiled what is used often, each request takes half as long again. */
const [WARM_UP, CALLS] = [300, 500];
const BAR_MS = 1;
/** Every call still rings when its turn comes. */
const ENVIRONMENT = { GRAPH_API: 'true', ANSWER_WINDOW_SECONDS: '120' };

/** @type {import('./main.mjs').Bench[]} */
export const benches = [
  {
    name: 'graph-accept',
    says: 'what the Graph API adds to the accept of an incoming call through the REST API',
    run: (context) => onBothEngines(context, compare),
  },
];

const WAYS = {
  api: (gateway, call_id) => gateway.api('POST', '/api/calling/accept', { body: { call_id, session: ANSWER } }),
  graph: (gateway, call_id) =>
    gateway.api('POST', CALLS_PATH, { body: { messaging_product: 'whatsapp', call_id, action: 'accept', session: ANSWER } }),
};

/** Accepts through both APIs take turns, and take turns in who is first, so that both meet the same machine. */
async function compare({ folder, upstream, database, engine }) {
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment: ENVIRONMENT });
  await gateway.start();
  await ring(gateway, database);
  const took = { api: [], graph: [] };
  for (let i = 0; i < WARM_UP + CALLS; i += 1) {
    for (const name of i % 2 ? ['api', 'graph'] : ['graph', 'api']) {
      const began = performance.now();
      const { status, body } = await WAYS[name](gateway, wacidOf(name, i));
      if (i >= WARM_UP) took[name].push(performance.now() - began);
      if (status >= 300) throw new Error(`accept through ${name}: ${status} ${JSON.stringify(body)}`);
    }
  }
  await gateway.kill();
  const p50 = (name) => percentile(took[name], 0.5);
  return [
    { figure: `${engine}: accept through /api, p50`, value: p50('api'), unit: 'ms' },
    { figure: `${engine}: accept through /graph, p50`, value: p50('graph'), unit: 'ms' },
    { figure: `${engine}: accept through /graph, p99`, value: percentile(took.graph, 0.99), unit: 'ms' },
    { figure: `${engine}: added by /graph, p50 of ${CALLS}`, value: p50('graph') - p50('api'), unit: 'ms', atMost: BAR_MS },
  ];
}

const wacidOf = (name, i) => `wacid.${name.toUpperCase()}.${i}`;

async function ring(gateway, database) {
  for (let i = 0; i < WARM_UP + CALLS; i += 1) {
    for (const [prefix, name] of Object.keys(WAYS).entries()) {
      const user = `5215${prefix}${String(i).padStart(8, '0')}`;
      const call = { wacid: wacidOf(name, i), user, direction: 'USER_INITIATED' };
      await deliver(gateway.port, delivery([connect(call, Math.floor(Date.now() / 1_000))]));
    }
  }
  await drained(database);
}
