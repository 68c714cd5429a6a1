import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { ask } from '../ask.mjs';
import { onBothEngines } from '../database.mjs';
import { EventStream } from '../event-stream.mjs';
import { keyOf } from '../fake-360dialog.mjs';
import { Gateway } from '../gateway.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad, percentile, spread } from '../statistics.mjs';
import { connect, delivery, terminate } from '../webhooks.mjs';

const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
const NUMBERS = 500;
const ids = Array.from({ length: NUMBERS }, (_, i) => String(300_000_000_200_000 + i));
const ADDED_AT_ONCE = 8;
/** Each number has a call a second, and each call lasts so long. */
const TALK_SECONDS = 10;
const EVERY_MS = 10;
/** Over so long each number has its first call, of which the gateway learns its account and takes its queue. */
const FIRST_SECONDS = 10;
/** The goal is p50 10 ms and p99 100 ms; a machine whose two cores carry gateway, database and load has to pass as well. */
const P50_MS = 2_000;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = onBothEngines({
  name: 'five-hundred-calls',
  says: '500 numbers with a call of 10 s each second, one process: every event comes once, and how late',
  run: (context) => callAll(context),
});

async function callAll({ folder, upstream, makeDatabase, quick }) {
  const database = await makeDatabase();
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment: { SECRETS_KEY } });
  await gateway.start();
  const numbers = await addAll(gateway);
  // The first polls are over.
  await pause((NUMBERS / 5) * 1_000);
  const load = new Calls(gateway.port, numbers);
  const stream = new EventStream(gateway.port, { onEvent: ({ type, data }) => load.heard(`${data.call_id} ${type}`) });
  await stream.opened;
  await load.run(FIRST_SECONDS, NUMBERS / FIRST_SECONDS);
  const first = await heardOf(load);
  await load.run(quick ? 15 : 40, NUMBERS);
  const tookMs = await heardOf(load);
  stream.cut();
  await gateway.kill();
  const { refused, sent, unheard } = load;
  return {
    passed: unheard === 0 && refused === 0 && percentile(tookMs, 0.5) <= P50_MS,
    summary:
      `${sent} webhooks at ${2 * NUMBERS}/s, ${refused} refused, ${unheard} events missing, ${spread(tookMs)}; ` +
      `before that the first call of each number, ${NUMBERS / FIRST_SECONDS}/s: ${spread(first)}; ${machineLoad()}`,
  };
}

/** How late the events were that came since the last time, once none is missing. */
async function heardOf(load) {
  await until('every event', () => load.unheard === 0, { withinMs: 60_000 }).catch(() => undefined);
  const { tookMs } = load;
  load.tookMs = [];
  return tookMs;
}

async function addAll(gateway) {
  const waiting = [...ids];
  const numbers = [];
  const one = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const { status, body } = await gateway.api('POST', '/api/numbers', { body: { api_key: keyOf(id) } });
      if (status !== 201) throw new Error(`the number was answered ${status} ${JSON.stringify(body)}`);
      numbers.push({ id, headers: body.webhook.register.headers });
    }
  };
  await Promise.all(Array.from({ length: ADDED_AT_ONCE }, one));
  return numbers;
}

class Calls {
  tookMs = [];
  refused = 0;
  sent = 0;
  #calls = 0;
  #sentAt = new Map();
  #agent = new http.Agent({ keepAlive: true, maxSockets: 128 });

  constructor(port, numbers) {
    Object.assign(this, { port, numbers });
  }

  get unheard() {
    return this.#sentAt.size;
  }

  heard(name) {
    const at = this.#sentAt.get(name);
    if (at !== undefined) this.tookMs.push(performance.now() - at);
    this.#sentAt.delete(name);
  }

  /** Calls begin at a fixed rate, whether the webhooks before were answered or not. */
  async run(seconds, perSecond) {
    const all = [];
    const began = performance.now();
    const first = this.#calls;
    const total = seconds * perSecond;
    while (this.#calls - first < total) {
      const due = Math.min(total, Math.floor(((performance.now() - began) * perSecond) / 1_000));
      for (; this.#calls - first < due; this.#calls += 1) all.push(...this.#sendNext(first, perSecond));
      await pause(EVERY_MS);
    }
    await Promise.all(all);
  }

  /** A call that rings, and the end of one of this run that has rung long enough. */
  #sendNext(first, perSecond) {
    const call = this.#calls;
    const earlier = call - TALK_SECONDS * perSecond;
    return [this.#send(call, connect, 'call.incoming'), ...(earlier >= first ? [this.#send(earlier, terminate, 'call.ended')] : [])];
  }

  async #send(call, event, type) {
    const { id, headers } = this.numbers[call % NUMBERS];
    const wacid = `wacid.FIVE.${call}`;
    const value = event(
      { wacid, user: `5215${String(call).padStart(9, '0')}`, direction: 'USER_INITIATED' },
      Math.floor(Date.now() / 1_000),
      null,
    );
    const body = delivery([{ ...value, metadata: { display_phone_number: `521${id.slice(-10)}`, phone_number_id: id } }]);
    this.#sentAt.set(`${wacid} ${type}`, performance.now());
    this.sent += 1;
    const path = `/api/webhooks/360dialog/${id}`;
    const { status } = await ask({ port: this.port, method: 'POST', path, headers, body, agent: this.#agent }).catch(() => ({ status: 0 }));
    if (status !== 200) this.refused += 1;
  }
}
