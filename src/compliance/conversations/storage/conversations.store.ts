import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { TemplateBucket } from '#compliance/conversations/template-count.js';
import type { CountedDay } from '#compliance/conversations/webhook-count.js';
import { batchOf, runAhead } from '#store/batch/batch.js';
import { Prepared } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';
import { ConversationsBatch, type Digest } from './conversations-batch.store.js';

/** A counter of the buckets. */
export type Counter = Exclude<keyof Schema['conversation_buckets'], 'phone_number_id' | 'at'>;

export type Bucket = Omit<CountedDay, 'date'> & { at: number };

const NONE: Readonly<Record<Counter, 0>> = {
  business_initiated: 0,
  user_initiated: 0,
  unknown_origin: 0,
  loose_business: 0,
  loose_other: 0,
  template_users: 0,
  new_template_users: 0,
};

@Injectable()
export class ConversationsStore {
  readonly #readAhead = new Prepared((db: Tx, { phoneNumberId, keys }: { phoneNumberId: string; keys: string[] }) =>
    db
      .selectFrom('conversation_digests')
      .select(['phone_number_id', 'key', 'kind', 'at'])
      .where('phone_number_id', '=', phoneNumberId)
      .where('key', '=', sql<string>`any(${keys})`),
  );

  async digest(tx: Tx, phoneNumberId: string, key: string): Promise<Digest | null> {
    const known = this.#held(tx)?.digest(phoneNumberId, key);
    if (known !== undefined) return known;
    const row = await tx
      .selectFrom('conversation_digests')
      .select(['kind', 'at'])
      .where('phone_number_id', '=', phoneNumberId)
      .where('key', '=', key)
      .executeTakeFirst();
    return row ?? null;
  }

  /** Reads at once the digests that a batch will look up. Does nothing outside of one. */
  async readAhead(tx: Tx, phoneNumberId: string, keys: readonly string[]): Promise<void> {
    const held = this.#held(tx);
    if (!held || keys.length === 0) return;
    held.learn(phoneNumberId, keys, await runAhead(tx, this.#readAhead.compiled(tx, { phoneNumberId, keys: [...keys] })));
  }

  async remember(tx: Tx, phoneNumberId: string, key: string, { kind, at }: Digest): Promise<void> {
    const held = this.#held(tx);
    if (held) return held.remember(phoneNumberId, key, { kind, at });
    await tx
      .insertInto('conversation_digests')
      .values({ phone_number_id: phoneNumberId, key, kind, at })
      .onConflict((conflict) => conflict.columns(['phone_number_id', 'key']).doUpdateSet({ kind, at }))
      .execute();
  }

  async add(tx: Tx, phoneNumberId: string, at: number, counter: Counter, by: 1 | -1): Promise<void> {
    const row = { phone_number_id: phoneNumberId, at, ...NONE, [counter]: by };
    const held = this.#held(tx);
    if (held) return held.add(row);
    await tx
      .insertInto('conversation_buckets')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['phone_number_id', 'at']).doUpdateSet((eb) => ({ [counter]: eb(`conversation_buckets.${counter}`, '+', by) })),
      )
      .execute();
  }

  /** The buckets of a span, oldest first; those without anything are left out. */
  async buckets(reader: Reader, phoneNumberId: string, from: number, until: number): Promise<Bucket[]> {
    const rows = await reader
      .selectFrom('conversation_buckets')
      .selectAll()
      .where('phone_number_id', '=', phoneNumberId)
      .where('at', '>=', from)
      .where('at', '<', until)
      .orderBy('at')
      .execute();
    return rows.map((row) => ({
      at: row.at,
      businessInitiated: row.business_initiated,
      total: row.business_initiated + row.user_initiated + row.unknown_origin,
      looseBusiness: row.loose_business,
      looseTotal: row.loose_business + row.loose_other,
    }));
  }

  /** The users of templates of a span, oldest first; buckets without any are left out. */
  async templateUsers(reader: Reader, phoneNumberId: string, since: number): Promise<TemplateBucket[]> {
    const rows = await reader
      .selectFrom('conversation_buckets')
      .select(['at', 'template_users', 'new_template_users'])
      .where('phone_number_id', '=', phoneNumberId)
      .where('at', '>=', since)
      .where(({ or, eb }) => or([eb('template_users', '<>', 0), eb('new_template_users', '<>', 0)]))
      .orderBy('at')
      .execute();
    return rows.map(({ at, template_users: last, new_template_users: fresh }) => ({ at, last, fresh }));
  }

  /** How many users got a template since then from any of the numbers; one who got several counts once. */
  async distinctTemplateUsers(reader: Reader, phoneNumberIds: readonly string[], since: number): Promise<number> {
    const { users } = await reader
      .selectFrom('conversation_digests')
      .select(({ fn }) => fn.count<number>('key').distinct().as('users'))
      .where('kind', '=', sql.lit('template'))
      .where('phone_number_id', 'in', [...phoneNumberIds])
      .where('at', '>=', since)
      .executeTakeFirstOrThrow();
    return Number(users);
  }

  /** Up to `most` digests of before then. */
  purgeDigests(tx: Tx, before: number, most: number): Promise<{ numDeletedRows: bigint }> {
    const old = tx.selectFrom('conversation_digests').select(['phone_number_id', 'key']).where('at', '<', before).limit(most);
    return tx
      .deleteFrom('conversation_digests')
      .where(({ eb, refTuple }) => eb(refTuple('phone_number_id', 'key'), 'in', old.$asTuple('phone_number_id', 'key')))
      .executeTakeFirst();
  }

  /** Up to `most` buckets of before then. */
  purgeBuckets(tx: Tx, before: number, most: number): Promise<{ numDeletedRows: bigint }> {
    const old = tx.selectFrom('conversation_buckets').select(['phone_number_id', 'at']).where('at', '<', before).limit(most);
    return tx
      .deleteFrom('conversation_buckets')
      .where(({ eb, refTuple }) => eb(refTuple('phone_number_id', 'at'), 'in', old.$asTuple('phone_number_id', 'at')))
      .executeTakeFirst();
  }

  #held(tx: Tx): ConversationsBatch | undefined {
    return batchOf(tx)?.held(this, () => new ConversationsBatch());
  }
}
