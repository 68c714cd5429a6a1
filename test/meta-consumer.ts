import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One POST as the consumer got it. */
export interface PostedWebhook {
  raw: string;
  signature: string;
  /** The status that the consumer answered. */
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: webhooks are read as consumers read them
  value: any;
  field: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  body: any;
}

/** A program that is written for Meta: it answers the handshake and keeps each webhook. */
export class MetaConsumer {
  static readonly TOKEN = 'verify-token-of-the-consumer';
  readonly got: PostedWebhook[] = [];
  /** Every handshake, by its query. */
  readonly handshakes: URLSearchParams[] = [];
  /** The answer to a handshake. */
  shake: (query: URLSearchParams) => [status: number, text: string] = (query) =>
    query.get('hub.mode') === 'subscribe' && query.get('hub.verify_token') === MetaConsumer.TOKEN
      ? [200, query.get('hub.challenge') ?? '']
      : [403, 'forbidden'];
  /** The status of the answer to a webhook. */
  answer: (posted: Omit<PostedWebhook, 'status'>) => number = () => 200;
  readonly #server: Server;
  url = '';

  constructor() {
    this.#server = createServer(async (request, response) => {
      if (request.method === 'GET') {
        const query = new URL(request.url ?? '', 'http://consumer').searchParams;
        this.handshakes.push(query);
        const [status, text] = this.shake(query);
        return void response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
      }
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      // Byte by byte, so that nothing beyond ASCII passes as a character.
      const raw = Buffer.concat(parts).toString('latin1');
      const body = JSON.parse(raw);
      const { field, value } = body.entry[0].changes[0];
      const posted = { raw, signature: String(request.headers['x-hub-signature-256']), field, value, body };
      const status = this.answer(posted);
      this.got.push({ ...posted, status });
      response.writeHead(status).end();
    });
  }

  async open(): Promise<this> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/webhook`;
    return this;
  }

  /** What it took: each element by its id and what it says. */
  get heard(): string[] {
    return this.got.filter(({ status }) => status < 300).map(({ value }) => nameOf(value));
  }

  isSigned({ raw, signature }: PostedWebhook, secret: string): boolean {
    return signature === `sha256=${createHmac('sha256', secret).update(raw, 'latin1').digest('hex')}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function nameOf({ calls, statuses, messages, errors }: any): string {
  const [one] = calls ?? statuses ?? messages ?? errors ?? [{}];
  return [one.id ?? one.code, one.event ?? one.status ?? one.type].filter((part) => part !== undefined).join(' ');
}
