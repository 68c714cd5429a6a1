import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Body, until } from '../recipes/stage.js';
import { type GraphClient, type Heard, isCannot } from './client.js';

/** Only a target that is stuck takes so long. */
const PATIENCE_MS = 60_000;

/** A webhook as it came. */
interface Received {
  body: string;
  signature: string;
}

/** A program's own server for webhooks: it hands each to the client, and answers the handshake where the client cannot. */
export class Consumer {
  readonly received: Received[] = [];
  readonly heard: Heard[] = [];
  /** Webhooks at which the client failed, with its words. */
  readonly failures: string[] = [];
  /** How often the client itself answered a handshake. */
  handshakes = 0;
  url = '';
  readonly #server: Server;

  private constructor(
    private readonly client: GraphClient,
    private readonly verifyToken: string,
  ) {
    this.#server = createServer((request, response) => {
      if (request.method === 'GET') this.#shakeHands(request, response);
      else void this.#take(request, response);
    });
  }

  static async open(client: GraphClient, verifyToken: string): Promise<Consumer> {
    const consumer = new Consumer(client, verifyToken);
    consumer.#server.listen(0, '127.0.0.1');
    await once(consumer.#server, 'listening');
    consumer.url = `http://127.0.0.1:${(consumer.#server.address() as AddressInfo).port}/webhooks`;
    return consumer;
  }

  /** Waits for a webhook about a call or a message. @param id null for any */
  async hears(event: string, id: string | null = null): Promise<Heard> {
    const find = () => this.heard.find((one) => one.event === event && (id === null || one.id === id));
    return until(`${event} of ${id}`, find, PATIENCE_MS).catch((error: unknown) => {
      const heard = this.heard.map((one) => `${one.event} of ${one.id}`).join(', ');
      throw new Error(`${this.client.name} heard no ${event} of ${id}, only ${heard}; failures: ${this.failures}`, { cause: error });
    });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #shakeHands({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const query = Object.fromEntries(new URL(url, this.url).searchParams);
    const { handshake } = this.client;
    try {
      if (isCannot(handshake)) {
        const isRight = query['hub.mode'] === 'subscribe' && query['hub.verify_token'] === this.verifyToken;
        response.writeHead(isRight ? 200 : 403).end(query['hub.challenge']);
        return;
      }
      const challenge = handshake(query);
      this.handshakes += 1;
      response.writeHead(200).end(challenge);
    } catch {
      response.writeHead(403).end();
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const signature = String(request.headers['x-hub-signature-256']);
    this.received.push({ body, signature });
    try {
      this.heard.push(await this.client.receive(body, signature));
      response.writeHead(200).end();
    } catch (error) {
      this.failures.push(`${String(error)} at ${body}`);
      response.writeHead(500).end();
    }
  }

  /** Every webhook that came, without its times. */
  trace(): Body[] {
    return this.received.map(({ body }) => timeless(JSON.parse(body)));
  }
}

/** A member that is a time, in the spelling of the wire or of a client. */
const TIME = /^(timestamp|(\w+_)?time(stamp)?|\w+Time(stamp)?)$/;

/** JSON without members that are times. */
export const timeless = (value: Body): Body => JSON.parse(JSON.stringify(value, (name, member) => (TIME.test(name) ? undefined : member)));
