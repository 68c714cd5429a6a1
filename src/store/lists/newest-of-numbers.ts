import type { SelectQueryBuilder } from 'kysely';
import type { Schema } from '#store/schema.js';
import type { Reader } from '#store/store.js';

/** A row's place in a list: newest first, and of one moment by its id. */
interface Listed {
  id: string;
  at: number;
}

/** The newest rows of one number, with its conditions, order and limit. */
type OfNumber = SelectQueryBuilder<Schema, keyof Schema, Listed>;

/** Numbers per statement: SQLite takes 500 terms, and planning takes time for each. */
const PIECE = 50;

/**
 * The ids of the newest rows of several numbers. Each number is read from its own index up to the limit: a list of quiet numbers would read
 * all rows of the others else, or sort all of its own.
 * @param ofNumber at most `limit` rows of one number, the newest first
 */
export async function newestOfNumbers(
  reader: Reader,
  numbers: readonly string[],
  limit: number,
  ofNumber: (phoneNumberId: string) => OfNumber,
): Promise<string[]> {
  const found: Listed[] = [];
  for (let from = 0; from < numbers.length; from += PIECE) {
    const [first, ...others] = numbers.slice(from, from + PIECE).map((id) => reader.selectFrom(ofNumber(id).as('newest')).selectAll());
    if (!first) break;
    const all = others.reduce((together, one) => together.unionAll(one), first);
    const newest = reader.selectFrom(all.as('each')).select(['id', 'at']).orderBy('at', 'desc').orderBy('id', 'desc');
    found.push(...(await newest.limit(limit).execute()));
  }
  found.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  return found.slice(0, limit).map(({ id }) => id);
}

/** The numbers of a list that is read number by number; null where the index of all rows, or that of the one number, serves. */
export const severalOf = (numbers: readonly string[] | null): readonly string[] | null =>
  numbers === null || numbers.length === 1 ? null : numbers;
