import type { Tx } from '#store/store.js';
import { AppendedRows } from './appended-rows.js';
import { lastOf } from './batch.js';
import type { ColumnTypes } from './unnested.js';

/**
 * Adds a row that a transaction of Postgres inserts with its last statement, whatever it does until then. An insert into `events` or
 * `deliveries` holds up all later ones until its transaction has ended, so nothing may come between the two.
 */
export function addLast<Row extends object>(tx: Tx, table: string, types: ColumnTypes<Row>, row: Row): void {
  const tables = lastOf(tx);
  const rows = (tables.get(table) as AppendedRows<Row> | undefined) ?? new AppendedRows(table, types);
  tables.set(table, rows);
  rows.add(row);
}
