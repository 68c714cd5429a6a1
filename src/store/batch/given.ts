import { type RawBuilder, sql } from 'kysely';
import type { Store } from '#store/store.js';
import { type ColumnTypes, unnested } from './batch-statement.js';

/** Rows as a table named `given` for a statement on either engine, whose text is the same for every number of rows. Without bytes. */
export function given<Row extends object>(engine: Store['engine'], types: ColumnTypes<Row>, rows: readonly Row[]): RawBuilder<unknown> {
  if (engine === 'postgres') return unnested(types, rows);
  const columns = Object.keys(types).map((name) => sql`value ->> ${sql.lit(`$.${name}`)} as ${sql.ref(name)}`);
  return sql`(select ${sql.join(columns)} from json_each(${JSON.stringify(rows)})) as given`;
}
