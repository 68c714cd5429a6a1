import type { Tx } from '#store/store.js';
import { AppendedRows } from './appended-rows.js';
import { lastOf } from './batch.js';
import type { RowsStatement } from './batch-statement.js';

/**
 * Adds a row that a transaction of Postgres inserts with its last statement, whatever it does until then. An insert into `events` or
 * `deliveries` holds up all later ones until its transaction has ended, so nothing may come between the two.
 */
export function addLast<Row extends object>(tx: Tx, insert: RowsStatement<Row>, row: Row): void {
  const inserts = lastOf(tx);
  const rows = (inserts.get(insert) as AppendedRows<Row> | undefined) ?? new AppendedRows(insert);
  inserts.set(insert, rows);
  rows.add(row);
}
