import { isNativeError } from 'node:util/types';
import type { Language } from '#error-catalogue/catalogue.js';
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
  const { name, cause, message } = error instanceof Error || isNativeError(error) ? error : new Error(String(error));
  if (name === 'TimeoutError') return 'ETIMEDOUT';
  const details = (cause ?? {}) as { code?: unknown; message?: unknown };
  return text(details.code) ?? text(details.message) ?? message;
}

/** What the words of the network mean, for people. */
const MEANINGS: readonly (readonly [reason: RegExp, en: string, es: string])[] = [
  [/^ECONNREFUSED$/, 'nothing listens there', 'ahí no escucha nada'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'the name is not found in the DNS', 'el DNS no encuentra ese nombre'],
  [/TIMEDOUT|TIMEOUT$/, 'no answer in time', 'no hubo respuesta a tiempo'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'the connection was cut', 'se cortó la conexión'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'no route leads there', 'ninguna ruta lleva hasta ahí'],
  [/CERT|SELF_SIGNED|ISSUER|^ERR_TLS/, 'the certificate is not trusted', 'el certificado no es de confianza'],
  [/^ERR_SSL|^EPROTO$/, 'what answers there does not speak TLS', 'lo que responde ahí no habla TLS'],
  [/fetch failed|bad port/, 'the request could not be sent', 'no se pudo enviar la solicitud'],
  [/^HPE_/, 'what answers there does not speak HTTP', 'lo que responde ahí no habla HTTP'],
  [/^HTTP \d{3}$/, 'what answers there is no gateway', 'lo que responde ahí no es un gateway'],
];

/** A reason of `reasonOf` in the language of the terminal, with the network's own word; one that is not known as it is. */
export function reasonIn(reason: string, language: Language): string {
  const known = MEANINGS.find(([pattern]) => pattern.test(reason));
  return known ? `${language === 'es' ? known[2] : known[1]}, ${reason}` : reason;
}
