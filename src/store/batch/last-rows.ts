import type { Tx } from '#store/store.js';
import { AppendedRows } from './appended-rows.js';
import { batchOf, together } from './batch.js';
import type { ColumnTypes } from './unnested.js';

const lastRows = new WeakMap<Tx, Map<string, AppendedRows<never>>>();

/**
 * Adds a row that a transaction of Postgres inserts with its last statement, whatever it does until then. An insert into `events` or
 * `deliveries` holds up all later ones until its transaction has ended, so nothing may come between the two.
 */
export function addLast<Row extends object>(tx: Tx, table: string, types: ColumnTypes<Row>, row: Row): void {
  const tables = lastRows.get(tx) ?? new Map<string, AppendedRows<never>>();
  lastRows.set(tx, tables);
  const rows = (tables.get(table) as AppendedRows<Row> | undefined) ?? new AppendedRows(table, types);
  tables.set(table, rows as AppendedRows<never>);
  rows.add(row);
}

/** Ends the writing of a transaction: what its batch holds, and then the last rows, in one statement. */
export async function writeLast(tx: Tx): Promise<void> {
  const last = [...(lastRows.get(tx)?.values() ?? [])].flatMap((rows) => rows.takeWrites());
  const batch = batchOf(tx);
  if (batch) await batch.flush(last);
  else if (last.length > 0) await together([], last).execute(tx);
}
