import { type JsonAnswer, reasonOf, requestJson } from '#cli/terminal/json-request.js';
import { readUpstream } from '#dialog360/read-upstream.js';
import { SECOND } from '#kernel/clock.js';
import type { Upstream } from '#kernel/problem.js';
import { type JsonRecord, record } from '#kernel/read.js';
import type { Secret } from '#kernel/secret.js';

const TIMEOUT_MS = 10 * SECOND;
const LONGEST_WORDS = 300;

/** An answer of 360dialog as it came. */
export interface RawAnswer extends Omit<JsonAnswer, 'source'> {
  /** What the answer says when it is read as a refusal. */
  upstream: Upstream;
}

/** 360dialog gave no answer at all. */
export class UpstreamSilent extends Error {}

/** 360dialog itself, without the gateway's readers: its answers are shown as they came. */
export class RawUpstream {
  constructor(
    readonly baseUrl: string,
    private readonly key: Secret,
  ) {}

  /** @throws UpstreamSilent */
  get(path: string): Promise<RawAnswer> {
    return this.#request('GET', path);
  }

  /** @throws UpstreamSilent */
  post(path: string, body: object): Promise<RawAnswer> {
    return this.#request('POST', path, body);
  }

  #request(method: string, path: string, body?: object): Promise<RawAnswer> {
    return requestRaw(method, `${this.baseUrl}${path}`, { 'D360-API-KEY': this.key.reveal() }, body);
  }
}

/** One request to 360dialog with no other headers than these and those of JSON. @throws UpstreamSilent */
export async function requestRaw(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<RawAnswer> {
  try {
    const { source, ...answer } = await requestJson(url, { method, headers, body, timeoutMs: TIMEOUT_MS });
    return { ...answer, upstream: readUpstream(answer.status, source) };
  } catch (error) {
    throw new UpstreamSilent(reasonOf(error));
  }
}

export const wasTaken = ({ status }: RawAnswer): boolean => status >= 200 && status < 300;

/** The shape of a refusal, its code and its words; of an answer that is none, its members. */
export function evidenceOf(answer: RawAnswer): string {
  const { status, body, upstream } = answer;
  if (wasTaken(answer)) return `HTTP ${status} · members=${Object.keys(body).join(',') || 'none'}`;
  const words = [upstream.message, upstream.details].filter(Boolean).join('; ').slice(0, LONGEST_WORDS);
  const code = upstream.code === null ? '' : `code=${upstream.code}`;
  return [`HTTP ${status}`, `shape=${shapeOf(body)}`, code, words].filter(Boolean).join(' · ');
}

/** Which of the known shapes an answer has, by its top members. */
function shapeOf(body: JsonRecord): string {
  if (record(body.error)) return 'error{}';
  if (typeof body.error === 'string') return 'error""';
  if (record(body.meta)) return 'meta{}';
  if (Array.isArray(body.errors)) return 'errors[]';
  return Object.keys(body).slice(0, 6).join(',') || 'none';
}
