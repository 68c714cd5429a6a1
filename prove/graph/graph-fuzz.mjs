import http from 'node:http';
import { onBothEngines } from '../database.mjs';
import { crowd } from '../endpoint/crowd.mjs';
import { mangled } from '../endpoint/mangle.mjs';
import { oddRequest } from '../endpoint/rest-requests.mjs';
import { Fake360dialog, PHONE_NUMBER_ID } from '../fake-360dialog.mjs';
import { API_KEY, Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { ANSWER, connectBy, faultsOfEnvelope, graphWish, OFFER } from './graph-calls.mjs';

const [QUICK, FULL, SABOTAGED] = [5_000, 100_000, 500];
/** Few, so that 360dialog is asked for few permissions: it allows five such reads a second. */
const USERS = ['5215500000001', '+52 1 55 0000 0002', 'MX.10000000000000000005'];
const VERSIONS = ['', '/v23.0', '/v99.99'];
const WRONG_VERSIONS = ['/v', '/23.0', '//'];
const METHODS = ['POST', 'GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'graph-fuzz',
    says: "no request to the Graph API, however odd, is answered with a fault of the gateway or out of Meta's shape",
    run: async (context) => {
      const count = context.quick ? QUICK : FULL;
      const { unexpected, statuses, works } = await fuzz({ ...context, count });
      const samples = unexpected.length ? `, such as ${unexpected.slice(0, 5).join(' | ')}` : '';
      return {
        passed: unexpected.length === 0 && works,
        summary:
          `${count} odd requests, answers ${JSON.stringify(statuses)}, ${unexpected.length} unexpected${samples}; ` +
          `${works ? 'a true connect after them works' : 'NO TRUE CONNECT AFTER THEM WORKS'}`,
      };
    },
  }),
  {
    name: 'graph-fuzz-sabotage',
    says: 'the proof goes red against a gateway that believes the id of a number in a path',
    run: async (context) => {
      const [{ run }] = onBothEngines({
        name: '',
        says: '',
        run: async (inner) => {
          const { unexpected } = await fuzz({ ...inner, count: SABOTAGED, fault: 'trust-the-number' });
          const red = unexpected.length > 0;
          return { passed: red, summary: `${colourOf(red)}: ${unexpected.length} of ${SABOTAGED} were faults of the gateway` };
        },
      });
      return run(context);
    },
  },
];

/** 360dialog in good health: it takes messages, too. */
class Healthy360dialog extends Fake360dialog {
  take(method, path, _body, response) {
    if (method !== 'POST' || path !== '/messages') return false;
    const taken = { messaging_product: 'whatsapp', contacts: [{ input: '1', wa_id: '5215500000001' }], messages: [{ id: 'wamid.PROVE' }] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(taken));
    return true;
  }
}

async function fuzz({ folder, random, makeDatabase, count, fault }) {
  const database = await makeDatabase();
  const upstream = await new Healthy360dialog().start();
  const environment = { GRAPH_API: 'true', GRAPH_QUERY_TOKEN: 'true', AUTH_FAILURES_PER_MINUTE: '100000' };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment, fault });
  await gateway.start();
  const statuses = {};
  const unexpected = [];
  await crowd(count, async (_, agent) => {
    const request = graphRequest(random);
    const { status, text } = await answerTo(gateway.port, request, agent);
    statuses[status] = (statuses[status] ?? 0) + 1;
    const faults = faultsOf(request, status, text);
    if (faults.length > 0) unexpected.push(`${request.method} ${request.path.slice(0, 100)} → ${status} ${faults} ${text.slice(0, 300)}`);
  });
  const answer = await connectBy(gateway, graphWish(999, 0)).catch(() => null);
  const works = answer?.status === 200 && answer.body.calls?.length === 1 && gateway.child.exitCode === null;
  await gateway.kill();
  upstream.stop();
  return { statuses, unexpected, works };
}

/** What is wrong with an answer; 360dialog is in good health, so no status from 500 on is expected. A HEAD has no body. */
function faultsOf({ method }, status, text) {
  if (status === 0) return ['no answer'];
  if (status >= 500) return ['a fault of the gateway'];
  if (method === 'HEAD' || status === 204) return [];
  const body = parsed(text);
  if (body === undefined) return ['no JSON'];
  return status < 400 ? [] : faultsOfEnvelope(body);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The routes with a body or a query that each understands, so that requests come far. */
const ROUTES = {
  calls: {
    methods: ['POST'],
    members: [
      'messaging_product',
      'to',
      'recipient',
      'action',
      'session',
      'call_id',
      'biz_opaque_callback_data',
      'recording',
      'connection',
    ],
    bodies: (random) => [
      { to: random.pick(USERS), action: 'connect', session: OFFER, biz_opaque_callback_data: 'row ñ' },
      { recipient: random.pick(USERS), session: OFFER, connection: { webrtc: { sdp: '{"type":"offer","sdp":"v=0"}' } } },
      { call_id: 'wacid.PROVE00000000', action: random.pick(['accept', 'pre_accept']), session: ANSWER, recording: { status: 'DISABLED' } },
      { call_id: random.pick(['wacid.PROVE00000000', 'wacid.PROVE00000001']), action: random.pick(['reject', 'terminate']) },
    ],
  },
  messages: {
    methods: ['POST'],
    members: ['to', 'recipient', 'type', 'interactive', 'template', 'text'],
    bodies: (random) => [
      {
        to: random.pick(USERS),
        type: 'interactive',
        interactive: { type: 'call_permission_request', action: { name: 'call_permission_request' }, body: { text: 'May we call?' } },
      },
      { to: random.pick(USERS), type: 'template', template: { name: 'may_we_call', language: { code: 'es' }, components: [] } },
    ],
  },
  settings: {
    methods: ['POST', 'GET'],
    members: ['calling'],
    bodies: () => [
      {
        calling: { status: 'ENABLED', call_hours: { status: 'DISABLED', timezone_id: 'America/Mexico_City', weekly_operating_hours: [] } },
      },
      { calling: { sip: { status: 'ENABLED', servers: [{ hostname: 'sip.example.com', port: 5061 }] }, video: { status: 'DISABLED' } } },
    ],
  },
  call_permissions: { methods: ['GET'], members: [], bodies: () => [{}] },
  '': { methods: ['GET'], members: [], bodies: () => [{}] },
  nothing: { methods: METHODS, members: ['x'], bodies: () => [{ x: 1 }] },
};
const QUERIES = ['fields', 'user_wa_id', 'recipient', 'access_token', 'fields[]', 'user_wa_id[a]'];
const WELL_FORMED = ['fields=calling', 'fields=id,health_status', `user_wa_id=${USERS[0]}`, `access_token=${API_KEY}`, 'access_token=no'];

/** A request that no client of Meta sends, though most look much like one. */
function graphRequest(random) {
  const route = random.pick(['calls', 'calls', 'calls', ...Object.keys(ROUTES)]);
  const { methods, members, bodies } = ROUTES[route];
  const number = random.chance(0.9) ? PHONE_NUMBER_ID : '{id}';
  const path = `/graph${random.pick(random.chance(0.95) ? VERSIONS : WRONG_VERSIONS)}/${number}${route && `/${route}`}`;
  const method = random.pick(random.chance(0.9) ? methods : METHODS);
  const request = oddRequest({ method, path, queries: QUERIES, members }, random);
  if (random.chance(0.3)) request.path += `${request.path.includes('?') ? '&' : '?'}${random.pick(WELL_FORMED)}`;
  if (random.chance(0.2)) request.headers.authorization = random.pick(['', 'Bearer', 'Bearer no', 'Basic eDp5', `Bearer ${API_KEY} `]);
  if (request.method !== 'GET' && request.method !== 'HEAD' && random.chance(0.7)) {
    request.body = mangled(Buffer.from(JSON.stringify({ messaging_product: 'whatsapp', ...random.pick(bodies(random)) })), random);
  }
  if (request.method === 'HEAD') request.body = undefined;
  return request;
}

/** The answer as text; status 0 when none came. */
function answerTo(port, { method, path, headers, body }, agent) {
  const typed = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  const given = { authorization: `Bearer ${API_KEY}`, ...typed, ...headers };
  return new Promise((resolve) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, agent, headers: given }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(parts).toString() }));
      answer.on('error', () => resolve({ status: 0, text: '' }));
    });
    request.setTimeout(30_000, () => request.destroy());
    request.on('error', () => resolve({ status: 0, text: '' }));
    request.end(body);
  });
}
