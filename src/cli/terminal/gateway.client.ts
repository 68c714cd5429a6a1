import { randomUUID } from 'node:crypto';
import type { Language } from '#error-catalogue/catalogue.js';
import { type JsonRecord, parseJson, record, text } from '#kernel/read.js';
import { type CommandLine, UsageFault } from './command-line.js';
import { say } from './texts.js';

/** A refresh of all figures waits for three answers of 360dialog at most. */
const TIMEOUT_MS = 30_000;

export interface GatewayAnswer {
  status: number;
  /** The body when it is a JSON object, otherwise empty. */
  body: JsonRecord;
  /** What the gateway's clock said, from its `Date` header. */
  date: number | null;
  /** `live` or `simulator`; null when what answers is no gateway. */
  mode: string | null;
}

/** Nobody answered, or somebody who is no gateway. */
export class NoGateway extends Error {
  constructor(
    readonly url: string,
    readonly reason: string,
  ) {
    super(`${url}: ${reason}`);
  }
}

/** The REST API of a running gateway, as any consumer uses it. */
export class GatewayClient {
  constructor(
    readonly url: string,
    private readonly key: string | null,
    private readonly language: Language,
  ) {}

  get hasKey(): boolean {
    return this.key !== null;
  }

  get(path: string, timeoutMs?: number): Promise<GatewayAnswer> {
    return this.#ask('GET', path, undefined, timeoutMs);
  }

  post(path: string, body: object): Promise<GatewayAnswer> {
    return this.#ask('POST', path, body);
  }

  delete(path: string): Promise<GatewayAnswer> {
    return this.#ask('DELETE', path);
  }

  /** @throws NoGateway */
  async #ask(method: string, path: string, body?: object, timeoutMs = TIMEOUT_MS): Promise<GatewayAnswer> {
    const headers = {
      accept: 'application/json',
      'accept-language': this.language,
      ...(this.key === null ? {} : { authorization: `Bearer ${this.key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': `"${randomUUID()}"` }),
    };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const init = { method, headers, signal, redirect: 'manual' as const };
      const answer = await fetch(`${this.url}${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
      const date = Date.parse(answer.headers.get('date') ?? '');
      const mode = answer.headers.get('x-gateway-mode');
      const read = record(parseJson(await answer.text())) ?? {};
      if (mode === null) throw new NoGateway(this.url, `HTTP ${answer.status} of something else`);
      return { status: answer.status, body: read, date: Number.isNaN(date) ? null : date, mode };
    } catch (error) {
      throw error instanceof NoGateway ? error : new NoGateway(this.url, reasonOf(error));
    }
  }
}

/** The network's word for why nobody answered, such as `ECONNREFUSED`. */
export function reasonOf(error: unknown): string {
  const { name, cause, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'TimeoutError') return 'ETIMEDOUT';
  const details = (cause ?? {}) as { code?: unknown; message?: unknown };
  return text(details.code) ?? text(details.message) ?? message;
}

/** The gateway that the options and the environment name; by default the one that would listen on this machine. */
export function gatewayOf(line: CommandLine, env: Readonly<Record<string, string | undefined>>): GatewayClient {
  const url = (line.option('url') ?? env.GATEWAY_URL?.trim()) || addressHere(env);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new UsageFault(say('wrong_url', line.language, { value: url }));
  const key = (line.option('key') ?? env.GATEWAY_API_KEY?.trim()) || env.API_KEY?.trim() || null;
  return new GatewayClient(url.replace(/\/+$/, ''), key, line.language);
}

function addressHere({ HOST, PORT }: Readonly<Record<string, string | undefined>>): string {
  const host = HOST?.trim() || '127.0.0.1';
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${PORT?.trim() || 3000}`;
}
