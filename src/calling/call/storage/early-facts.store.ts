import { sql } from 'kysely';
import type { Fact } from '#calling/call/call.js';
import type { Contact } from '#dialog360/fact.js';
import { batchOf, runAhead } from '#store/batch/batch.js';
import { KnownValues } from '#store/batch/known-values.js';
import { Prepared } from '#store/prepared.js';
import type { Tx } from '#store/store.js';
import type { TimelineEntry } from './timeline.store.js';

/** What one webhook says of a call that is not known yet: it names no user, or does not say that there is a call. */
export interface EarlyFacts {
  facts: Fact[];
  contact: Contact | null;
  /** When Meta says that it happened, in ms since 1970. */
  at: number;
  cause: TimelineEntry;
}

/** Facts by wacid that came before the call is known. They begin the call, or join it, with the first webhook that names its user. */
export class EarlyFactsStore {
  readonly #keep = new Prepared((db: Tx, { phoneNumberId, wacid, at, data }: EarlyRow) =>
    db.insertInto('early_facts').values({ phone_number_id: phoneNumberId, wacid, at, data }),
  );
  readonly #of = new Prepared((db: Tx, { phoneNumberId, wacid }: Pick<EarlyRow, 'phoneNumberId' | 'wacid'>) =>
    db.selectFrom('early_facts').select('data').where('wacid', '=', wacid).where('phone_number_id', '=', phoneNumberId).orderBy('id'),
  );

  readonly #readAhead = new Prepared((db: Tx, { wacids }: { wacids: string[] }) =>
    db.selectFrom('early_facts').select('wacid').where('wacid', '=', sql<string>`any(${wacids})`),
  );

  async keep(tx: Tx, phoneNumberId: string, wacid: string, early: EarlyFacts): Promise<void> {
    await this.#keep.run(tx, { phoneNumberId, wacid, at: early.cause.at, data: JSON.stringify(early) });
  }

  /** Reads at once which of these calls have early facts. Does nothing outside of a batch. */
  async readAhead(tx: Tx, wacids: readonly string[]): Promise<void> {
    const held = this.#held(tx);
    if (!held || wacids.length === 0) return;
    const found = await runAhead(tx, this.#readAhead.compiled(tx, { wacids: [...wacids] }));
    const having = new Set(found.map(({ wacid }) => wacid));
    for (const wacid of wacids) held.set(wacid, having.has(wacid));
  }

  /** The facts of a call in the order of receipt; they are deleted here, since the call keeps them from now on. */
  async take(tx: Tx, phoneNumberId: string, wacid: string): Promise<EarlyFacts[]> {
    if (this.#held(tx)?.get(wacid) === false) return [];
    const { rows } = await this.#of.run(tx, { phoneNumberId, wacid });
    if (rows.length) {
      await tx.deleteFrom('early_facts').where('wacid', '=', wacid).where('phone_number_id', '=', phoneNumberId).execute();
    }
    return rows.map(({ data }) => JSON.parse(data) as EarlyFacts);
  }

  /** Deletes up to `limit` rows that were received before then. */
  async purge(tx: Tx, before: number, limit: number): Promise<{ numDeletedRows: bigint }> {
    const old = tx.selectFrom('early_facts').select('id').where('at', '<', before).limit(limit);
    return tx.deleteFrom('early_facts').where('id', 'in', old).executeTakeFirst();
  }

  /** Which calls have early facts, as far as the batch has asked. */
  #held(tx: Tx): KnownValues<boolean> | undefined {
    return batchOf(tx)?.held(this, () => new KnownValues());
  }
}

interface EarlyRow {
  phoneNumberId: string;
  wacid: string;
  at: number;
  data: string;
}
