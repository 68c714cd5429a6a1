import { SealBroken, SealingKeyMissing, type SealingKeys } from '#kernel/sealed.js';
import { type AnySealedColumn, placeOf } from '#store/sealed/sealed-columns.js';
import type { Store } from '#store/store.js';
import { type KeptValue, SealedValuesStore } from './sealed-values.store.js';

/** Values per transaction: other writers wait for one such batch at most. */
const BATCH_SIZE = 50;

/** How the values of one column are kept. */
export interface SealedColumnStatus {
  table: string;
  column: string;
  /** How many are sealed, by the id of their key; `broken` counts what is no sealed value. */
  sealed: Record<string, number>;
  /** How many stand in plain text. */
  plain: number;
}

/** A value that no key at hand opens. */
export interface UnopenedValue {
  table: string;
  column: string;
  /** Its row. */
  id: string;
  /** The id of the missing key; null when the value was changed or sealed for another place. */
  missingKey: string | null;
}

/** What a rotation has done. */
export interface RotationResult {
  /** How many values are sealed anew with the first key. */
  resealed: number;
  /** Those that stay as they were. */
  unopened: UnopenedValue[];
}

type OnBatch = (column: string, done: number) => void;

/** Seals what is in plain text, and seals anew with the first key, beside replicas that work. Each batch is complete in itself. */
export class SealedValuesService {
  readonly #values: SealedValuesStore;

  constructor(
    store: Store,
    private readonly keys: SealingKeys,
  ) {
    this.#values = new SealedValuesStore(store);
  }

  /** Whether secrets with a plain column are sealed in this database. */
  isSealing(): Promise<boolean> {
    return this.#values.isSealing();
  }

  /** From now on secrets with a plain column are sealed. Every replica must be of a release that reads them, and have the key. */
  beginSealing(): Promise<void> {
    return this.#values.beginSealing();
  }

  /** Each column with what is sealed in it, by which key, and what is not. */
  async status(): Promise<SealedColumnStatus[]> {
    const columns = await this.#values.columns();
    return Promise.all(
      columns.map(async (one) => ({
        table: one.table,
        column: one.column,
        sealed: Object.fromEntries(await this.#values.countSealed(one)),
        plain: await this.#values.countPlain(one),
      })),
    );
  }

  /** Seals every secret that stands in plain text. @returns how many */
  async sealPlain(onBatch: OnBatch = () => undefined): Promise<number> {
    let sealed = 0;
    for (const column of await this.#values.columns()) {
      const read = (after: string) => this.#values.readPlain(column, after, BATCH_SIZE);
      for await (const batch of inBatches(read)) {
        sealed += await this.#values.write(async (tx) => {
          let done = 0;
          for (const was of batch) {
            const text = this.keys.seal(was.value, placeOf({ ...column, id: was.id }));
            if (await this.#values.replacePlain(tx, column, was, text)) done += 1;
          }
          return done;
        });
        onBatch(`${column.table}.${column.column}`, sealed);
      }
    }
    return sealed;
  }

  /** Seals anew with the first key what another key has sealed. It can be cut off and run again at any time. */
  async rotate(onBatch: OnBatch = () => undefined): Promise<RotationResult> {
    const unopened: UnopenedValue[] = [];
    let resealed = 0;
    for (const column of await this.#values.columns()) {
      const read = (after: string) => this.#values.readOfOtherKeys(column, this.keys.sealingId ?? '', after, BATCH_SIZE);
      for await (const batch of inBatches(read)) {
        const fresh = batch.flatMap((was) => this.#resealed(column, was, unopened));
        resealed += await this.#values.write(async (tx) => {
          let done = 0;
          for (const { was, sealed } of fresh) if (await this.#values.replace(tx, column, was, sealed)) done += 1;
          return done;
        });
        onBatch(`${column.table}.${column.column}`, resealed);
      }
    }
    return { resealed, unopened };
  }

  /** Deletes what a lost key has sealed. @returns how many */
  async discard(keyId: string): Promise<number> {
    const columns = await this.#values.columns();
    return this.#values.write(async (tx) => {
      let discarded = 0;
      for (const column of columns) discarded += await this.#values.discard(tx, column, keyId);
      return discarded;
    });
  }

  #resealed(column: AnySealedColumn, was: KeptValue, unopened: UnopenedValue[]): Array<{ was: KeptValue; sealed: string }> {
    const place = placeOf({ ...column, id: was.id });
    try {
      return [{ was, sealed: this.keys.seal(this.keys.open(was.value, place), place) }];
    } catch (error) {
      if (!(error instanceof SealBroken || error instanceof SealingKeyMissing)) throw error;
      const missingKey = error instanceof SealingKeyMissing ? error.keyId : null;
      unopened.push({ table: column.table, column: column.column, id: was.id, missingKey });
      return [];
    }
  }
}

async function* inBatches(read: (after: string) => Promise<KeptValue[]>): AsyncGenerator<KeptValue[]> {
  for (let after = ''; ; ) {
    const batch = await read(after);
    const last = batch.at(-1);
    if (!last) return;
    yield batch;
    after = last.id;
  }
}
