import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { type Secret, sha256 } from './secret.js';

const CIPHER = 'aes-256-gcm';
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** The length of a key, in bytes. */
export const SEALING_KEY_BYTES = 32;
/** The hex digits of a key's id. */
export const KEY_ID_LENGTH = 8;

/** A sealed text that does not open: it was changed, it was sealed for another place, or it is no sealed text. */
export class SealBroken extends Error {
  override name = 'SealBroken';

  constructor() {
    super('A sealed text does not open: it was changed, or sealed for another place');
  }
}

/** A text that was sealed with a key that is not at hand. */
export class SealingKeyMissing extends Error {
  override name = 'SealingKeyMissing';

  constructor(readonly keyId: string) {
    super(`A text is sealed with the key ${keyId}, which is not at hand`);
  }
}

/** A key of AES-256-GCM that seals texts for their places. It shows as its id. */
export class SealingKey {
  readonly #bytes: Buffer;
  /** The first 8 hex digits of the SHA-256 of the key. They name it and give nothing of it away. */
  readonly id: string;

  /** @param bytes 32 random ones */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
    this.id = sha256(this.#bytes).slice(0, KEY_ID_LENGTH);
  }

  /** @returns IV, tag and the encrypted text; it opens for the same place alone */
  seal(text: string, place: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#bytes, iv).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  }

  /** @throws SealBroken */
  open(sealed: Uint8Array, place: string): string {
    try {
      const iv = sealed.subarray(0, IV_BYTES);
      const decipher = createDecipheriv(CIPHER, this.#bytes, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
      decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      throw new SealBroken();
    }
  }

  toString(): string {
    return `[key ${this.id}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** The keys of one gateway: the first seals, all open. Each sealed text begins with the id of its key and a dot. */
export class SealingKeys {
  constructor(private readonly keys: readonly SealingKey[]) {}

  /** The ids of the keys, that of the sealing one first. */
  get ids(): string[] {
    return this.keys.map(({ id }) => id);
  }

  /** The id of the key that seals; null without a key. */
  get sealingId(): string | null {
    return this.keys[0]?.id ?? null;
  }

  /** @throws Error without a key: who seals asks for one before */
  seal(text: string, place: string): string {
    const [key] = this.keys;
    if (!key) throw new Error('there is no key to seal with');
    return `${key.id}.${key.seal(text, place).toString('base64')}`;
  }

  /** @throws SealingKeyMissing, SealBroken */
  open(sealed: string, place: string): string {
    const [, id, body = ''] = SEALED.exec(sealed) ?? [];
    if (id === undefined) throw new SealBroken();
    const key = this.keys.find((one) => one.id === id);
    if (!key) throw new SealingKeyMissing(id);
    return key.open(Buffer.from(body, 'base64'), place);
  }
}

/** Whether a sealed value may begin with this; anything else is no sealed value, and may be a secret itself. */
export const isKeyId = (text: string): boolean => text.length === KEY_ID_LENGTH && /^[0-9a-f]+$/.test(text);

const SEALED = new RegExp(`^([0-9a-f]{${KEY_ID_LENGTH}})\\.([A-Za-z0-9+/=]+)$`);

/**
 * Encrypts a text so that only the holder of a credential can read it, under a key derived from the credential (HKDF-SHA256) and a
 * salt of its own.
 * @param place where it is stored, such as the key of its row: it can be decrypted for that place alone
 * @returns base64
 */
export function seal(text: string, credential: Secret, place: string): string {
  const salt = randomBytes(SALT_BYTES);
  return Buffer.concat([salt, keyOf(credential, salt).seal(text, place)]).toString('base64');
}

/** @throws SealBroken with another credential, for another place, and when a bit was changed */
export function unseal(sealed: string, credential: Secret, place: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  return keyOf(credential, bytes.subarray(0, SALT_BYTES)).open(bytes.subarray(SALT_BYTES), place);
}

const keyOf = (credential: Secret, salt: Uint8Array): SealingKey =>
  new SealingKey(Buffer.from(hkdfSync('sha256', credential.reveal(), salt, 'whatsapp-calling-gateway sealed text', SEALING_KEY_BYTES)));
