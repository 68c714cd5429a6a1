import http from 'node:http';
import { deliver, randomWebhook } from '../load.mjs';

/** 360dialog waits this long for an answer. */
const UPSTREAM_TIMEOUT_MS = 5_000;

/**
 * One webhook as it was sent: `at` and `ms` in this process's own clock, `status` 0 when no answer came.
 * @typedef {{ at: number, ms: number, status: number, port: number, wacid: string | null }} Sent
 */

/**
 * Webhooks at a steady rate, whether the ones before were answered or not, to a gateway that may come and go. So a gateway that
 * stands still for a second has many slow answers, not one.
 */
export class SteadyWebhooks {
  /** @type {Sent[]} */
  sent = [];
  #pending = new Set();
  #agent = new http.Agent({ keepAlive: true });

  /** @param {{ random: import('../random.mjs').Random, ledger: import('../ledger.mjs').Ledger, gatewayOf: () => import('../gateway.mjs').Gateway,
   *   perSecond: number, name?: string }} options */
  constructor({ random, ledger, gatewayOf, perSecond, name = 'S' }) {
    Object.assign(this, { random, ledger, gatewayOf, name });
    this.flow = () => setInterval(() => this.send(), 1_000 / perSecond);
    this.timer = this.flow();
  }

  get acknowledged() {
    return this.sent.filter(({ status }) => status === 200).length;
  }

  /** How often each status came. */
  statuses() {
    const counts = {};
    for (const { status } of this.sent) counts[status || 'none'] = (counts[status || 'none'] ?? 0) + 1;
    return counts;
  }

  /** Sends nothing more by itself until `resume`. */
  hush() {
    clearInterval(this.timer);
  }

  resume() {
    this.timer = this.flow();
  }

  async stop() {
    this.hush();
    await Promise.all(this.#pending);
    this.#agent.destroy();
  }

  /** Sends one and does not wait for its answer. */
  send() {
    const { body, wacid } = randomWebhook(this.random, `${this.name}.${this.sent.length}.${this.#pending.size}.${Date.now()}`);
    const { port } = this.gatewayOf();
    const one = { at: performance.now(), ms: 0, status: 0, port, wacid };
    const onStatus = (status) => {
      one.status = status;
      if (status === 200) this.ledger.acknowledge(body, wacid);
    };
    const done = deliver(port, body, { agent: this.#agent, onStatus, timeoutMs: UPSTREAM_TIMEOUT_MS })
      .catch(() => undefined)
      .finally(() => {
        one.ms = performance.now() - one.at;
        this.sent.push(one);
        this.#pending.delete(done);
      });
    this.#pending.add(done);
  }
}
