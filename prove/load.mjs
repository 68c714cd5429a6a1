import http from 'node:http';
import { WEBHOOK_PATH } from '../dist/config/webhook-path.js';
import { ask } from './ask.mjs';
import { WEBHOOK_TOKEN } from './gateway.mjs';
import { pause } from './pause.mjs';
import { connect, delivery, terminate } from './webhooks.mjs';

const CONNECTIONS = 12;
const headers = { authorization: `Bearer ${WEBHOOK_TOKEN}` };

/** Delivers one body as 360dialog does. */
export const deliver = (port, body, options = {}) => ask({ port, method: 'POST', path: WEBHOOK_PATH, body, headers, ...options });

/** Webhooks, no two alike, at full speed or with a pause after each, over connections kept alive, until the gateway is gone. */
export class Load {
  sent = 0;
  refused = 0;
  /** Resolves with the first answer. */
  flowing = new Promise((resolve) => {
    this.flows = resolve;
  });

  /** @param {{ port: number, random: import('./random.mjs').Random, ledger: import('./ledger.mjs').Ledger, round: number,
   *   connections?: number, pauseMs?: number }} options */
  constructor({ port, random, ledger, round, connections = CONNECTIONS, pauseMs = 0 }) {
    Object.assign(this, { port, random, ledger, round, pauseMs });
    this.agent = new http.Agent({ keepAlive: true, maxSockets: connections });
    this.connections = Array.from({ length: connections }, () => this.#talk());
  }

  /** Resolves when the last connection has broken. */
  async ended() {
    await Promise.all(this.connections);
    this.agent.destroy();
  }

  /** Hears of every answer. */
  answered(_status, _tookMs) {}

  async #talk() {
    for (;;) {
      const { body, wacid } = this.#next();
      const began = performance.now();
      const onStatus = (status) => {
        this.answered(status, performance.now() - began);
        this.flows();
        if (status === 200) this.ledger.acknowledge(body, wacid);
        else this.refused += 1;
      };
      try {
        await deliver(this.port, body, { agent: this.agent, onStatus });
      } catch {
        return;
      }
      if (this.pauseMs > 0) await pause(this.pauseMs);
    }
  }

  #next() {
    this.sent += 1;
    return randomWebhook(this.random, `${this.round}.${this.sent}`);
  }
}

/**
 * A call that begins and ends. One in twenty is no JSON at all: what a body says must not decide whether it is kept.
 * @param {string} name makes it different from all others
 * @returns {{ body: Buffer, wacid: string | null }}
 */
export function randomWebhook(random, name) {
  if (random.chance(0.05)) return { body: Buffer.from(`\u0000not json ${name} ${'ñ'.repeat(random.between(0, 400))}`), wacid: null };
  const wacid = `wacid.LOAD.${name}`;
  const call = { wacid, user: `5215${String(random.between(0, 99_999_999)).padStart(9, '0')}`, direction: 'USER_INITIATED' };
  const at = Math.floor(Date.now() / 1000);
  const webhook = { ...delivery([connect(call, at), terminate(call, at, null)]), pad: '🫖'.repeat(random.between(0, 200)) };
  return { body: Buffer.from(JSON.stringify(webhook)), wacid };
}
