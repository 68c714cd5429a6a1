import { createHash, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

/** A text that never shows itself in a log, an error or JSON; only `reveal()` gives it out. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  /** Compares in constant time, whatever the lengths: digests of equal size are compared, never the texts. */
  equals(other: string): boolean {
    return timingSafeEqual(digest(this.#text), digest(other));
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The SHA-256 of a text in hex: how random keys are stored and looked up. */
export const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
