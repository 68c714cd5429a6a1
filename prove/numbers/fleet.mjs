import http from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DelayingProxy } from '../../bench/delaying-proxy.mjs';
import { ask } from '../ask.mjs';
import { keyOf } from '../fake-360dialog.mjs';
import { Gateway } from '../gateway.mjs';
import { numberOfBatchRead } from '../store/batch-read.mjs';
import { connect, delivery } from '../webhooks.mjs';

export const NAMES = ['replica_1', 'replica_2', 'replica_3'];
const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
export const ids = (count) => Array.from({ length: count }, (_, i) => String(300_000_000_001_000 + i));

/** Replicas with the numbers that were added. */
export class Fleet {
  reads = [];
  #turn = 0;

  /** @param {{ watched?: boolean }} options `watched` notes which batches each replica reads, at the price of a proxy before the database */
  static async start({ folder, upstream, database, names = NAMES, watched = false }) {
    const fleet = new Fleet();
    fleet.proxies = [];
    fleet.gateways = [];
    for (const name of names) {
      const databaseUrl = new URL(watched ? await fleet.#watch(name, database.url) : database.url);
      databaseUrl.searchParams.set('application_name', name);
      const environment = { SECRETS_KEY };
      const gateway = new Gateway({ folder: join(folder, name), databaseUrl: databaseUrl.href, upstream: upstream.url, environment });
      await gateway.start();
      fleet.gateways.push(gateway);
    }
    return fleet;
  }

  /** @returns the URL of the database through a proxy */
  async #watch(name, url) {
    const { hostname, port } = new URL(url);
    const onMessage = (message) => {
      const number = numberOfBatchRead(message);
      if (number !== null) this.reads.push({ name, number, at: Date.now() });
    };
    const proxy = await new DelayingProxy({ host: hostname, port: Number(port || 5432), delayMs: 0, onMessage }).start();
    this.proxies.push(proxy);
    return proxy.through(url);
  }

  gatewayOf() {
    this.#turn += 1;
    return this.gateways[this.#turn % this.gateways.length];
  }

  async addAll(phoneNumberIds) {
    const added = [];
    for (const id of phoneNumberIds) {
      const { status, body } = await this.gatewayOf().api('POST', '/api/numbers', { body: { api_key: keyOf(id) } });
      if (status !== 201) throw new Error(`the number was answered ${status} ${JSON.stringify(body)}`);
      added.push({ id, headers: body.webhook.register.headers, fleet: this });
    }
    return added;
  }

  async stop() {
    for (const gateway of this.gateways) await gateway.kill();
    for (const proxy of this.proxies) proxy.stop();
  }
}

export const pathOf = (id) => `/api/webhooks/360dialog/${id}`;

/** A call that rings, or the end of one. @param {string} id of the number that the body is about */
export function webhook(id, wacid, event = connect) {
  const call = { wacid, user: `5215${String(Math.abs(hash(wacid)) % 1e9).padStart(9, '0')}`, direction: 'USER_INITIATED' };
  const value = event(call, Math.floor(Date.now() / 1_000), null);
  return delivery([{ ...value, metadata: { display_phone_number: `521${id.slice(-10)}`, phone_number_id: id } }]);
}

export const hash = (text) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);

/** Webhooks over many connections, each as soon as the one before is answered. */
export class Flood {
  sent = 0;
  refused = 0;
  #stopped = false;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

  /** @param {object[]} numbers each connection floods one of them, through the gateways to which it was added */
  constructor(numbers) {
    this.began = performance.now();
    this.ends = Promise.all(Array.from({ length: 64 }, (_, i) => this.#talk(numbers[i % numbers.length])));
  }

  async stop() {
    this.perSecond = (this.sent * 1_000) / (performance.now() - this.began);
    this.#stopped = true;
    await this.ends;
    this.#agent.destroy();
  }

  async #talk({ id, headers, fleet }) {
    while (!this.#stopped) {
      this.sent += 1;
      const body = webhook(id, `wacid.FLOOD.${this.sent}`);
      const { status } = await ask({ port: fleet.gatewayOf().port, method: 'POST', path: pathOf(id), headers, body, agent: this.#agent });
      if (status !== 200) this.refused += 1;
    }
  }
}
