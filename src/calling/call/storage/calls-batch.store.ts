import type { Selectable } from 'kysely';
import type { Call } from '#calling/call/call.js';
import type { PersonKey } from '#identity/person.js';
import type { Held } from '#store/batch/batch.js';
import { type ColumnTypes, insertAll, replacing, type Write } from '#store/batch/batch-statement.js';
import type { Schema } from '#store/schema.js';

/** A call as it is written. */
export type CallRow = Selectable<Schema['calls']>;

/** What a batch reads of calls at once. */
export interface CallKeys {
  /** Ids of the gateway, and wacids. */
  ids: readonly string[];
  /** The people whose calls with their number that have not ended are read, too. */
  people: readonly PersonKey[];
}

const TYPES: ColumnTypes<CallRow> = {
  id: 'text',
  phone_number_id: 'text',
  person_id: 'text',
  wacid: 'text',
  direction: 'text',
  state: 'text',
  outcome: 'text',
  live: 'integer',
  input: 'text',
  reference: 'text',
  knowledge: 'text',
  sequence: 'integer',
  created_at: 'bigint',
  deadline_at: 'bigint',
  ended_at: 'bigint',
  callback_data: 'text',
  connected_by: 'text',
};

const PUT = insertAll('calls', TYPES, replacing(TYPES, ['id']));

const pairOf = (phoneNumberId: string, personId: string): string => `${phoneNumberId} ${personId}`;

/** The calls that a batch has read and changed. */
export class CallsBatch implements Held {
  readonly #calls = new Map<string, { call: Call; live: boolean }>();
  /** The id of the call for each id and wacid that was looked up; null when there is none. */
  readonly #ids = new Map<string, string | null>();
  /** The pairs of number and person of which every call that has not ended was read. */
  readonly #pairs = new Set<string>();
  #changed = new Map<string, CallRow>();

  /** @returns undefined when it was not read, null when there is none */
  find(id: string): Call | null | undefined {
    const known = this.#ids.get(id);
    return known === undefined || known === null ? known : (this.#calls.get(known)?.call ?? null);
  }

  /** @returns undefined when they were not read */
  liveWith(phoneNumberId: string, personId: string): Call[] | undefined {
    if (!this.#pairs.has(pairOf(phoneNumberId, personId))) return undefined;
    const live = [...this.#calls.values()].filter(({ call, live }) => live && call.personId === personId);
    return live
      .map(({ call }) => call)
      .filter((call) => call.phoneNumberId === phoneNumberId)
      .sort((a, b) => a.createdAt - b.createdAt);
  }

  /** What the database has for these keys. */
  learn({ ids, people }: CallKeys, found: readonly { call: Call; live: boolean }[]): void {
    for (const id of ids) this.#ids.set(id, null);
    for (const { phoneNumberId, personId } of people) this.#pairs.add(pairOf(phoneNumberId, personId));
    for (const one of found) this.#note(one.call, one.live);
  }

  put(call: Call, row: CallRow): void {
    this.#note(call, row.live === 1);
    this.#changed.set(call.id, row);
  }

  #note(call: Call, live: boolean): void {
    this.#calls.set(call.id, { call, live });
    this.#ids.set(call.id, call.id);
    if (call.wacid !== null) this.#ids.set(call.wacid, call.id);
  }

  takeWrites(): Write[] {
    const rows = [...this.#changed.values()];
    this.#changed = new Map();
    return PUT.of(rows);
  }

  forget(): void {
    this.#calls.clear();
    this.#ids.clear();
    this.#pairs.clear();
  }
}
