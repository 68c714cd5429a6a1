import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Store } from './store.js';

/** A place in the order `(xid, id)` of a table. */
interface Place {
  xid: number;
  id: number;
}

/**
 * What comes after (`>`) or before (`<`) a place, so that the index on both columns finds it at once. On SQLite every `xid` is 0;
 * an `or` over both, and there even a comparison of rows, would read the index from its beginning each time.
 */
export function fromPlace(engine: Store['engine'], direction: '>' | '<', { xid, id }: Place, idColumn = 'id'): RawBuilder<SqlBool> {
  const [xids, ids, beyond] = [sql.ref('xid'), sql.ref(idColumn), sql.raw(direction)];
  return engine === 'sqlite'
    ? sql<SqlBool>`(${xids} = ${xid} and ${ids} ${beyond} ${id})`
    : sql<SqlBool>`(${xids}, ${ids}) ${beyond} (${xid}, ${id})`;
}
