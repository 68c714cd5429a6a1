import Database from 'better-sqlite3';
import pg from 'pg';

type Method = (this: unknown, ...given: unknown[]) => unknown;

/** Beginnings and ends of transactions are no statements. */
const IS_NONE = /^(begin|commit|rollback)/;

/** Counts the statements of every store of this process, on either engine. */
export class Statements {
  texts: string[] = [];
  readonly #restore: Array<() => void> = [];

  constructor() {
    const statement = Object.getPrototypeOf(new Database(':memory:').prepare('select 1'));
    for (const name of ['all', 'run', 'get']) this.#watch(statement, name, (self) => (self as Database.Statement).source);
    this.#watch(pg.Client.prototype, 'query', (_, [given]) =>
      typeof given === 'string' ? given : String((given as { text?: string })?.text),
    );
  }

  /** How many have run since the last call, whose text matches. */
  take(matching: RegExp): number {
    return this.texts.splice(0).filter((text) => matching.test(text)).length;
  }

  stop(): void {
    for (const restore of this.#restore) restore();
  }

  #watch(prototype: Record<string, Method> | object, name: string, textOf: (self: unknown, given: unknown[]) => string): void {
    const methods = prototype as Record<string, Method>;
    const original = methods[name] as Method;
    const { texts } = this;
    methods[name] = function (this: unknown, ...given: unknown[]) {
      const text = textOf(this, given);
      if (!IS_NONE.test(text)) texts.push(text);
      return original.apply(this, given);
    };
    this.#restore.push(() => {
      methods[name] = original;
    });
  }
}
