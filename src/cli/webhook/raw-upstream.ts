import { type JsonAnswer, reasonOf, requestJson } from '#cli/terminal/json-request.js';
import { problemOf } from '#dialog360/dialog360.errors.js';
import type { Operation } from '#dialog360/exchange.js';
import { readUpstream } from '#dialog360/read-upstream.js';
import { entryOfUpstream } from '#error-catalogue/lookup.js';
import { SECOND } from '#kernel/clock.js';
import type { Upstream } from '#kernel/problem.js';
import { type JsonRecord, record } from '#kernel/read.js';
import type { Secret } from '#kernel/secret.js';

const TIMEOUT_MS = 10 * SECOND;
const LONGEST_WORDS = 300;

/** An answer of 360dialog as it came. */
export interface RawAnswer extends Pick<JsonAnswer, 'status' | 'body' | 'date'> {
  /** What the answer says when it is read as a refusal. */
  upstream: Upstream;
}

/** 360dialog gave no answer at all. */
export class UpstreamSilent extends Error {}

/** 360dialog itself, without the gateway's readers: assumptions are about what those would hide. */
export class RawUpstream {
  constructor(
    private readonly baseUrl: string,
    private readonly key: Secret,
  ) {}

  /** @throws UpstreamSilent */
  get(path: string, withKey = true): Promise<RawAnswer> {
    return this.#request('GET', path, undefined, withKey);
  }

  /** @throws UpstreamSilent */
  post(path: string, body: object): Promise<RawAnswer> {
    return this.#request('POST', path, body);
  }

  async #request(method: string, path: string, body?: object, withKey = true): Promise<RawAnswer> {
    const headers: Record<string, string> = withKey ? { 'D360-API-KEY': this.key.reveal() } : {};
    try {
      const { source, status, ...answer } = await requestJson(`${this.baseUrl}${path}`, { method, headers, body, timeoutMs: TIMEOUT_MS });
      return { status, body: answer.body, date: answer.date, upstream: readUpstream(status, source) };
    } catch (error) {
      throw new UpstreamSilent(reasonOf(error));
    }
  }
}

export const wasTaken = ({ status }: RawAnswer): boolean => status >= 200 && status < 300;

/** Meta's codes for a request that is wrong in itself. */
const WRONG_REQUEST: ReadonlySet<number> = new Set([100, 131008, 131009]);

/** Refused for a reason that says nothing about what was asked: key, account, rate, an outage, or the number as it is set up. */
export function isBeside({ status, upstream: { code } }: RawAnswer): boolean {
  if (code !== null && WRONG_REQUEST.has(code)) return false;
  return [401, 403, 408, 429].includes(status) || status >= 500 || (code !== null && entryOfUpstream(code) !== undefined);
}

/** The word of our catalogue for a refusal. */
export const codeOf = ({ upstream }: RawAnswer, operation: Operation, now: number): string => problemOf(upstream, operation, now).code;

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
