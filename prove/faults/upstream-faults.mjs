import { join } from 'node:path';
import { Fake360dialog } from '../fake-360dialog.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { deliver } from '../load.mjs';
import { pause } from '../pause.mjs';
import { connect, delivery, sdp } from '../webhooks.mjs';
import { MISBEHAVIOURS } from './misbehaviour.mjs';

const TIMEOUT_MS = 400;
/** A request may read the permission first, and try a safe one again: each for as long as the time limit allows. */
const BOUND_MS = 6 * TIMEOUT_MS + 3_000;
const OFFER = { sdp_type: 'offer', sdp: sdp('actpass') };
const ANSWER = { sdp_type: 'answer', sdp: sdp('active') };
const QUICK_EVERY = 5;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'upstream-faults',
    says: 'however 360dialog misbehaves: an answer in bounded time, its right class, no success it did not give, nothing acted on twice',
    run: async ({ folder, random, quick }) => {
      const result = await meetAll({ folder, misbehaviours: quick ? someOf(random) : MISBEHAVIOURS });
      return { passed: result.faults.length === 0 && result.reached > result.cells * 0.6, summary: summaryOf(result) };
    },
  },
  {
    name: 'upstream-faults-sabotage',
    says: 'the proof goes red against a gateway that repeats a request whose answer was lost',
    run: async ({ folder }) => {
      const misbehaviours = MISBEHAVIOURS.filter(([name]) => name === 'closes without a word');
      const result = await meetAll({ folder, misbehaviours, fault: 'dial-again' });
      const red = result.faults.some((fault) => fault.includes('acted on'));
      return { passed: red, summary: `${colourOf(red)}: ${result.faults.length} faults, such as: ${result.faults[0]}` };
    },
  },
];

const summaryOf = ({ cells, reached, slowest, faults }) =>
  `${cells} cells, ${reached} reached 360dialog, slowest answer ${slowest} ms, ${faults.length} faults${faults.length ? `\n         ${faults.slice(0, 12).join('\n         ')}` : ''}`;

/** Each misbehaviour meets a gateway of its own, so that what one teaches it does not hide the next. */
async function meetAll({ folder, misbehaviours, fault }) {
  const result = { cells: 0, reached: 0, slowest: 0, faults: [] };
  for (const [index, [name, misbehave]] of misbehaviours.entries()) {
    await meet({ folder: join(folder, String(index)), name, misbehave, fault, result });
  }
  return result;
}

/** Silence, which costs the most time, and a few others. */
function someOf(random) {
  const offset = random.between(1, QUICK_EVERY);
  return MISBEHAVIOURS.filter((_, index) => index === 0 || index % QUICK_EVERY === offset % QUICK_EVERY);
}

async function meet({ folder, name, misbehave, fault, result }) {
  const upstream = await new Misbehaving().start();
  const gateway = new Gateway({
    folder,
    databaseUrl: `sqlite:${join(folder, 'gateway.db')}`,
    upstream: upstream.url,
    // Each operation shall meet the misbehaviour: a circuit that opens after five would keep the later ones from it.
    environment: { D360_TIMEOUT_MS: String(TIMEOUT_MS), D360_CIRCUIT_FAILURES: '0' },
    fault,
  });
  await gateway.start();
  for (const operation of OPERATIONS) {
    const fault = (text) => result.faults.push(`${operation.name} while it ${name}: ${text}`);
    const ready = await operation.prepare?.(gateway);
    upstream.misbehaveAt(operation.at, misbehave);
    const began = Date.now();
    const answer = await operation.ask(gateway, ready).catch((error) => ({ status: 0, body: error.message }));
    const took = Date.now() - began;
    const met = upstream.behave();
    result.cells += 1;
    result.reached += met > 0 ? 1 : 0;
    result.slowest = Math.max(result.slowest, took);
    if (took > BOUND_MS) fault(`answered after ${took} ms`);
    judge(answer, { met, operation, fault });
  }
  const healthy = await gateway.api('GET', '/health/live').catch(() => null);
  if (healthy?.status !== 200) result.faults.push(`the process died when it met: ${name}`);
  await gateway.kill();
  upstream.stop();
}

function judge({ status, body }, { met, operation, fault }) {
  const once = operation.repeatable === undefined;
  if (once && met > 1) fault(`acted on ${met} times`);
  if (status === 0) return fault(`no answer: ${body}`);
  if (status === 500) return fault(`500 ${body?.code}`);
  if (once && met > 0 && status < 300 && status !== 202)
    fault(`${status}, though 360dialog never said yes: ${JSON.stringify(body).slice(0, 200)}`);
  if (status < 400) return;
  const missing = ['code', 'title', 'detail', 'remedy'].filter((key) => typeof body?.[key] !== 'string' || body[key] === '');
  if (missing.length > 0) fault(`${status} without ${missing.join(', ')}`);
  if (status === 429 && body?.retry_at === null && body?.retryable !== true) fault('429 that does not say when');
}

let people = 0;
function newUser() {
  people += 1;
  return `52155${String(people).padStart(8, '0')}`;
}

/** A call that rings here. @returns {Promise<string>} its wacid */
async function ringing(gateway) {
  const call = { wacid: `wacid.FAULT.${people}`, user: newUser(), direction: 'USER_INITIATED' };
  await deliver(gateway.port, delivery([connect(call, Math.floor(Date.now() / 1_000))]));
  for (let left = 100; left > 0; left -= 1) {
    const { status } = await gateway.api('GET', `/api/calling/calls/${call.wacid}`);
    if (status === 200) return call.wacid;
    await pause(20);
  }
  throw new Error('a call that was delivered did not appear');
}

async function talking(gateway) {
  const call_id = await ringing(gateway);
  await verb('accept', (id) => ({ call_id: id, session: ANSWER }))(gateway, call_id);
  return call_id;
}

const verb = (name, bodyOf) => (gateway, ready) => gateway.api('POST', `/api/calling/${name}`, { body: bodyOf(ready) });
const action = (name) => (method, path, body) => method === 'POST' && path === '/calling/calls' && body?.action === name;
const get = (start) => (method, path) => method === 'GET' && path.startsWith(start);

/** Requests of the gateway to 360dialog: the path (`at`), and the request of a client that causes one. A `repeatable` one may be retried. */
const OPERATIONS = [
  { name: 'connect', at: action('connect'), ask: verb('make-call', () => ({ to: newUser(), session: OFFER })) },
  { name: 'pre_accept', at: action('pre_accept'), prepare: ringing, ask: verb('pre-accept', (id) => ({ call_id: id, session: ANSWER })) },
  { name: 'accept', at: action('accept'), prepare: ringing, ask: verb('accept', (id) => ({ call_id: id, session: ANSWER })) },
  { name: 'reject', at: action('reject'), prepare: ringing, ask: verb('reject', (id) => ({ call_id: id })), repeatable: true },
  { name: 'terminate', at: action('terminate'), prepare: talking, ask: verb('terminate', (id) => ({ call_id: id })), repeatable: true },
  {
    name: 'ask for permission',
    at: (method, path) => method === 'POST' && path === '/messages',
    ask: verb('request-permission', () => ({ to: newUser() })),
  },
  {
    name: 'read a permission',
    at: get('/calling/permissions'),
    ask: (gateway) => gateway.api('GET', `/api/calling/permissions/${newUser()}`),
    repeatable: true,
  },
  { name: 'read settings', at: get('/calling/settings'), ask: (gateway) => gateway.api('GET', '/api/calling/settings'), repeatable: true },
  {
    name: 'write settings',
    at: (method, path) => method === 'POST' && path === '/calling/settings',
    ask: (gateway) => gateway.api('PATCH', '/api/calling/settings', { body: { calling: { callback_permission_status: 'DISABLED' } } }),
  },
];

/** A 360dialog that is well but for one thing. */
class Misbehaving extends Fake360dialog {
  #at = null;
  #met = 0;

  misbehaveAt(at, misbehave) {
    this.#at = { at, misbehave };
    this.#met = 0;
  }

  /** @returns {number} how often the bad spot was met */
  behave() {
    this.#at = null;
    return this.#met;
  }

  take(method, path, body, response) {
    if (!this.#at?.at(method, path, body)) return false;
    this.#met += 1;
    this.#at.misbehave(response);
    return true;
  }
}
