import { once } from 'node:events';
import http from 'node:http';
import { pause } from '../pause.mjs';

const LOOK_EVERY_MS = 50;

/**
 * What stands before replicas in real life: it sends requests in turn to those that say they are ready, and passes one on
 * to the next only if the first could not be reached at all.
 */
export class ReverseProxy {
  #turn = 0;
  #ready = new Set();
  #stopped = false;

  /** @param {import('../gateway.mjs').Gateway[]} gateways */
  constructor(gateways) {
    this.gateways = gateways;
  }

  async start() {
    this.#ready = new Set(this.gateways);
    for (const gateway of this.gateways) void this.#watch(gateway);
    this.server = http.createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => this.#forward(request, Buffer.concat(parts), response, this.#inTurn()));
      request.on('error', () => undefined);
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    return this;
  }

  stop() {
    this.#stopped = true;
    this.server.closeAllConnections();
    this.server.close();
  }

  async #watch(gateway) {
    while (!this.#stopped) {
      const { port } = gateway;
      const status = await gateway.api('GET', '/health/ready', { timeoutMs: 5_000 }).then(
        (answer) => answer.status,
        (error) => (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET' ? null : undefined),
      );
      // A slow answer does not count: only `draining`, or a refused connection.
      if (status === 200 && port === gateway.port) this.#ready.add(gateway);
      else if (status !== undefined) this.#ready.delete(gateway);
      await pause(LOOK_EVERY_MS);
    }
  }

  /** The ready ones, in turn; all when none is ready. */
  #inTurn() {
    const ready = this.#ready.size > 0 ? this.gateways.filter((gateway) => this.#ready.has(gateway)) : this.gateways;
    this.#turn += 1;
    const at = this.#turn % ready.length;
    return [...ready.slice(at), ...ready.slice(0, at)];
  }

  #forward({ method, url, headers }, body, response, [gateway, ...others]) {
    if (!gateway) return response.writeHead(502).end(JSON.stringify({ code: 'nobody is there' }));
    const request = http.request({ host: '127.0.0.1', port: gateway.port, method, path: url, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
      response.on('close', () => answer.destroy());
    });
    request.on('error', (error) => {
      if (error.code === 'ECONNREFUSED') this.#forward({ method, url, headers }, body, response, others);
      else if (!response.headersSent) response.writeHead(502).end(JSON.stringify({ code: error.code ?? error.message }));
    });
    response.on('close', () => request.destroy());
    request.end(body);
  }
}
