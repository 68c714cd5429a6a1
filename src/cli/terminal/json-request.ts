import { parseJson, record, text } from '#kernel/read.js';

/** An answer that is read as JSON. */
export type JsonAnswer = Awaited<ReturnType<typeof requestJson>>;

interface JsonRequest {
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: object | undefined;
  timeoutMs: number;
}

/** One request without redirects. @throws what `fetch` throws; `reasonOf` names it */
export async function requestJson(url: string, { method, headers, body, timeoutMs }: JsonRequest) {
  const answer = await fetch(url, {
    method,
    headers: { accept: 'application/json', ...headers, ...(body && { 'content-type': 'application/json' }) },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    ...(body && { body: JSON.stringify(body) }),
  });
  const source = await answer.text();
  return {
    status: answer.status,
    /** The body when it is a JSON object, otherwise empty. */
    body: record(parseJson(source)) ?? {},
    /** The body as it was sent. */
    source,
    headers: answer.headers,
    /** The `Date` header in ms; null when it is missing or unreadable. */
    date: readDate(answer.headers),
  };
}

/** The `Date` header in ms; null when it is missing or unreadable. */
export function readDate(headers: Headers): number | null {
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) ? null : date;
}

/** The network's word for a request without an answer, such as `ECONNREFUSED`. */
export function reasonOf(error: unknown): string {
  const { name, cause, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'TimeoutError') return 'ETIMEDOUT';
  const details = (cause ?? {}) as { code?: unknown; message?: unknown };
  return text(details.code) ?? text(details.message) ?? message;
}
