import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Store } from './store.js';

/** A cursor in the order `(xid, id)` of a table. */
interface Cursor {
  xid: number;
  id: number;
}

/**
 * The condition for rows after (`>`), before (`<`) or up to (`<=`) a cursor, in a form that the index on both columns serves. On SQLite every
 * `xid` is 0; an `or` over both columns, and there even a comparison of rows, would scan the index from its beginning.
 */
export function fromCursor(
  engine: Store['engine'],
  direction: '>' | '<' | '<=',
  { xid, id }: Cursor,
  idColumn = 'id',
): RawBuilder<SqlBool> {
  const [xids, ids, beyond] = [sql.ref('xid'), sql.ref(idColumn), sql.raw(direction)];
  return engine === 'sqlite'
    ? sql<SqlBool>`(${xids} = ${xid} and ${ids} ${beyond} ${id})`
    : sql<SqlBool>`(${xids}, ${ids}) ${beyond} (${xid}, ${id})`;
}

/** How many rows match, as `n`. */
export const COUNT = sql<number>`count(*)`.as('n');
