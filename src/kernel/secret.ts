import { hash, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

/** A text that shows as `[secret]` in logs, errors and JSON. Only `reveal()` returns it. */
export class Secret {
  readonly #text: string;
  #digest: Buffer | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. */
  reveal(): string {
    return this.#text;
  }

  /** Compares digests of equal size, so the time depends neither on the texts nor on their lengths. */
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
