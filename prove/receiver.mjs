import { once } from 'node:events';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { pause } from './pause.mjs';

/**
 * A consumer's server. What it took is what it answered 2xx: a request that was cut before its answer counts as an attempt
 * and no more.
 * @typedef {{ id: string | undefined, body: Buffer, at: number }} Arrival `at` in ms of this process's own clock
 */
export class Receiver {
  /** @type {Arrival[]} every request that arrived whole, in order */
  attempts = [];
  /** @type {Arrival[]} those that were answered 2xx */
  taken = [];
  /** What becomes of a request: `{ status, holdMs }`; status 0 breaks the connection. */
  fateOf = () => ({ status: 204, holdMs: 0 });

  async start() {
    this.server = createServer((request, response) => this.#take(request, response));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}/hook`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async #take(request, response) {
    const parts = [];
    request.on('error', () => undefined);
    request.on('data', (part) => parts.push(part));
    await new Promise((whole) => request.once('end', whole));
    const arrival = { id: request.headers['webhook-id'], body: Buffer.concat(parts), at: performance.now() };
    const { status, holdMs } = this.fateOf(arrival);
    this.attempts.push(arrival);
    if (holdMs > 0) await pause(holdMs);
    if (status === 0 || response.destroyed) return void response.destroy();
    if (status < 300) this.taken.push(arrival);
    response.writeHead(status).end();
  }
}
