import { randomUUID } from 'node:crypto';
import type { Language } from '#error-catalogue/catalogue.js';
import { SECOND } from '#kernel/clock.js';
import { type CommandLine, numberNamed, UsageFault } from './command-line.js';
import { type JsonAnswer, reasonOf, requestJson } from './json-request.js';
import { say } from './texts.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A refresh of all readings waits for three answers of 360dialog at most. */
const TIMEOUT_MS = 30 * SECOND;
/** Until then a gateway that runs has said that it does. */
const LIVENESS_TIMEOUT_MS = 3 * SECOND;

/** An answer of the gateway with any status. */
export interface GatewayAnswer extends Pick<JsonAnswer, 'status' | 'body' | 'date'> {
  /** `live` or `simulator`. */
  mode: string;
}

/** No server answers at the address, or one that is no gateway. */
export class NoGateway extends Error {
  constructor(
    readonly url: string,
    readonly reason: string,
  ) {
    super(`${url}: ${reason}`);
  }

  /** Whether another program answers there. */
  get isOtherProgram(): boolean {
    return /^(HTTP |HPE_)/.test(this.reason);
  }
}

/** The REST API of a running gateway, as any consumer uses it. */
export class GatewayClient {
  constructor(
    readonly url: string,
    readonly key: string | null,
    private readonly language: Language,
    /** The number that requests are about; null where only one can be meant. */
    readonly phoneNumberId: string | null = null,
  ) {}

  /** Whether the gateway runs `live` or against its `simulator`; needs no key. @throws NoGateway */
  async mode(): Promise<string> {
    return (await this.#request('GET', '/health/live', undefined, LIVENESS_TIMEOUT_MS)).mode;
  }

  /** @throws NoGateway */
  get(path: string): Promise<GatewayAnswer> {
    return this.#request('GET', this.#aboutNumber(path));
  }

  /** @throws NoGateway */
  post(path: string, body: object): Promise<GatewayAnswer> {
    const isAboutNumber = this.phoneNumberId !== null && BEGINNING.test(path);
    return this.#request('POST', path, isAboutNumber ? { ...body, phone_number_id: this.phoneNumberId } : body);
  }

  /** @throws NoGateway */
  delete(path: string): Promise<GatewayAnswer> {
    return this.#request('DELETE', path);
  }

  /** @throws NoGateway */
  patch(path: string, body: object): Promise<GatewayAnswer> {
    return this.#request('PATCH', path, body);
  }

  #aboutNumber(path: string): string {
    if (this.phoneNumberId === null || !READING.test(path)) return path;
    return `${path}${path.includes('?') ? '&' : '?'}phone_number_id=${this.phoneNumberId}`;
  }

  async #request(method: string, path: string, body?: object, timeoutMs = TIMEOUT_MS): Promise<GatewayAnswer> {
    const headers = {
      'accept-language': this.language,
      ...(this.key !== null && { authorization: `Bearer ${this.key}` }),
      ...(body && { 'idempotency-key': `"${randomUUID()}"` }),
    };
    const answer = await requestJson(`${this.url}${path}`, { method, headers, body, timeoutMs }).catch((error: unknown) => {
      throw new NoGateway(this.url, reasonOf(error));
    });
    const mode = answer.headers.get('x-gateway-mode');
    if (mode === null) throw new NoGateway(this.url, `HTTP ${answer.status}`);
    if (answer.body.code === 'number_required') throw new UsageFault(say('which_number', this.language));
    return { status: answer.status, body: answer.body, date: answer.date, mode };
  }
}

/** What is read of one number, and what begins something with one. Everything else names a call, a key or a number itself. */
const READING =
  /^\/api\/(calling\/(status|settings|preflight|permissions\/[^/?]+|calls|conversation-requirements)|compliance\/(eligibility|conversations|snapshots|declarations|reports|reports\/latest))(\?|$)/;
const BEGINNING = /^\/api\/calling\/(make-call|request-permission)$/;

/** The gateway that the options and the environment name; by default the one that would listen on this machine. */
export function gatewayOf(line: Pick<CommandLine, 'option' | 'language'>, env: Environment): GatewayClient {
  const url = addressNamed(line, env) || addressHere(env);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new UsageFault(say('wrong_url', line.language, { value: url }));
  const key = (line.option('key') ?? env.GATEWAY_API_KEY?.trim()) || env.API_KEY?.trim() || null;
  return new GatewayClient(url.replace(/\/+$/, ''), key, line.language, numberNamed(line));
}

/** The same with a key. @throws UsageFault when neither the options nor the environment have one */
export function gatewayWithKey(line: Pick<CommandLine, 'option' | 'language'>, env: Environment): GatewayClient & { key: string } {
  const gateway = gatewayOf(line, env);
  if (gateway.key === null) throw new UsageFault(say('no_key', line.language));
  return gateway as GatewayClient & { key: string };
}

/** What the command line or the environment says about the address, before HOST and PORT. */
export const addressNamed = (line: Pick<CommandLine, 'option'>, env: Environment): string | undefined =>
  line.option('url') ?? env.GATEWAY_URL?.trim();

/** The address that HOST and PORT make; a malformed one as it is. */
export function addressHere({ HOST, PORT }: Environment): string {
  const host = HOST?.trim() || '127.0.0.1';
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${PORT?.trim() || 3000}`;
}
