import { type Secret, sha256 } from '#kernel/secret.js';

/** A request as far as idempotency cares. */
export interface KeyedRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** The JSON body as it was received. */
  body: unknown;
  /**
   * Seals an answer that shows a secret, so that none is kept readable. What was asked under another credential is then
   * another request: it could not read the answer.
   */
  sealedWith?: Secret;
}

/** 1 to 255 printable ASCII characters. */
export const isIdempotencyKey = (key: string): boolean => /^[\x20-\x7e]{1,255}$/.test(key);

/** Tells one request from another: SHA-256 of method, path, the body, whatever the order of its members, and what seals it. */
export const fingerprint = ({ method, path, body, sealedWith }: KeyedRequest): string =>
  sha256(`${method.toUpperCase()}\n${path}\n${canonicalJson(body ?? null)}${sealedWith ? `\n${sha256(sealedWith.reveal())}` : ''}`);

/** JSON whose members are sorted at every depth. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
