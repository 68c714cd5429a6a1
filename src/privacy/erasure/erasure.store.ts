import { Injectable } from '@nestjs/common';
import { type Reader, Store, type Tx } from '#store/store.js';
import { anonymousKnowledge } from './anonymous-call.js';
import type { ErasedDto } from './erasure.dto.js';

/** The person id of anonymous calls. */
const ANONYMOUS = 'usr_erased';
/** What Meta, the user and the caller have written into the columns of a call. */
const WORDLESS = { wacid: null, input: null, reference: null, callback_data: null } as const;
/** SQLite takes at most 32,766 values in one statement. */
const VALUES_LIMIT = 500;

/** How many rows named the person in tables that have a column for it. */
export type Erased = Omit<ErasedDto, 'conversation_digests' | 'deliveries' | 'events' | 'answers'>;

/** The SQL of erasure where a column names the person: the one store that knows the tables of several modules. */
@Injectable()
export class ErasureStore {
  constructor(private readonly store: Store) {}

  /** The id of a call with this person that has not ended. */
  async liveCall(reader: Reader, personId: string): Promise<string | null> {
    const row = await reader.selectFrom('calls').select('id').where('person_id', '=', personId).where('live', '=', 1).executeTakeFirst();
    return row?.id ?? null;
  }

  async erase(tx: Tx, personId: string): Promise<Erased> {
    const calls = await tx.selectFrom('calls').select(['id', 'knowledge']).where('person_id', '=', personId).execute();
    let entries = 0;
    for (const { id, knowledge } of calls) {
      entries += count(await tx.deleteFrom('timeline').where('call_id', '=', id).executeTakeFirst());
      await tx
        .updateTable('calls')
        .set({ person_id: ANONYMOUS, knowledge: anonymousKnowledge(JSON.parse(knowledge)), ...WORDLESS })
        .where('id', '=', id)
        .execute();
    }
    const gone = async (table: 'windows' | 'permission_facts' | 'permission_readings' | 'addresses' | 'person_words'): Promise<number> =>
      count(await tx.deleteFrom(table).where('person_id', '=', personId).executeTakeFirst());
    return {
      calls: calls.length,
      timeline_entries: entries,
      windows: await gone('windows'),
      permission_facts: await gone('permission_facts'),
      permission_readings: await gone('permission_readings'),
      addresses: await gone('addresses'),
      person_words: await gone('person_words'),
      people: count(await tx.deleteFrom('people').where('id', '=', personId).executeTakeFirst()),
    };
  }

  /** The counters of the number stay: a user who gets a template again after this counts once more. @returns how many were deleted */
  async deleteDigests(tx: Tx, phoneNumberId: string, keys: readonly string[]): Promise<number> {
    if (!keys.length) return 0;
    const digests = tx.deleteFrom('conversation_digests').where('phone_number_id', '=', phoneNumberId);
    return count(await digests.where('key', 'in', keys).executeTakeFirst());
  }

  /** To which subscriptions these events have been delivered, and how often. */
  async delivered(events: readonly { xid: number; id: number }[]): Promise<{ subscriptions: string[]; deliveries: number }> {
    const subscriptions = new Set<string>();
    let deliveries = 0;
    for (let from = 0; from < events.length; from += VALUES_LIMIT) {
      const ids = events.slice(from, from + VALUES_LIMIT).map(({ id }) => id);
      const rows = await this.store.read
        .selectFrom('dispatches')
        .select(['subscription_id', 'xid', 'event_id'])
        .where('state', '=', 'delivered')
        .where('event_id', 'in', ids)
        .execute();
      deliveries += rows.length;
      for (const row of rows) subscriptions.add(row.subscription_id);
    }
    return { subscriptions: [...subscriptions].sort(), deliveries };
  }

  /** Whether deliveries are forwarded. */
  async isForwarding(): Promise<boolean> {
    return (await this.store.read.selectFrom('forwards').select('name').executeTakeFirst()) !== undefined;
  }
}

const count = ({ numDeletedRows }: { numDeletedRows: bigint }): number => Number(numDeletedRows);
