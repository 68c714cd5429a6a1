import { performance } from 'node:perf_hooks';
import { onBothEngines } from '../database.mjs';
import { Fake360dialog, keyOf } from '../fake-360dialog.mjs';
import { MISBEHAVIOURS } from '../faults/misbehaviour.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { deliver } from '../load.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad, percentile } from '../statistics.mjs';
import { connect, delivery, sdp } from '../webhooks.mjs';

const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
const BAD = '300000000005000';
const OTHERS = ['300000000005001', '300000000005002', '300000000005003'];
const OFFER = { sdp_type: 'offer', sdp: sdp('actpass') };
const ANSWER = { sdp_type: 'answer', sdp: sdp('active') };
/** Requests for the bad number per second: more than its line carries while it hangs. */
const BAD_PER_SECOND = 40;
/** One round of every operation, for each of the others. */
const ROUND_MS = 500;
/** The goal is 1.2 times the calm, and 50 ms at most; a busy machine has to pass as well. */
const MUCH_LATER_MS = 400;
const MET = new Set(['never answers', 'resets the connection', 'answers in drops', 'says 500 of Meta']);

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'hanging-line',
    says: 'while 360dialog hangs, drips, resets or answers 500 for one number, the others dial, accept, hang up and read as before',
    run: (context) => onOneGateway(context),
  }),
  {
    name: 'hanging-line-sabotage',
    says: 'the proof goes red when all numbers share one line',
    run: async (context) => {
      const { passed, summary } = await onBothEngines({
        name: '',
        says: '',
        run: (inner) => onOneGateway({ ...inner, fault: 'one-line' }),
      })[0].run(context);
      return { passed: !passed, summary: `${colourOf(!passed)}: ${summary}` };
    },
  },
];

async function onOneGateway({ folder, makeDatabase, quick, fault }) {
  const upstream = await new BadForOne().start();
  const database = await makeDatabase();
  // The circuit stays closed, so that every request meets the misbehaviour.
  const environment = { SECRETS_KEY, D360_TIMEOUT_MS: '4000', D360_CIRCUIT_FAILURES: '0' };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment, fault });
  await gateway.start();
  const numbers = new Map();
  for (const id of [BAD, ...OTHERS]) numbers.set(id, (await gateway.api('POST', '/api/numbers', { body: { api_key: keyOf(id) } })).body);
  const seconds = quick ? 6 : 20;
  const work = new Work(gateway, numbers);
  await work.during(3);
  const calm = await work.during(seconds);
  const results = [];
  for (const [name, misbehave] of MISBEHAVIOURS.filter(([name]) => MET.has(name))) {
    upstream.misbehave = misbehave;
    const bad = work.burden(BAD);
    await pause(500);
    results.push({ name, times: await work.during(seconds), met: upstream.met });
    await bad.stop();
    upstream.misbehave = null;
    upstream.met = 0;
  }
  await gateway.kill();
  upstream.stop();
  const passed =
    results.every(({ times, met }) => met > 0 && times.failed.length === 0 && isAsBefore(calm, times)) && calm.failed.length === 0;
  const said = results.map(({ name, times, met }) => `${name} (met ${met} times): ${spreadOf(times)}`);
  return { passed, summary: [`calm: ${spreadOf(calm)}`, ...said, machineLoad()].join('\n         ') };
}

const p99 = (times) => percentile(times, 0.99);
const isAsBefore = (calm, times) => [...times.took].every(([name, took]) => p99(took) <= p99(calm.took.get(name)) + MUCH_LATER_MS);
const spreadOf = ({ took, failed }) =>
  [...took]
    .map(([name, times]) => `${name} p50 ${percentile(times, 0.5).toFixed(0)}, p99 ${p99(times).toFixed(0)} ms (${times.length})`)
    .join('; ') + (failed.length ? `; FAILED ${failed.length}, such as ${failed[0]}` : '');

/** A 360dialog that is well but for one number. */
class BadForOne extends Fake360dialog {
  misbehave = null;
  met = 0;

  take(_method, path, _body, response, phoneNumberId) {
    if (!this.misbehave || phoneNumberId !== BAD || path === '/health_status') return false;
    this.met += 1;
    this.misbehave(response);
    return true;
  }
}

let people = 0;
function newUser() {
  people += 1;
  return `52156${String(people).padStart(8, '0')}`;
}

/** What clients do with the numbers, and how long it takes. */
class Work {
  #times = { took: new Map(), failed: [] };

  constructor(gateway, numbers) {
    Object.assign(this, { gateway, numbers });
  }

  /** Each operation for each of the others, twice a second. */
  async during(seconds) {
    this.#times = { took: new Map(), failed: [] };
    const times = this.#times;
    const rounds = [];
    for (const end = performance.now() + seconds * 1_000; performance.now() < end; await pause(ROUND_MS)) {
      for (const id of OTHERS) rounds.push(this.#dial(id), this.#answer(id), this.#read(id));
    }
    await Promise.all(rounds);
    return times;
  }

  /** Requests that need the line of a number, whatever becomes of them. */
  burden(id) {
    let stopped = false;
    const all = new Set();
    const send = (done) => {
      const one = done.catch(() => undefined).finally(() => all.delete(one));
      all.add(one);
    };
    const loop = (async () => {
      for (let i = 0; !stopped; i += 1) {
        const body = { phone_number_id: id, to: newUser(), session: OFFER };
        if (i % 4 === 0) send(this.gateway.api('GET', `/api/calling/settings?phone_number_id=${id}`));
        else send(this.gateway.api('POST', '/api/calling/make-call', { body }));
        await pause(1_000 / BAD_PER_SECOND);
      }
    })();
    return {
      stop: async () => {
        stopped = true;
        await loop;
        await Promise.all(all);
      },
    };
  }

  async #dial(id) {
    await this.#timed('dial', 201, () =>
      this.gateway.api('POST', '/api/calling/make-call', { body: { phone_number_id: id, to: newUser(), session: OFFER } }),
    );
  }

  async #answer(id) {
    const user = newUser();
    const call_id = `wacid.LINE.${user}`;
    const value = connect({ wacid: call_id, user, direction: 'USER_INITIATED' }, Math.floor(Date.now() / 1_000));
    const body = delivery([{ ...value, metadata: { display_phone_number: `521${id.slice(-10)}`, phone_number_id: id } }]);
    const { register } = this.numbers.get(id).webhook;
    await deliver(this.gateway.port, body, { path: `/api/webhooks/360dialog/${id}`, headers: register.headers });
    const rings = async () => (await this.gateway.api('GET', `/api/calling/calls/${call_id}`)).status === 200;
    await until('a call that was delivered', rings, { withinMs: 20_000, everyMs: 20 });
    await this.#timed('accept', 200, () => this.gateway.api('POST', '/api/calling/accept', { body: { call_id, session: ANSWER } }));
    await this.#timed('hang up', 200, () => this.gateway.api('POST', '/api/calling/terminate', { body: { call_id } }));
  }

  async #read(id) {
    await this.#timed('read', 200, () => this.gateway.api('GET', `/api/calling/settings?phone_number_id=${id}`));
  }

  async #timed(name, wanted, work) {
    const { took, failed } = this.#times;
    const began = performance.now();
    const { status, body } = await work().catch((error) => ({ status: 0, body: error.message }));
    took.set(name, [...(took.get(name) ?? []), performance.now() - began]);
    if (status !== wanted) failed.push(`${name} ${status} ${JSON.stringify(body).slice(0, 300)}`);
  }
}
