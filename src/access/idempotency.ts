import { sha256 } from '#kernel/secret.js';

/** A request as far as idempotency cares. */
export interface KeyedRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** The JSON body as it was received. */
  body: unknown;
}

/** 1 to 255 printable ASCII characters. */
export const isIdempotencyKey = (key: string): boolean => /^[\x20-\x7e]{1,255}$/.test(key);

/** Tells one request from another: SHA-256 of method, path and the body, whatever the order of its members. */
export const fingerprint = ({ method, path, body }: KeyedRequest): string =>
  sha256(`${method.toUpperCase()}\n${path}\n${canonicalJson(body ?? null)}`);

/** JSON whose members are sorted at every depth. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
