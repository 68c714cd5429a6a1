import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { pause } from '../pause.mjs';

const VERIFY_TOKEN = 'verify-token-of-the-proof';
const APP_SECRET = 'app-secret-of-the-proof-0001';

/**
 * One element of a webhook as a consumer gets it. `name` says which one it is, such as `wacid.A connect`.
 * @typedef {{ name: string, element: any, text: string, isSigned: boolean, status: number, at: number }} MetaArrival
 *   `at` in ms of this process's own clock
 */

/** A program that is written for Meta: it answers the handshake and takes one element with each POST. */
export class MetaReceiver {
  /** @type {MetaArrival[]} every request that arrived whole, in order */
  attempts = [];
  /** What becomes of an element: `{ status, holdMs }`. @type {(arrival: Omit<MetaArrival, 'status'>) => { status: number, holdMs: number }} */
  fateOf = () => ({ status: 200, holdMs: 0 });

  async start() {
    this.server = createServer((request, response) => void this.#take(request, response));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}/hook`;
    return this;
  }

  /** Subscribes itself in the format `meta`. @param {import('../gateway.mjs').Gateway} gateway */
  async subscribe(gateway) {
    const wish = { url: this.url, format: 'meta', verify_token: VERIFY_TOKEN, secret: APP_SECRET, fields: ['calls'] };
    const { status, body } = await gateway.api('POST', '/api/subscriptions', { body: wish });
    if (status !== 201) throw new Error(`the subscription was answered ${status} ${JSON.stringify(body)}`);
    return this;
  }

  /** What it answered 2xx. */
  get taken() {
    return this.attempts.filter(({ status }) => status < 300);
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async #take(request, response) {
    if (request.method === 'GET') return shake(request, response);
    const parts = [];
    request.on('error', () => undefined);
    request.on('data', (part) => parts.push(part));
    await new Promise((whole) => request.once('end', whole));
    const bytes = Buffer.concat(parts);
    const signature = `sha256=${createHmac('sha256', APP_SECRET).update(bytes).digest('hex')}`;
    const isSigned = request.headers['x-hub-signature-256'] === signature;
    // Byte by byte, so that nothing beyond ASCII passes as a character.
    const text = bytes.toString('latin1');
    const element = elementIn(JSON.parse(text));
    const arrival = { name: nameOf(element), element, text, isSigned, at: performance.now() };
    const { status, holdMs } = this.fateOf(arrival);
    if (holdMs > 0) await pause(holdMs);
    // A request that is cut before its answer was not taken.
    if (response.destroyed) return void this.attempts.push({ ...arrival, status: 599 });
    response.writeHead(status).end();
    this.attempts.push({ ...arrival, status });
  }
}

function shake(request, response) {
  const query = new URL(request.url, 'http://consumer').searchParams;
  if (query.get('hub.verify_token') !== VERIFY_TOKEN) return void response.writeHead(403).end();
  response.writeHead(200, { 'content-type': 'text/plain' }).end(query.get('hub.challenge'));
}

function elementIn({ entry: [{ changes }] }) {
  const { calls, statuses } = changes[0].value;
  return [...(calls ?? []), ...(statuses ?? [])][0] ?? {};
}

/** The same for an element that is sent and for one that arrives. */
export const nameOf = ({ id, event, status }) => `${id} ${event ?? status}`;
