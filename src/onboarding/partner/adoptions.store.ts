import { Injectable } from '@nestjs/common';
import { type CamelCase, camelCase } from '#kernel/case.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';

/** An adoption that has not kept its number yet. */
export type UnfinishedAdoption = CamelCase<Schema['adoptions']>;

/** The attempt that has its turn. */
export interface AdoptionTurn {
  holder: string;
  heldUntil: number;
}

@Injectable()
export class AdoptionsStore {
  async find(reader: Reader, channelId: string): Promise<UnfinishedAdoption | null> {
    const row = await reader.selectFrom('adoptions').selectAll().where('channel_id', '=', channelId).executeTakeFirst();
    return row ? camelCase(row) : null;
  }

  /** The oldest first. */
  async all(reader: Reader): Promise<UnfinishedAdoption[]> {
    const rows = await reader.selectFrom('adoptions').selectAll().orderBy('begun_at').orderBy('channel_id').execute();
    return rows.map((row) => camelCase(row));
  }

  /** Notes, before it is asked for, that a key is being made. What was unknown of an earlier one gives way. */
  async begin(tx: Tx, row: Schema['adoptions']): Promise<void> {
    await tx
      .insertInto('adoptions')
      .values(row)
      .onConflict((conflict) => conflict.column('channel_id').doUpdateSet(row))
      .execute();
  }

  /** Takes the turn of an attempt at a kept key. */
  async take(tx: Tx, channelId: string, { holder, heldUntil }: AdoptionTurn): Promise<void> {
    await tx.updateTable('adoptions').set({ holder, held_until: heldUntil }).where('channel_id', '=', channelId).execute();
  }

  /** Keeps the key that was made; false when another attempt has the turn by now. */
  async keepKey(tx: Tx, channelId: string, { holder, heldUntil }: AdoptionTurn, sealedApiKey: string): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('adoptions')
      .set({ state: 'made', sealed_api_key: sealedApiKey, held_until: heldUntil, fault: null })
      .where('channel_id', '=', channelId)
      .where('holder', '=', holder)
      .executeTakeFirst();
    return Number(numUpdatedRows) > 0;
  }

  /** Ends the turn of an attempt that did not keep the number. */
  async release(tx: Tx, channelId: string, holder: string, fault: string): Promise<void> {
    await tx
      .updateTable('adoptions')
      .set({ held_until: 0, fault })
      .where('channel_id', '=', channelId)
      .where('holder', '=', holder)
      .execute();
  }

  /** The number is kept, or no key was made. */
  async end(tx: Tx, channelId: string, holder: string): Promise<void> {
    await tx.deleteFrom('adoptions').where('channel_id', '=', channelId).where('holder', '=', holder).execute();
  }
}
