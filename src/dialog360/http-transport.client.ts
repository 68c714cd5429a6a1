import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { HttpService } from '@nestjs/axios';
import { userAgentOf } from '#config/product.js';
import type { Secret } from '#kernel/secret.js';
import type { NoResponse } from './dialog360.errors.js';

/** Requests under way on one line at a time, and sockets for them. */
export const MOST_REQUESTS = 32;
const MAX_RESPONSE_BYTES = 1024 * 1024;
/** Idle sockets are closed before the other side would: a stale one makes a result unknown. */
const IDLE_MS = 4_000;

export interface UpstreamRequest {
  method: 'GET' | 'POST';
  /** Below the base URL, already encoded. */
  path: string;
  body?: object;
  /** On a socket of its own, so that no reset of an old one can leave open whether it was acted on. */
  fresh?: boolean;
  signal: AbortSignal;
}

export interface UpstreamResponse {
  status: number;
  text: string;
  retryAfter: string | null;
}

/** Where the requests of a line go, and with which key. */
export interface LineAddress {
  /** Without a slash at its end. */
  baseUrl: string;
  apiKey: Secret;
  userAgent?: string;
}

/** The sockets of one line. Sends one request to 360dialog; returns a response of any status, or without one whether anything was sent. */
export class HttpTransport {
  readonly #agents = { http: agentOf(http, true), https: agentOf(https, true) };
  readonly #freshAgents = { http: agentOf(http, false), https: agentOf(https, false) };

  constructor(
    private readonly http: HttpService,
    private readonly address: LineAddress,
  ) {}

  /** Never throws: a network error is a `NoResponse`. */
  async send({ method, path, body, fresh = false, signal }: UpstreamRequest): Promise<UpstreamResponse | NoResponse> {
    const { baseUrl, apiKey, userAgent = userAgentOf() } = this.address;
    const agents = fresh ? this.#freshAgents : this.#agents;
    const watch = { sent: false };
    try {
      const { status, headers, data } = await this.http.axiosRef.request<ArrayBuffer>({
        method,
        url: `${baseUrl}${path}`,
        ...(body === undefined ? {} : { data: JSON.stringify(body) }),
        headers: {
          'D360-API-KEY': apiKey.reveal(),
          Accept: 'application/json',
          'User-Agent': userAgent,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        signal,
        proxy: false,
        maxRedirects: 0,
        maxContentLength: MAX_RESPONSE_BYTES,
        responseType: 'arraybuffer',
        validateStatus: () => true,
        httpAgent: agents.http,
        httpsAgent: agents.https,
        transport: watchedTransport(baseUrl.startsWith('https:') ? https : http, watch),
      });
      const retryAfter: unknown = headers['retry-after'];
      const text = withoutKey(new TextDecoder().decode(data), apiKey.reveal());
      return { status, text, retryAfter: typeof retryAfter === 'string' ? retryAfter : null };
    } catch (error) {
      // The error of axios carries the request with the key in its headers: only its code goes on.
      return { sent: watch.sent, reason: signal.aborted ? 'ETIMEDOUT' : codeOf(error) };
    }
  }

  /** Closes all sockets, also those in use. */
  close(): void {
    for (const agent of [this.#agents, this.#freshAgents]) {
      agent.http.destroy();
      agent.https.destroy();
    }
  }
}

function agentOf<Made extends http.Agent>({ Agent }: { Agent: new (options: http.AgentOptions) => Made }, keepAlive: boolean): Made {
  return new Agent({ keepAlive, maxSockets: MOST_REQUESTS, ...(keepAlive ? { timeout: IDLE_MS } : {}) });
}

/** Node's own `request`, which notes when its socket is ready: before that, nothing of the request can have left. */
function watchedTransport(node: typeof http | typeof https, watch: { sent: boolean }) {
  const request = (options: https.RequestOptions, onAnswer: (answer: http.IncomingMessage) => void): http.ClientRequest => {
    const made = node.request(options, onAnswer);
    const ready = () => {
      watch.sent = true;
    };
    made.once('socket', (socket: Socket) => {
      if (!socket.connecting) ready();
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', ready);
    });
    return made;
  };
  return { request };
}

/** A refusal may repeat the key; what it says is shown, logged and stored. A shorter text could be any word. */
const withoutKey = (text: string, key: string): string => (key.length < 8 ? text : text.replaceAll(key, '[redacted]'));

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
