import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { userAgentOf } from '#config/product.js';
import { SECOND } from '#kernel/clock.js';
import type { AttemptResult } from './retry.js';
import { faultOfTarget, hostOf, isPublicAddress, PRIVATE_NAME, type UrlFault } from './safe-url.js';

const CONNECT_MS = 5 * SECOND;
/** A slow body must not keep an attempt under way after the head of the response came. */
const BODY_MS = SECOND;
const MAX_BODY_BYTES = 64 * 1_024;
/** Of a response that `postAndRead` returns. */
const MAX_TEXT_BYTES = 1_024;
const MAX_HEADER_BYTES = 16 * 1_024;
const IDLE_MS = 4 * SECOND;

/** All addresses of a name. */
export type Resolver = (name: string) => Promise<LookupAddress[]>;

export interface PostOptions {
  /** Which addresses are allowed: `public` those of the public internet only, `any` all. */
  reach: 'public' | 'any';
  /** The timeout from the beginning to the head of the response. */
  timeoutMs: number;
  resolve?: Resolver;
  /** As `userAgentOf`; by default without an address. */
  userAgent?: string;
}

/** What one attempt sends. */
interface Message {
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body: Uint8Array | null;
}

/** Why the request was not made; the message may stand in the delivery log. */
class Refused extends Error {}

/**
 * Posts to servers that the gateway does not trust: no redirects, no proxies, no decompression, bounded times and sizes. With
 * `public` it resolves a name for each connection, requires every address to be public and connects to one of the checked
 * addresses, so that a name with changing addresses (DNS rebinding) gains nothing.
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

  /** Why the URL is refused as a target; null when it is not, or when its name cannot be resolved just now. */
  async faultOf(url: string): Promise<UrlFault | null> {
    const fault = faultOfTarget(url, this.options.reach === 'any');
    if (fault !== null || this.options.reach === 'any') return fault;
    const host = hostOf(new URL(url));
    const addresses = isIP(host) ? [] : await this.#resolve(host).catch(() => []);
    return addresses.every(({ address }) => isPublicAddress(address)) ? null : PRIVATE_NAME;
  }

  /** Makes one attempt. It returns faults and throws none. */
  async post(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<AttemptResult> {
    return (await this.postAndRead(url, headers, body)).result;
  }

  /** Makes one attempt and returns the first KiB of the response; empty without a response. */
  postAndRead(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<{ result: AttemptResult; text: string }> {
    return this.#attempt(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  }

  /** Makes one attempt to read a URL, as `postAndRead`. */
  getAndRead(url: string): Promise<{ result: AttemptResult; text: string }> {
    return this.#attempt(url, { method: 'GET', headers: {}, body: null });
  }

  async #attempt(url: string, message: Message): Promise<{ result: AttemptResult; text: string }> {
    const began = performance.now();
    const resultOf = (status: number | null, error: string | null, retryAfter: string | null = null): AttemptResult => ({
      status,
      error,
      retryAfter,
      latencyMs: Math.round(performance.now() - began),
    });
    const fault = faultOfTarget(url, this.options.reach === 'any');
    if (fault !== null) return { result: resultOf(null, `the URL ${fault.en}`), text: '' };
    try {
      const response = await this.#responseOf(new URL(url), message);
      const result = resultOf(response.statusCode ?? null, null, response.headers['retry-after'] ?? null);
      return { result, text: await drain(response) };
    } catch (error) {
      return { result: resultOf(null, reasonOf(error)), text: '' };
    }
  }

  /** Whether attempts are cut. Their results say nothing about the other side. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Cuts every attempt under way and every one that follows. */
  close(): void {
    this.#closed = true;
    for (const request of this.#open) request.destroy(new Refused('the gateway stopped'));
    this.#http.destroy();
    this.#https.destroy();
  }

  async #responseOf(url: URL, message: Message): Promise<IncomingMessage> {
    const deadline = performance.now() + this.options.timeoutMs;
    for (;;) {
      const request = this.#request(url, message);
      try {
        return await this.#head(request, deadline - performance.now());
      } catch (error) {
        // The other side closed a kept connection just when the request used it: that is no failure of the endpoint.
        if (!request.reusedSocket || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
      }
    }
  }

  #request(url: URL, { method, headers, body }: Message): ClientRequest {
    const secure = url.protocol === 'https:';
    const options: RequestOptions = {
      method,
      agent: secure ? this.#https : this.#http,
      maxHeaderSize: MAX_HEADER_BYTES,
      lookup: this.#lookup,
      headers: {
        'user-agent': this.options.userAgent ?? userAgentOf(),
        ...headers,
        ...(body && { 'content-length': body.byteLength }),
      },
    };
    const request = (secure ? httpsRequest : httpRequest)(url, options);
    request.end(body ?? undefined);
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

  /** Checks the address that the connection has really reached, before a byte of the request leaves. */
  #checkPeer(request: ClientRequest, { remoteAddress }: Socket): void {
    if (this.options.reach === 'public' && !isPublicAddress(remoteAddress ?? '')) request.destroy(new Refused(LEADS_INSIDE));
  }

  /** Node calls it for names only; addresses in the URL itself are checked before. */
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

/** Reads the rest of a response, so that its connection can be used again; a long or slow one is cut. @returns its beginning */
async function drain(response: IncomingMessage): Promise<string> {
  const slow = setTimeout(() => response.destroy(), BODY_MS);
  const beginning: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    if (size < MAX_TEXT_BYTES) beginning.push(chunk.subarray(0, MAX_TEXT_BYTES - size));
    size += chunk.length;
    if (size > MAX_BODY_BYTES) response.destroy();
  });
  await new Promise<void>((resolve) => {
    response.on('error', () => undefined).once('close', resolve);
  });
  clearTimeout(slow);
  return Buffer.concat(beginning).toString();
}

/** A network error by its code, since its text holds addresses. */
function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : message.slice(0, 200);
}
