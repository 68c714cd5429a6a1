import { type Kysely, sql } from 'kysely';
import { isKeyId } from '#kernel/sealed.js';
import type { Schema } from '#store/schema.js';
import { keyIdIn, sealedColumnsIn } from '#store/sealed/key-check.js';
import type { AnySealedColumn } from '#store/sealed/sealed-columns.js';
import { beginSealing, isSealing } from '#store/sealed/sealing-state.js';
import type { Store, Tx } from '#store/store.js';

/** In the place of a key's id. */
const BROKEN = 'broken';

/** One secret of a column by its row. */
export interface KeptValue {
  id: string;
  value: string;
}

/** The SQL of every sealed column alike: tables and columns come from `SEALED_COLUMNS`. */
export class SealedValuesStore {
  readonly #db: Kysely<Schema>;

  constructor(private readonly store: Store) {
    // Columns by name: this goes around the types of the store.
    this.#db = store.read as unknown as Kysely<Schema>;
  }

  columns(): Promise<AnySealedColumn[]> {
    return sealedColumnsIn(this.#db);
  }

  isSealing(): Promise<boolean> {
    return isSealing(this.store.read);
  }

  beginSealing(): Promise<void> {
    return this.store.write(beginSealing);
  }

  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.store.write(work);
  }

  /** How many values of a column are sealed, by the id of their key; `broken` for what is no sealed value. */
  async countSealed({ table, column }: AnySealedColumn): Promise<Map<string, number>> {
    const { rows } = await sql<{ key: string; n: number }>`select ${keyIdIn(column)} as key, count(*) as n from ${sql.table(table)}
      where ${sql.ref(column)} is not null group by 1 order by 1`.execute(this.#db);
    const counts = new Map<string, number>();
    for (const { key, n } of rows) {
      const name = isKeyId(key) ? key : BROKEN;
      counts.set(name, (counts.get(name) ?? 0) + Number(n));
    }
    return counts;
  }

  /** How many secrets of a column stand in plain text beside it. */
  async countPlain({ table, plain }: AnySealedColumn): Promise<number> {
    if (!plain) return 0;
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}
      where ${sql.ref(plain.column)} <> ''`.execute(this.#db);
    return Number(rows[0]?.n);
  }

  /** The next values that another key than this one has sealed, by their rows. */
  async readOfOtherKeys({ table, column, id }: AnySealedColumn, keyId: string, after: string, limit: number): Promise<KeptValue[]> {
    const { rows } = await sql<KeptValue>`select ${sql.ref(id)} as id, ${sql.ref(column)} as value from ${sql.table(table)}
      where ${keyIdIn(column)} <> ${keyId} and ${sql.ref(id)} > ${after} order by ${sql.ref(id)} limit ${limit}`.execute(this.#db);
    return rows;
  }

  /** The next secrets in plain text, by their rows. */
  async readPlain({ table, plain, id }: AnySealedColumn, after: string, limit: number): Promise<KeptValue[]> {
    if (!plain) return [];
    const { rows } = await sql<KeptValue>`select ${sql.ref(id)} as id, ${sql.ref(plain.column)} as value from ${sql.table(table)}
      where ${sql.ref(plain.column)} <> '' and ${sql.ref(id)} > ${after} order by ${sql.ref(id)} limit ${limit}`.execute(this.#db);
    return rows;
  }

  /** Deletes what a key has sealed. @returns how many */
  async discard(tx: Tx, { table, column }: AnySealedColumn, keyId: string): Promise<number> {
    const done = await sql`update ${sql.table(table)} set ${sql.ref(column)} = null where ${keyIdIn(column)} = ${keyId}`.execute(tx);
    return Number(done.numAffectedRows ?? 0n);
  }

  /** Replaces a sealed value that is still what it was. @returns whether it was */
  async replace(tx: Tx, { table, column, id }: AnySealedColumn, was: KeptValue, sealed: string): Promise<boolean> {
    const done = await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sealed}
      where ${sql.ref(id)} = ${was.id} and ${sql.ref(column)} = ${was.value}`.execute(tx);
    return (done.numAffectedRows ?? 0n) > 0n;
  }

  /** Puts the sealed value in the place of one in plain text that is still what it was. @returns whether it was */
  async replacePlain(tx: Tx, { table, column, id, plain }: AnySealedColumn, was: KeptValue, sealed: string): Promise<boolean> {
    if (!plain) return false;
    const done = await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sealed}, ${sql.ref(plain.column)} = ${plain.emptied}
      where ${sql.ref(id)} = ${was.id} and ${sql.ref(plain.column)} = ${was.value}`.execute(tx);
    return (done.numAffectedRows ?? 0n) > 0n;
  }
}
