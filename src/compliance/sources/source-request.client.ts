import type { HttpService } from '@nestjs/axios';
import { readUpstream } from '#dialog360/read-upstream.js';
import { MINUTE, SECOND } from '#kernel/clock.js';
import { Problem, type ProblemCode } from '#kernel/problem.js';
import { type JsonRecord, parseJson, record } from '#kernel/read.js';

/** One request to a source. */
export interface SourceRequest<T> {
  /** A GET when left out; what is made is made without a body. */
  method?: 'GET' | 'POST';
  url: string;
  /** The credentials among them. */
  headers: Record<string, string>;
  signal: AbortSignal;
  /** The most bytes that are read of the answer. */
  maxContentLength: number;
  /** Undefined for an answer that refuses, or cannot be read. */
  read: (answer: JsonRecord) => T | undefined;
  now: () => number;
}

/** @throws Problem `upstream_unavailable`, `upstream_key_rejected`, `rate_limited` …; `upstream` is what the source said */
export async function readSource<T>(http: HttpService, { read, now, ...request }: SourceRequest<T>): Promise<T> {
  const { status, headers, data } = await http.axiosRef
    .request<ArrayBuffer>({ ...request, proxy: false, maxRedirects: 0, responseType: 'arraybuffer', validateStatus: () => true })
    // The error of axios carries the request with the key in its headers: only its code goes on.
    .catch((error) => notAsked(error instanceof Error && 'code' in error ? String(error.code) : 'unknown'));
  const source = new TextDecoder().decode(data);
  const body = status >= 200 && status < 300 ? record(parseJson(source)) : undefined;
  const value = body && read(body);
  if (value !== undefined) return value;
  throw sourceProblem(status, source, now(), Number(headers['retry-after']) * SECOND);
}

export function notAsked(reason: string): never {
  throw new Problem('upstream_unavailable', { params: { message: reason } });
}

function sourceProblem(status: number, source: string, now: number, retryAfterMs: number): Problem {
  const upstream = readUpstream(status, source);
  const code = codeOf(status, `${upstream.message ?? ''} ${upstream.details ?? ''}`);
  const retryAt = code === 'rate_limited' ? now + (retryAfterMs || MINUTE / 2) : null;
  return new Problem(code, { upstream, retryAt, params: { message: upstream.details ?? upstream.message ?? `HTTP ${status}` } });
}

function codeOf(status: number, words: string): ProblemCode {
  if (status === 429 || /rate limit/i.test(words)) return 'rate_limited';
  if (status === 401) return 'upstream_key_rejected';
  if (status === 403) return 'partner_permission_denied';
  if (status >= 500) return 'upstream_error';
  return status < 300 ? 'upstream_unreadable' : 'upstream_refused';
}
