import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a connection gets: its head, its frames, and then its end; `break` cuts the socket instead, `hold` leaves it open. */
export interface Connection {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  after?: 'end' | 'break' | 'hold';
}

/** Plays the stream of events: each connection gets the next of its script, and the last of it again. */
export class EventServer {
  readonly asked: { url: string; headers: IncomingHttpHeaders; at: number }[] = [];
  url = '';
  readonly #server: Server;

  private constructor(script: readonly Connection[]) {
    this.#server = createServer((request, response) => {
      const connection = script[Math.min(this.asked.length, script.length - 1)] ?? {};
      this.asked.push({ url: request.url ?? '', headers: request.headers, at: performance.now() });
      void answer(response, connection);
    });
  }

  static async open(script: readonly Connection[]): Promise<EventServer> {
    const server = new EventServer(script);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    server.url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function answer(response: ServerResponse, { status = 200, headers, body = '', after = 'end' }: Connection): Promise<void> {
  response.writeHead(status, { 'content-type': status === 200 ? 'text/event-stream' : 'application/problem+json', ...headers });
  response.flushHeaders();
  await new Promise((written) => response.write(body || ':\n', written));
  if (after === 'end') response.end();
  if (after === 'break') response.destroy();
}
