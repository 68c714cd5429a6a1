import type { Held } from './batch.js';
import { type RowsStatement, type Write } from './batch-statement.js';

/** Rows that a batch only adds, in the order in which they were added. Nothing reads them within the batch. */
export class AppendedRows<Row extends object> implements Held {
  #rows: Row[] = [];

  constructor(private readonly insert: RowsStatement<Row>) {}

  add(...rows: readonly Row[]): void {
    this.#rows.push(...rows);
  }

  takeWrites(): Write[] {
    const rows = this.#rows;
    this.#rows = [];
    return this.insert.of(rows);
  }

  forget(): void {}
}
