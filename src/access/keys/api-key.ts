const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 10;
/** 43 letters of 62 hold 256 bits: guessing is hopeless, so a fast hash suffices. */
const SECRET_LENGTH = 43;

/** A source of cryptographic randomness. @param size in bytes */
export type Random = (size: number) => Uint8Array;

export interface MadeKey {
  /** `key_` and the ten letters that also stand in the key, so that a key found somewhere can be deleted by its name. */
  id: string;
  /** What the consumer sends: `wac_<10 letters>_<43 letters>`, letters of base62. */
  text: string;
}

export function makeApiKey(random: Random): MadeKey {
  const id = base62(ID_LENGTH, random);
  return { id: `key_${id}`, text: `wac_${id}_${base62(SECRET_LENGTH, random)}` };
}

/** The row id for a key that the owner chose as `API_KEY`. */
export const chosenKeyId = (random: Random): string => `key_${base62(ID_LENGTH, random)}`;

/** The token of an `Authorization: Bearer …` header; `undefined` for any other scheme or shape. */
export const bearerToken = (header: string | undefined): string | undefined => /^Bearer +([\x21-\x7e]+) *$/i.exec(header ?? '')?.[1];

/** Bytes from 248 on are thrown away: 248 is the largest multiple of 62, so every letter is equally likely. */
export function base62(length: number, random: Random): string {
  let letters = '';
  while (letters.length < length) {
    for (const byte of random(length)) if (byte < 248 && letters.length < length) letters += BASE62[byte % 62];
  }
  return letters;
}
