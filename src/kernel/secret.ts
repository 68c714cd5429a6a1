import { hash, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

/** A text that never shows itself in a log, an error or JSON; only `reveal()` gives it out. */
export class Secret {
  readonly #text: string;
  #digest: Buffer | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  /** Compares in constant time, whatever the lengths: digests of equal size are compared, never the texts. */
  equals(other: string): boolean {
    this.#digest ??= digest(this.#text);
    return timingSafeEqual(this.#digest, digest(other));
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

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** The SHA-256 of a text in hex: how random keys are stored and looked up. */
export const sha256 = (text: string | Buffer): string => hash('sha256', text, 'hex');
