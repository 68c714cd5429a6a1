import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The former webhook of the number. */
export class Box {
  readonly got: Array<{ body: string; headers: IncomingHttpHeaders }> = [];
  attempts = 0;
  /** Every body, also of those that it did not take. */
  readonly asked: string[] = [];
  status = 200;
  /** Headers of every answer, such as `Retry-After`. */
  headers: Record<string, string> = {};
  /** Answers a body with another status than `status`. */
  statusOf: (body: string) => number = () => this.status;
  readonly #server: Server = createServer(async (request, response) => {
    this.attempts += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('latin1');
    const status = this.statusOf(body);
    this.asked.push(body);
    if (status === 200) this.got.push({ body, headers: request.headers });
    response.writeHead(status, this.headers).end();
  });

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/crm`;
  }

  get bodies(): string[] {
    return this.got.map(({ body }) => body);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
