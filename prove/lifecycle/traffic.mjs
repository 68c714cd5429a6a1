import { WEBHOOK_PATH } from '../../dist/config/webhook-path.js';
import { ask } from '../ask.mjs';
import { API_KEY, WEBHOOK_TOKEN } from '../gateway.mjs';
import { Ledger } from '../ledger.mjs';
import { pause } from '../pause.mjs';
import { connect, delivery, sdp, terminate } from '../webhooks.mjs';

const CALL_EVERY_MS = 40;
const DIAL_EVERY_MS = 500;
const TALK_MS = 400;

/** How often the user who was dialled most was dialled; each dial of the traffic is to a user of its own. */
export function mostDials({ dials }) {
  const byUser = new Map();
  for (const { to } of dials) byUser.set(to, (byUser.get(to) ?? 0) + 1);
  return Math.max(0, ...byUser.values());
}

/** Calls that come in and end, and dials with a key each, through the proxy. */
export class Traffic {
  requests = 0;
  /** @type {string[]} */
  failed = [];
  /** What happens meanwhile; it is said with each failure. */
  phase = '';
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
      this.failed.push(`${method} ${path}: ${status} ${said?.code ?? ''}${this.phase}`);
    } catch (error) {
      this.failed.push(`${method} ${path}: ${error.code ?? error.message}${this.phase}`);
    }
    return false;
  }
}
