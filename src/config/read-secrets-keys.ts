import { SEALING_KEY_BYTES, SealingKey, SealingKeys } from '#kernel/sealed.js';
import type { Environment } from './environment.js';

const MAKE_ONE = '`npm run secrets -- new`, `openssl rand -base64 32`';

/** Reads `SECRETS_KEY`: 32 random bytes as base64 or hex, or several such keys, of which the first seals and all open. */
export function readSecretsKeys(env: Environment): SealingKeys {
  const written = (env.text('SECRETS_KEY') ?? '').split(',').flatMap((part) => part.trim() || []);
  const keys = written.map(bytesOf);
  if (keys.some((key) => key === null)) {
    env.fault(
      'SECRETS_KEY',
      `must be 32 bytes as base64 (44 characters) or hex (64), several separated by commas; make one with ${MAKE_ONE}`,
      `debe ser de 32 bytes en base64 (44 caracteres) o hex (64), varias separadas por comas; cree una con ${MAKE_ONE}`,
    );
  }
  return new SealingKeys(keys.flatMap((key) => (key ? new SealingKey(key) : [])));
}

function bytesOf(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null;
  return bytes?.length === SEALING_KEY_BYTES ? bytes : null;
}
