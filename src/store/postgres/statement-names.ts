import { createHash } from 'node:crypto';

/** A text that is sent so often is parsed once by each connection, and not each time. */
const OFTEN = 10;
/** Postgres keeps what it has parsed as long as the connection lasts. */
const MOST_NAMES = 200;
/** Texts that are counted; beyond it, counting begins anew. */
const MOST_TEXTS = 2_000;
const NAME_LENGTH = 32;

/**
 * Names for the statements that are sent often. A name is the digest of its text, so it means the same on every connection and to every
 * replica.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  #counts = new Map<string, number>();

  /** The name under which a text is sent; undefined for one that is sent without. */
  of(sql: string): string | undefined {
    return this.#names.get(sql) ?? this.#count(sql);
  }

  #count(sql: string): string | undefined {
    const count = (this.#counts.get(sql) ?? 0) + 1;
    if (count >= OFTEN && this.#names.size < MOST_NAMES && !showsEveryColumn(sql)) return this.#add(sql);
    if (this.#counts.size >= MOST_TEXTS) this.#counts = new Map();
    this.#counts.set(sql, count);
    return undefined;
  }

  #add(sql: string): string {
    const name = createHash('sha256').update(sql).digest('hex').slice(0, NAME_LENGTH);
    this.#names.set(sql, name);
    this.#counts.delete(sql);
    return name;
  }
}

/** Postgres refuses a prepared statement whose columns have changed, as they do when a migration of the next release adds one. */
const showsEveryColumn = (sql: string): boolean => /(select|returning) \*|\.\*/.test(sql);
