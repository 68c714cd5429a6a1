import { createHmac } from 'node:crypto';
import { type AttemptResult, succeeded } from './retry.js';
import type { UrlFault } from './safe-url.js';

/**
 * How Meta signs webhooks and asks an endpoint whether it wants them.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint (2025-11-07)
 */
const SECRET_BYTES = 16;
/** Receivers read the challenge as an integer, as Meta's documents write it, and some answer with what they have read. */
const [LOWEST_CHALLENGE, HIGHEST_CHALLENGE] = [1_000_000_000, 2 ** 47];

/** A new secret in the form of an app secret: 32 hexadecimal digits. */
export const makeAppSecret = (randomBytes: (size: number) => Buffer): string => randomBytes(SECRET_BYTES).toString('hex');

/** The header that signs exactly these bytes. */
export const hubSignature = (body: Uint8Array, secret: string): Record<string, string> => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

/** A new challenge. */
export const makeHubChallenge = (randomInt: (from: number, to: number) => number): string =>
  String(randomInt(LOWEST_CHALLENGE, HIGHEST_CHALLENGE));

/** The URL of the handshake; what stands in the query of the endpoint's own URL stays. */
export function handshakeUrl(url: string, verifyToken: string, challenge: string): string {
  const asked = new URL(url);
  asked.searchParams.set('hub.mode', 'subscribe');
  asked.searchParams.set('hub.challenge', challenge);
  asked.searchParams.set('hub.verify_token', verifyToken);
  return asked.href;
}

/** Why an answer does not verify the endpoint; null when it does: 2xx with the challenge as its text. It quotes nothing of the answer. */
export function faultOfHandshake(result: AttemptResult, text: string, challenge: string): UrlFault | null {
  const { status, error } = result;
  if (status === null) {
    return {
      en: `did not answer the handshake of Meta's format (${error})`,
      es: `no respondió al handshake del formato de Meta (${error})`,
    };
  }
  if (!succeeded(result)) {
    return { en: `answered ${status} to the handshake of Meta's format`, es: `respondió ${status} al handshake del formato de Meta` };
  }
  if (text.trim() === challenge) return null;
  return {
    en: `answered ${status} to the handshake of Meta's format without hub.challenge as its text`,
    es: `respondió ${status} al handshake del formato de Meta sin hub.challenge como texto`,
  };
}
