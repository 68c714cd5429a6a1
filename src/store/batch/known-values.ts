import type { Held } from './batch.js';

/** What a batch has looked up and does not change, by a key. */
export class KnownValues<Value> implements Held {
  readonly #known = new Map<string, Value>();

  /** @returns undefined when it was not looked up */
  get(key: string): Value | undefined {
    return this.#known.get(key);
  }

  set(key: string, value: Value): void {
    this.#known.set(key, value);
  }

  takeWrites(): [] {
    return [];
  }

  forget(): void {
    this.#known.clear();
  }
}
