import { lookup as systemLookup } from 'node:dns/promises';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { SECOND } from '#kernel/clock.js';
import type { Attempt } from './retry.js';
import { faultOfTarget, hostOf, isPublicAddress, PRIVATE_NAME, type UrlFault } from './safe-url.js';

const CONNECT_MS = 5 * SECOND;
/** A slow body of an answer that we have already must not hold a place for long. */
const BODY_MS = SECOND;
const MAX_BODY_BYTES = 64 * 1_024;
/** Of an answer that somebody looks at. */
const MAX_TEXT_BYTES = 1_024;
const MAX_HEADER_BYTES = 16 * 1_024;
const IDLE_MS = 4 * SECOND;

export interface Address {
  address: string;
  family: number;
}

/** All addresses of a name. */
export type Resolver = (name: string) => Promise<Address[]>;

export interface PostOptions {
  /** Where we may connect: `public` to addresses of the public internet only, `any` to all. */
  reach: 'public' | 'any';
  /** From the beginning to the head of the answer. */
  timeoutMs: number;
  resolve?: Resolver;
}

/** The request could not be made; its message is fit for the delivery log. */
class Refused extends Error {}

/**
 * Posts to servers that we do not trust: no redirects, no proxies, no decompression, bounded times and sizes. With `public`
 * each name is resolved for each connection, every one of its addresses must be public, and the connection goes to one of
 * those that were checked: a name that changes its mind in between (DNS rebinding) gains nothing.
 */
export class PostClient {
  readonly #http = new HttpAgent({ keepAlive: true, maxFreeSockets: 4, timeout: IDLE_MS });
  readonly #https = new HttpsAgent({ keepAlive: true, maxFreeSockets: 4, timeout: IDLE_MS });
  readonly #open = new Set<ClientRequest>();
  readonly #resolve: Resolver;
  #closed = false;

  constructor(private readonly options: PostOptions) {
    this.#resolve = options.resolve ?? ((name) => systemLookup(name, { all: true, verbatim: true }));
  }

  /** Why a URL may not be posted to; null when it may, or when its name cannot be resolved just now. */
  async faultOf(url: string): Promise<UrlFault | null> {
    const fault = faultOfTarget(url, this.options.reach === 'any');
    if (fault !== null || this.options.reach === 'any') return fault;
    const host = hostOf(new URL(url));
    const addresses = isIP(host) ? [] : await this.#resolve(host).catch(() => []);
    return addresses.every(({ address }) => isPublicAddress(address)) ? null : PRIVATE_NAME;
  }

  /** One attempt; what goes wrong is told, never thrown. */
  async post(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<Attempt> {
    return (await this.ask(url, headers, body)).attempt;
  }

  /** One attempt with the first KiB of what was answered; empty when nothing was. */
  async ask(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<{ attempt: Attempt; text: string }> {
    const began = performance.now();
    const told = (status: number | null, error: string | null, retryAfter: string | null = null): Attempt => ({
      status,
      error,
      retryAfter,
      latencyMs: Math.round(performance.now() - began),
    });
    const fault = faultOfTarget(url, this.options.reach === 'any');
    if (fault !== null) return { attempt: told(null, `the URL ${fault.en}`), text: '' };
    try {
      const answer = await this.#answerOf(new URL(url), headers, body);
      const attempt = told(answer.statusCode ?? null, null, answer.headers['retry-after'] ?? null);
      return { attempt, text: await drain(answer) };
    } catch (error) {
      return { attempt: told(null, wordOf(error)), text: '' };
    }
  }

  /** Whether attempts are being cut, and tell nothing about the other side. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Ends every attempt under way. */
  close(): void {
    this.#closed = true;
    for (const request of this.#open) request.destroy(new Refused('the gateway stopped'));
    this.#http.destroy();
    this.#https.destroy();
  }

  async #answerOf(url: URL, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<IncomingMessage> {
    const deadline = performance.now() + this.options.timeoutMs;
    for (;;) {
      const request = this.#request(url, headers, body);
      try {
        return await this.#head(request, deadline - performance.now());
      } catch (error) {
        // The other side closed a kept connection in the moment in which we used it: that is no failure of its own.
        if (!request.reusedSocket || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
      }
    }
  }

  #request(url: URL, headers: Readonly<Record<string, string>>, body: Uint8Array): ClientRequest {
    const secure = url.protocol === 'https:';
    const options: RequestOptions = {
      method: 'POST',
      agent: secure ? this.#https : this.#http,
      maxHeaderSize: MAX_HEADER_BYTES,
      lookup: this.#lookup,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'whatsapp-calling-gateway',
        ...headers,
        'content-length': body.byteLength,
      },
    };
    const request = (secure ? httpsRequest : httpRequest)(url, options);
    request.end(body);
    return request;
  }

  async #head(request: ClientRequest, timeoutMs: number): Promise<IncomingMessage> {
    this.#open.add(request);
    const late = setTimeout(() => request.destroy(new Refused('no answer in time')), timeoutMs);
    const far = setTimeout(() => request.destroy(new Refused('no connection in time')), Math.min(CONNECT_MS, timeoutMs));
    request.once('socket', (socket: Socket) => {
      if (!socket.connecting) return clearTimeout(far);
      socket.once('connect', () => this.#checkPeer(request, socket));
      socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(far));
    });
    try {
      return await new Promise<IncomingMessage>((resolve, reject) => {
        request.once('response', resolve).on('error', reject);
        request.once('upgrade', () => reject(new Refused('the answer was an upgrade')));
      });
    } catch (error) {
      request.destroy();
      throw error;
    } finally {
      clearTimeout(late);
      clearTimeout(far);
      this.#open.delete(request);
    }
  }

  /** Believes nobody: what the connection really reached is looked at once more before a byte of the request leaves. */
  #checkPeer(request: ClientRequest, { remoteAddress }: Socket): void {
    if (this.options.reach === 'public' && !isPublicAddress(remoteAddress ?? '')) request.destroy(new Refused(LEADS_INSIDE));
  }

  /** Called for names only; addresses in the URL itself have been checked before. */
  readonly #lookup: LookupFunction = (name, options, done) => {
    this.#resolve(name.replace(/\.$/, '')).then(
      (found) => {
        const refused = this.options.reach === 'public' && !found.every(({ address }) => isPublicAddress(address));
        const first = found[0];
        if (refused || !first) done(new Refused(refused ? LEADS_INSIDE : 'the name has no address'), '', 0);
        else if (options.all) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };
}

const LEADS_INSIDE = `the URL ${PRIVATE_NAME.en}`;

/** Reads the rest of an answer, so that its connection can be used again; one that is long or slow is cut. @returns its beginning */
async function drain(answer: IncomingMessage): Promise<string> {
  const slow = setTimeout(() => answer.destroy(), BODY_MS);
  const beginning: Buffer[] = [];
  let size = 0;
  answer.on('data', (chunk: Buffer) => {
    if (size < MAX_TEXT_BYTES) beginning.push(chunk.subarray(0, MAX_TEXT_BYTES - size));
    size += chunk.length;
    if (size > MAX_BODY_BYTES) answer.destroy();
  });
  await new Promise<void>((resolve) => {
    answer.on('error', () => undefined).once('close', resolve);
  });
  clearTimeout(slow);
  return Buffer.concat(beginning).toString();
}

/** Errors of the network by their code, since their texts hold addresses. */
function wordOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : message.slice(0, 200);
}
