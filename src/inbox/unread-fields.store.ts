import { Injectable } from '@nestjs/common';
import { COUNT } from '#store/order.js';
import type { Reader, Tx } from '#store/store.js';
import type { UnreadField } from './unread-fields.js';

const MOST_FIELDS = 50;
const MOST_CHARACTERS = 64;
const BEYOND = 'other';

/** Counts elements on fields that the gateway does not read. */
@Injectable()
export class UnreadFieldsStore {
  async count(tx: Tx, phoneNumberId: string, name: string, at: number): Promise<void> {
    const field = name.slice(0, MOST_CHARACTERS);
    if (await this.#add(tx, phoneNumberId, field, at)) return;
    const { n } = await tx.selectFrom('unread_fields').select(COUNT).where('phone_number_id', '=', phoneNumberId).executeTakeFirstOrThrow();
    const kept = Number(n) < MOST_FIELDS ? field : BEYOND;
    if (kept === BEYOND && (await this.#add(tx, phoneNumberId, BEYOND, at))) return;
    const row = { phone_number_id: phoneNumberId, field: kept, elements: 1, first_at: at, last_at: at };
    await tx.insertInto('unread_fields').values(row).execute();
  }

  /** The field that arrived last comes first. */
  async list(reader: Reader, phoneNumberId: string): Promise<UnreadField[]> {
    const rows = await reader
      .selectFrom('unread_fields')
      .select(['field', 'elements', 'first_at', 'last_at'])
      .where('phone_number_id', '=', phoneNumberId)
      .orderBy('last_at', 'desc')
      .orderBy('field')
      .execute();
    return rows.map(({ field, elements, first_at: firstAt, last_at: lastAt }) => ({ field, elements: Number(elements), firstAt, lastAt }));
  }

  /** @returns whether the field is known already */
  async #add(tx: Tx, phoneNumberId: string, field: string, at: number): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('unread_fields')
      .set(({ eb, ref, val }) => ({
        elements: eb('elements', '+', 1),
        last_at: eb.case().when('last_at', '<', at).then(val(at)).else(ref('last_at')).end(),
      }))
      .where('phone_number_id', '=', phoneNumberId)
      .where('field', '=', field)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }
}
