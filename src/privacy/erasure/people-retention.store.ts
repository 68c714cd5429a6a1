import { Injectable } from '@nestjs/common';
import type { PermissionReading } from '#dialog360/permission-reading.js';
import type { Reader } from '#store/store.js';

/** Batch size: people that one transaction forgets at most. */
const PAGE = 200;

/** A person of whom nothing has come for a long time. */
export interface Forgotten {
  id: string;
  /** Null while the person belongs to no number. */
  phoneNumberId: string | null;
}

/** The SQL that finds people whose retention is over: it sees calls, messages and permissions together. */
@Injectable()
export class PeopleRetentionStore {
  /**
   * One page of people after `afterId`: known, called, written and answered before `before`, without those whose permission stands
   * since. `next` is null at the end.
   */
  async page(reader: Reader, before: number, afterId: string): Promise<{ due: Forgotten[]; next: string | null }> {
    const rows = await idle(reader, before).where('people.id', '>', afterId).orderBy('people.id').limit(PAGE).execute();
    const due = rows.filter(({ data }) => !stands(data, before)).map(({ id, phone_number_id }) => ({ id, phoneNumberId: phone_number_id }));
    return { due, next: rows.length < PAGE ? null : (rows.at(-1)?.id ?? null) };
  }

  /** Whether the retention of a person is over. */
  async isDue(reader: Reader, before: number, id: string): Promise<boolean> {
    const row = await idle(reader, before).where('people.id', '=', id).executeTakeFirst();
    return row !== undefined && !stands(row.data, before);
  }

  /** Events that happened before; the outbox keeps the newest one for its cursor. */
  oldEvents(reader: Reader, before: number): Promise<{ id: number }[]> {
    return reader.selectFrom('events').select('id').where('occurred_at', '<', before).limit(PAGE).execute();
  }

  /** The addresses of a person as digests of conversations know them: phone numbers and BSUIDs. */
  async addressesOf(reader: Reader, personId: string): Promise<string[]> {
    const rows = await reader.selectFrom('addresses').select('address').where('person_id', '=', personId).execute();
    return rows.map(({ address }) => address.slice(address.lastIndexOf(':') + 1));
  }
}

/** Whether a reading of the permission says that it has stood at some moment since. */
function stands(data: string | null, since: number): boolean {
  if (data === null) return false;
  const { status, expiresAt } = JSON.parse(data) as PermissionReading;
  return status === 'permanent' || (status === 'temporary' && (expiresAt === null || expiresAt >= since));
}

/** People of whom nothing has come since, with the last reading of their permission. */
const idle = (reader: Reader, before: number) =>
  reader
    .selectFrom('people')
    .leftJoin('permission_readings as readings', 'readings.person_id', 'people.id')
    .select(['people.id', 'people.phone_number_id', 'readings.data'])
    .where('people.created_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('windows')
            .select('windows.person_id')
            .whereRef('windows.person_id', '=', 'people.id')
            .where('last_inbound_at', '>=', before),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('permission_facts as facts')
            .select('facts.id')
            .whereRef('facts.person_id', '=', 'people.id')
            .where('facts.at', '>=', before),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('calls')
            .select('calls.id')
            .whereRef('calls.person_id', '=', 'people.id')
            .where(({ or, eb }) => or([eb('live', '=', 1), eb('created_at', '>=', before), eb('ended_at', '>=', before)])),
        ),
      ),
    );
