import { type Secret, sha256 } from '#kernel/secret.js';

/** The parts of a request that idempotency compares. */
export interface KeyedRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** The JSON body as it was received. */
  body: unknown;
  /**
   * Seals an answer that shows a secret, so that none is stored in readable form. A request with another credential could
   * not open the answer, so it counts as another request.
   */
  sealedWith?: Secret;
}

/** 1 to 255 printable ASCII characters. */
export const isIdempotencyKey = (key: string): boolean => /^[\x20-\x7e]{1,255}$/.test(key);

/** Identifies a request: SHA-256 of method, path, the body with sorted members, and the credential that seals the answer. */
export const fingerprint = ({ method, path, body, sealedWith }: KeyedRequest): string =>
  sha256(`${method.toUpperCase()}\n${path}\n${canonicalJson(body ?? null)}${sealedWith ? `\n${sha256(sealedWith.reveal())}` : ''}`);

/** JSON with its members sorted at every depth. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
