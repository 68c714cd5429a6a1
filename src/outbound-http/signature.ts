import { createHmac } from 'node:crypto';

/**
 * Signatures of Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret as consumers get it: `whsec_` and base64. */
export const makeSecret = (randomBytes: (size: number) => Buffer): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

/**
 * The three headers of one attempt.
 * @param id the same on every attempt; without a dot
 * @param at ms since 1970
 * @param secrets every one that may verify just now: one, or two while rotating; with or without `whsec_`, as the libraries take them
 */
export function signatureHeaders(id: string, at: number, body: Uint8Array, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => sign(secret, id, timestamp, body)).join(' '),
  };
}

function sign(secret: string, id: string, timestamp: string, body: Uint8Array): string {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}
