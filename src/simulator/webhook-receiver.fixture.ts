import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ReceivedWebhook {
  headers: IncomingMessage['headers'];
  body: string;
}

/** A small server that takes webhooks and answers as the test decides. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  status = 200;
  /** The verify token with which it answers Meta's handshake; null answers none. */
  challenge: string | null = null;
  /** What it returns instead of the challenge. */
  echo: string | null = null;
  /** Runs when a webhook has come, before it is answered. */
  onReceived: () => void | Promise<void> = () => {};
  #server: Server;

  async open(): Promise<string> {
    this.#server = createServer(async (request, response) => {
      if (request.method === 'GET') {
        const { searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
        const isRight = this.challenge !== null && searchParams.get('hub.verify_token') === this.challenge;
        response.writeHead(isRight ? 200 : 403).end(this.echo ?? searchParams.get('hub.challenge'));
        return;
      }
      let body = '';
      for await (const chunk of request) body += String(chunk);
      this.received.push({ headers: request.headers, body });
      await this.onReceived();
      response.writeHead(this.status).end();
    });
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  kinds(): string[] {
    return this.received.map(
      ({ body }) => /"event":"(\w+)"|"type":"(text)"|"status":"([A-Z]+)"/.exec(body)?.slice(1).find(Boolean) ?? body,
    );
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
