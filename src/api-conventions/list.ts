import { invalidField } from './invalid-field.js';

/** The members of a cursor: the sort key of the last item of a page. */
type Kind = 'number' | 'string';
type SortKey<K extends readonly Kind[]> = { -readonly [I in keyof K]: K[I] extends 'number' ? number : string };

export interface Page<T> {
  data: T[];
  /** `null` on the last page. */
  next_cursor: string | null;
}

/** A cursor as clients see it: opaque, and safe in a URL. */
export const writePageCursor = (sortKey: ReadonlyArray<number | string>): string =>
  Buffer.from(JSON.stringify(sortKey)).toString('base64url');

/**
 * Reads what `writePageCursor` wrote, and nothing else.
 * @throws Problem `invalid_request` that names `cursor`
 */
export function readPageCursor<const K extends readonly Kind[]>(cursor: string | undefined, kinds: K): SortKey<K> | null {
  if (cursor === undefined) return null;
  const sortKey = parse(cursor);
  const fits =
    Array.isArray(sortKey) &&
    sortKey.length === kinds.length &&
    sortKey.every((member, index) => typeof member === kinds[index] && isStorable(member)) &&
    writePageCursor(sortKey) === cursor;
  if (!fits)
    throw invalidField('cursor', 'must be the next_cursor of an earlier answer', 'debe ser el next_cursor de una respuesta anterior');
  return sortKey as SortKey<K>;
}

/** A page from up to `limit + 1` found items: the extra item only proves that there is a next page. */
export function toPage<T, D>(
  found: readonly T[],
  limit: number,
  sortKeyOf: (item: T) => ReadonlyArray<number | string>,
  show: (item: T) => D,
): Page<D> {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { data: shown.map(show), next_cursor: last === undefined ? null : writePageCursor(sortKeyOf(last)) };
}

/** Whole numbers, and texts without NUL, which Postgres cannot compare with. */
const isStorable = (member: unknown): boolean =>
  typeof member === 'number' ? Number.isSafeInteger(member) : !String(member).includes('\0');

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};
