import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { ask } from '../ask.mjs';
import { onBothEngines } from '../database.mjs';
import { keyOf } from '../fake-360dialog.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { deliver } from '../load.mjs';
import { until } from '../pause.mjs';
import { machineLoad, percentile } from '../statistics.mjs';
import { connect, delivery } from '../webhooks.mjs';

const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
const OURS = '300000000006000';
const THEIRS = '300000000006001';
const NOBODY = '399999999999999';
const REQUESTS = { full: 2_000, quick: 400 };
/** Of a route whose every refusal takes 100 ms. */
const SLOW_REQUESTS = { full: 100, quick: 20 };
const ROUNDS = 3;
/** The medians of both differ by no more than one of these. */
const SHARE = 0.1;
const MS = 0.3;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'same-answers',
    says: "a key of one number cannot tell an id of another's from one that is nobody's, by the answer or by its time",
    run: (context) => compare(context),
  }),
  {
    name: 'same-answers-sabotage',
    says: "the proof goes red when the gateway reads more of what is another number's",
    run: async (context) => {
      const [onSqlite] = onBothEngines({ name: '', says: '', run: (inner) => compare({ ...inner, fault: 'read-before-reach' }) });
      const { passed, summary } = await onSqlite.run(context);
      return { passed: !passed, summary: `${colourOf(!passed)}: ${summary}` };
    },
  },
];

async function compare({ folder, upstream, makeDatabase, quick, fault }) {
  const database = await makeDatabase();
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment: { SECRETS_KEY }, fault });
  await gateway.start();
  const { ids, headers } = await prepare(gateway);
  const results = [];
  for (const { name, pathOf, slow } of ROUTES) {
    const result = await interleaved(gateway, {
      headers,
      ours: pathOf(ids.theirs),
      nobodys: pathOf(ids.nobodys),
      count: (slow ? SLOW_REQUESTS : REQUESTS)[quick ? 'quick' : 'full'],
    });
    results.push({ name, ...result });
  }
  await gateway.kill();
  const passed = results.every(({ statuses, isSame }) => isSame && statuses.size === 1 && !statuses.has(200));
  const said = results.map(
    ({ name, theirs, nobodys, statuses }) => `${name} ${[...statuses]}: ${theirs.toFixed(2)} and ${nobodys.toFixed(2)} ms`,
  );
  return { passed, summary: `medians of another's and nobody's id: ${said.join('; ')}; ${machineLoad()}` };
}

/** Two numbers, a call of the second one, and a key of the first one. */
async function prepare(gateway) {
  const added = {};
  for (const id of [OURS, THEIRS]) added[id] = (await gateway.api('POST', '/api/numbers', { body: { api_key: keyOf(id) } })).body;
  const wacid = 'wacid.SAME.1';
  const value = connect({ wacid, user: '5215600000001', direction: 'USER_INITIATED' }, Math.floor(Date.now() / 1_000));
  const body = delivery([{ ...value, metadata: { display_phone_number: '5215500000002', phone_number_id: THEIRS } }]);
  await deliver(gateway.port, body, { path: `/api/webhooks/360dialog/${THEIRS}`, headers: added[THEIRS].webhook.register.headers });
  let call = null;
  await until('the call', async () => {
    call = await gateway.api('GET', `/api/calling/calls/${wacid}`);
    return call.status === 200;
  });
  const subscription = await gateway.api('POST', '/api/subscriptions', {
    body: { url: 'https://example.com/hook', phone_number_id: THEIRS, enabled: false },
  });
  const scopes = ['calls:read', 'calls:control', 'numbers:read', 'permissions:read'];
  const key = await gateway.api('POST', '/api/keys', { body: { name: 'ours', scopes, numbers: [OURS] } });
  if (key.status !== 201) throw new Error(`the key was answered ${key.status} ${JSON.stringify(key.body)}`);
  return {
    headers: { authorization: `Bearer ${key.body.key}` },
    ids: {
      theirs: { call: call.body.id, wacid, number: THEIRS, subscription: subscription.body.id ?? 'sub_none' },
      nobodys: {
        call: 'call_01J00000000000000000000000',
        wacid: 'wacid.SAME.2',
        number: NOBODY,
        subscription: 'sub_01J00000000000000000000000',
      },
    },
  };
}

const ROUTES = [
  { name: 'a call', pathOf: ({ call }) => `/api/calling/calls/${call}` },
  { name: 'a call by wacid', pathOf: ({ wacid }) => `/api/calling/calls/${wacid}` },
  { name: 'a timeline', pathOf: ({ call }) => `/api/calling/calls/${call}/timeline` },
  { name: 'a number', slow: true, pathOf: ({ number }) => `/api/numbers/${number}` },
  { name: 'a permission', slow: true, pathOf: ({ number }) => `/api/calling/permissions/5215600000001?phone_number_id=${number}` },
];

/** Both in turns, the first one changing, so that neither has the warmer cache. A noisy machine has three tries. */
async function interleaved(gateway, options) {
  let result = null;
  for (let round = 0; round < ROUNDS && !result?.isSame; round += 1) result = await measure(gateway, options);
  return result;
}

async function measure({ port }, { headers, ours, nobodys, count }) {
  const took = { theirs: [], nobodys: [] };
  const statuses = new Set();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const one = async (whose, path) => {
    const began = performance.now();
    const { status } = await ask({ port, method: 'GET', path, headers, agent });
    took[whose].push(performance.now() - began);
    statuses.add(status);
  };
  for (let i = 0; i < count; i += 1) {
    const both = [() => one('theirs', ours), () => one('nobodys', nobodys)];
    for (const send of i % 2 === 0 ? both : both.reverse()) await send();
  }
  agent.destroy();
  const [theirs, none] = [percentile(took.theirs, 0.5), percentile(took.nobodys, 0.5)];
  const apart = Math.abs(theirs - none);
  return { theirs, nobodys: none, statuses, isSame: apart <= MS || apart <= SHARE * Math.min(theirs, none) };
}
