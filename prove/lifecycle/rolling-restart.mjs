import { join } from 'node:path';
import { WEBHOOK_PATH } from '../../dist/config/webhook-path.js';
import { ask } from '../ask.mjs';
import { onPostgres } from '../database.mjs';
import { API_KEY, Gateway, WEBHOOK_TOKEN } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { pause, until } from '../pause.mjs';
import { ReconnectingReader } from '../stream-reader.mjs';
import { connect, delivery, sdp, terminate } from '../webhooks.mjs';
import { ReverseProxy } from './reverse-proxy.mjs';

const REPLICAS = 3;
const [QUICK_ROLLS, FULL_ROLLS] = [1, 20];
const CALL_EVERY_MS = 40;
const DIAL_EVERY_MS = 500;
const TALK_MS = 400;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'rolling-restart',
    says: 'three replicas on Postgres restarted one after the other under load: no request fails, no call or event is lost, no key dials twice',
    run: (context) => onPostgres((database) => prove({ ...context, database, rolls: context.quick ? QUICK_ROLLS : FULL_ROLLS })),
  },
  {
    name: 'rolling-restart-sabotage',
    says: 'the proof goes red against replicas that leave at once',
    run: (context) =>
      onPostgres(async (database) => {
        const result = await roll({ ...context, database, rolls: 2, fault: 'leave-at-once' });
        const red = result.failed.length > 0;
        return { passed: red, summary: `${colourOf(red)}: ${result.failed.length} requests failed, such as ${result.failed[0]}` };
      }),
  },
];

async function prove(context) {
  const { rolls, requests, failed, lost, callsMissing, unended, worst, dials, gaps, events } = await roll(context);
  return {
    passed: failed.length + lost + callsMissing + unended + gaps === 0 && worst === 1 && dials > 0,
    summary:
      `${rolls} times ${REPLICAS} replicas, ${requests} requests, ${failed.length} failed ${failed.slice(0, 3)}, ${lost} webhooks lost, ` +
      `${callsMissing} calls missing, ${unended} not ended, ${dials} dials, at most ${worst} per key, ${events} events, ${gaps} not heard`,
  };
}

async function roll({ folder, upstream, random, database, rolls, fault }) {
  const gateways = Array.from(
    { length: REPLICAS },
    (_, i) => new Gateway({ folder: join(folder, String(i)), databaseUrl: database.url, upstream: upstream.url, fault }),
  );
  for (const gateway of gateways) await gateway.start();
  const proxy = await new ReverseProxy(gateways).start();
  const load = new Traffic(proxy.port);
  await until('the first event', async () => (await database.events()).length > 0, { withinMs: 20_000 });
  const reader = new ReconnectingReader({ gateways: [proxy], random });
  const from = await reader.begin();
  let over = false;
  const hopping = reader.hopWhile(() => over);
  for (let i = 0; i < rolls; i += 1) {
    for (const gateway of gateways) {
      gateway.child.kill('SIGTERM');
      await gateway.gone;
      await gateway.start();
      await until('ready', async () => (await gateway.api('GET', '/health/ready').catch(() => null))?.status === 200, { everyMs: 25 });
      await pause(300);
    }
  }
  await load.stop();
  await until('worked off', async () => (await database.countNotDone()).new === 0);
  over = true;
  await hopping;
  const after = eventsAfter(await database.events(), from);
  const newest = after.at(-1);
  await reader.finish((event) => event.id === newest.id);
  const heard = new Set(reader.heard.map(({ id }) => id));
  const result = {
    rolls,
    requests: load.requests,
    failed: load.failed,
    lost: await load.ledger.countLostInAll(database),
    callsMissing: await load.ledger.countCallsMissing(database),
    unended: Number((await database.pool.query("select count(*) as n from calls where direction = 'inbound' and live = 1")).rows[0].n),
    dials: upstream.dials.length,
    worst: mostDials(upstream),
    events: after.length,
    gaps: after.filter(({ id }) => !heard.has(id)).length,
  };
  proxy.stop();
  for (const gateway of gateways) await gateway.kill();
  return result;
}

const eventsAfter = (events, id) => events.slice(events.findIndex((event) => event.id === id) + 1);

function mostDials({ dials }) {
  const byUser = new Map();
  for (const { to } of dials) byUser.set(to, (byUser.get(to) ?? 0) + 1);
  return Math.max(0, ...byUser.values());
}

/** Calls that come in and end, and dials with a key each, through the proxy. */
class Traffic {
  requests = 0;
  /** @type {string[]} */
  failed = [];
  ledger = new Ledger();
  #over = false;
  #pending = new Set();

  constructor(port) {
    this.port = port;
    this.loops = [this.#every(CALL_EVERY_MS, (i) => this.#incoming(i)), this.#every(DIAL_EVERY_MS, (i) => this.#dial(i))];
  }

  async stop() {
    this.#over = true;
    await Promise.all(this.loops);
    await Promise.all(this.#pending);
  }

  async #every(ms, work) {
    for (let i = 0; !this.#over; i += 1) {
      const done = work(i).finally(() => this.#pending.delete(done));
      this.#pending.add(done);
      await pause(ms);
    }
  }

  async #incoming(i) {
    const call = { wacid: `wacid.ROLL.${i}`, user: `5215${String(i).padStart(9, '0')}`, direction: 'USER_INITIATED' };
    const at = Math.floor(Date.now() / 1_000);
    await this.#deliver(delivery([connect(call, at)]), call.wacid);
    await pause(TALK_MS);
    await this.#deliver(delivery([terminate(call, at + 1, null)]), call.wacid);
  }

  async #deliver(webhook, wacid) {
    const body = Buffer.from(JSON.stringify(webhook));
    const headers = { authorization: `Bearer ${WEBHOOK_TOKEN}` };
    const ok = await this.#request('POST', WEBHOOK_PATH, body, headers);
    if (ok) this.ledger.acknowledge(body, wacid);
  }

  #dial(i) {
    const body = { to: `5491${String(i).padStart(9, '0')}`, session: { sdp_type: 'offer', sdp: sdp('actpass') } };
    return this.#request('POST', '/api/calling/make-call', body, { authorization: `Bearer ${API_KEY}`, 'idempotency-key': `roll-${i}` });
  }

  async #request(method, path, body, headers) {
    this.requests += 1;
    try {
      const { status, body: said } = await ask({ port: this.port, method, path, body, headers, agent: false });
      if (status < 300) return true;
      this.failed.push(`${method} ${path}: ${status} ${said?.code ?? ''}`);
    } catch (error) {
      this.failed.push(`${method} ${path}: ${error.code ?? error.message}`);
    }
    return false;
  }
}
