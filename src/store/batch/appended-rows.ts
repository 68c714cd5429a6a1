import type { RawBuilder } from 'kysely';
import type { Held } from './batch.js';
import { type ColumnTypes, insertAll } from './unnested.js';

/** Rows that a batch only adds, in the order in which they were added. Nothing reads them within the batch. */
export class AppendedRows<Row extends object> implements Held {
  #rows: Row[] = [];

  constructor(
    private readonly table: string,
    private readonly types: ColumnTypes<Row>,
  ) {}

  add(...rows: readonly Row[]): void {
    this.#rows.push(...rows);
  }

  takeWrites(): RawBuilder<unknown>[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows.length ? [insertAll(this.table, this.types, rows)] : [];
  }

  forget(): void {}
}
