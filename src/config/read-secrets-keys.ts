import { SEALING_KEY_BYTES, SealingKey, SealingKeys } from '#kernel/sealed.js';
import type { Environment } from './environment.js';

/** Of 32 random bytes fewer than 20 differ once in seven billion keys. */
const FEWEST_DIFFERENT = 20;
const [FIRST_PRINTABLE, LAST_PRINTABLE] = [0x20, 0x7e];
const MAKE_ONE = '`npm run secrets -- new`, `openssl rand -base64 32`';

/** Reads `SECRETS_KEY`: 32 random bytes as base64 or hex, or several such keys, of which the first seals and all open. */
export function readSecretsKeys(env: Environment): SealingKeys {
  const written = (env.textOrFile('SECRETS_KEY') ?? '').split(',').flatMap((part) => part.trim() || []);
  const keys = written.map(bytesOf);
  if (keys.some((key) => key === null)) {
    env.fault(
      'SECRETS_KEY',
      `must be 32 bytes as base64 (44 characters) or hex (64), several separated by commas; make one with ${MAKE_ONE}`,
      `debe ser de 32 bytes en base64 (44 caracteres) o hex (64), varias separadas por comas; cree una con ${MAKE_ONE}`,
    );
  } else if (keys.some((key) => key !== null && isWeak(key))) {
    env.fault(
      'SECRETS_KEY',
      `is not random, so it can be guessed; make one with ${MAKE_ONE}`,
      `no es aleatoria, así que puede adivinarse; cree una con ${MAKE_ONE}`,
    );
  }
  return new SealingKeys(keys.flatMap((key) => (key ? new SealingKey(key) : [])));
}

function bytesOf(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null;
  return bytes?.length === SEALING_KEY_BYTES ? bytes : null;
}

/** A text that somebody made up, or one that repeats itself. */
const isWeak = (key: Buffer): boolean =>
  new Set(key).size < FEWEST_DIFFERENT || key.every((byte) => byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE);
