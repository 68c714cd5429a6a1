import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Secret } from './secret.js';

const CIPHER = 'aes-256-gcm';
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * Encrypts a text so that only the holder of a credential can read it: AES-256-GCM under a key derived from the credential
 * (HKDF-SHA256) and a salt of its own.
 * @param place where it is stored, such as the key of its row: it can be decrypted for that place alone
 * @returns base64
 */
export function seal(text: string, credential: Secret, place: string): string {
  const [salt, iv] = [randomBytes(SALT_BYTES), randomBytes(IV_BYTES)];
  const cipher = createCipheriv(CIPHER, keyOf(credential, salt), iv).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([salt, iv, cipher.getAuthTag(), body]).toString('base64');
}

/** @throws Error with another credential, for another place, and when a bit was changed */
export function unseal(sealed: string, credential: Secret, place: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const cut = (from: number, length?: number) => bytes.subarray(from, length === undefined ? undefined : from + length);
  const iv = cut(SALT_BYTES, IV_BYTES);
  const tag = cut(SALT_BYTES + IV_BYTES, TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, keyOf(credential, cut(0, SALT_BYTES)), iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(place)).setAuthTag(tag);
  return Buffer.concat([decipher.update(cut(SALT_BYTES + IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}

const keyOf = (credential: Secret, salt: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', credential.reveal(), salt, 'whatsapp-calling-gateway sealed text', KEY_BYTES));
