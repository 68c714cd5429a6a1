import { SealingKey, SealingKeys } from '#kernel/sealed.js';
import { sha256 } from '#kernel/secret.js';

/** The text of a key for `SECRETS_KEY`, always the same for a name. */
export const keyText = (name: string): string => Buffer.from(sha256(name), 'hex').toString('base64');

/** Keys by their names: the first seals. */
export const keysNamed = (...names: string[]): SealingKeys =>
  new SealingKeys(names.map((name) => new SealingKey(Buffer.from(sha256(name), 'hex'))));
