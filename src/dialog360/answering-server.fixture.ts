import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import { readSettings } from '#config/read-settings.js';
import type { Settings } from '#config/settings.js';
import { SystemClock } from '#kernel/clock.js';
import { SILENT_LOG } from '#telemetry/log.fixture.js';
import { Metrics } from '#telemetry/metrics.js';
import { Dialog360Client } from './dialog360.client.js';
import { HttpTransport } from './http-transport.client.js';
import { CircuitStates } from './limits/circuit-states.js';
import { PermissionReads } from './limits/permission-reads.service.js';
import { RequestLimits } from './limits/request-limits.service.js';
import { NO_NUMBER } from './line-proof.js';

export interface Seen {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: unknown;
  port: number | undefined;
}
export type Reply = (res: ServerResponse, req: IncomingMessage) => void;

export const KEY = 'key-of-the-number';
export const WACID = 'wacid.1';

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  (res) =>
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
export const drop: Reply = (_, req) => req.socket.destroy();
export const dialled = json({ messaging_product: 'whatsapp', calls: [{ id: WACID }] });
export const done = json({ messaging_product: 'whatsapp', success: true });

/** A server in place of 360dialog: it records requests and answers as the test says. */
export class AnsweringServer {
  readonly seen: Seen[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((req, res) => void this.#serve(req, res));
  #replies: Reply[] = [];
  #last: Reply = done;
  #line: HttpTransport | undefined;
  #port = 0;
  #generation = 0;

  /** On the port it had before, if it was started once. */
  async start(): Promise<void> {
    this.#server.on('connection', (socket) => this.#sockets.add(socket));
    await new Promise<void>((ready) => this.#server.listen(this.#port, '127.0.0.1', ready));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Each of the replies once, the last for ever. */
  answering(...replies: Reply[]): void {
    this.#replies = replies;
    this.#last = replies.at(-1) ?? done;
  }

  /** A client on fresh sockets; what was sent before is forgotten, and what an earlier client gave up is not heard any more. */
  client({ timeoutMs = 60_000, baseUrl = `${this.url()}/${this.#generation + 1}` } = {}): Dialog360Client {
    this.#generation += 1;
    const known = readSettings({ D360_API_KEY: KEY, D360_WEBHOOK_TOKEN: 'token-of-the-webhook-0123456789' });
    const settings: Settings = { ...known, dialog360: { ...known.dialog360, baseUrl, timeoutMs } };
    this.seen.length = 0;
    this.#line?.close();
    const [clock, metrics] = [new SystemClock(), new Metrics()];
    const limits = new RequestLimits(
      settings,
      clock,
      metrics,
      SILENT_LOG,
      new CircuitStates((state) => metrics.upstreamCircuit.set(state)),
    );
    this.#line = new HttpTransport(new HttpService(axios.create()), settings.dialog360);
    const line = { phoneNumberId: null, transport: this.#line, limits, proof: NO_NUMBER };
    return new Dialog360Client(line, new PermissionReads(), settings, clock, metrics);
  }

  url(scheme = 'http'): string {
    return `${scheme}://127.0.0.1:${this.#port}`;
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const source = Buffer.concat(chunks).toString();
    const body: unknown = source === '' ? undefined : JSON.parse(source);
    const [, generation = this.#generation, path = req.url] = /^\/(\d+)(\/.*)$/.exec(req.url ?? '') ?? [];
    if (Number(generation) !== this.#generation) return void req.socket.destroy();
    this.seen.push({ method: req.method, path, headers: req.headers, body, port: req.socket.remotePort });
    (this.#replies.shift() ?? this.#last)(res, req);
  }
}
