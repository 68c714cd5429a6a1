import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { templateUserKeys } from '#compliance/conversations/conversation.js';
import type { PersonTable } from '#privacy/person/person-tables.js';
import { readable, received } from '#privacy/person/sought.js';
import type { Subject } from '#privacy/person/subjects.service.js';
import { type Reader, Store } from '#store/store.js';

/** Batch size: rows that are searched before the event loop gets a turn. */
const PAGE = 100;
/** SQLite takes at most 32,766 values in one statement. */
const VALUES_LIMIT = 500;

/** A row as the database has it. */
export type Row = Readonly<Record<string, unknown>>;

/** The SQL of the export: the one store that reads what every module keeps about a person. */
@Injectable()
export class ExportStore {
  /** How the rows about a person are read, for every table that names people. */
  readonly #readers: Readonly<Record<PersonTable, (subject: Subject) => Promise<Row[]>>> = {
    people: ({ person }) => this.#db.selectFrom('people').selectAll().where('id', '=', idOf(person)).execute(),
    addresses: ({ person }) => this.#db.selectFrom('addresses').selectAll().where('person_id', '=', idOf(person)).execute(),
    person_words: ({ person }) => this.#db.selectFrom('person_words').selectAll().where('person_id', '=', idOf(person)).execute(),
    windows: ({ person }) => this.#db.selectFrom('windows').selectAll().where('person_id', '=', idOf(person)).execute(),
    permission_facts: ({ person }) =>
      this.#db.selectFrom('permission_facts').selectAll().where('person_id', '=', idOf(person)).orderBy('id').execute(),
    permission_readings: ({ person }) =>
      this.#db.selectFrom('permission_readings').selectAll().where('person_id', '=', idOf(person)).execute(),
    calls: ({ person }) => this.#db.selectFrom('calls').selectAll().where('person_id', '=', idOf(person)).orderBy('created_at').execute(),
    timeline: (subject) => this.#timeline(subject),
    early_facts: (subject) => this.#earlyFacts(subject),
    deliveries: (subject) => this.#deliveries(subject),
    events: (subject) => this.#events(subject),
    idempotency: (subject) => this.#answers(subject),
    conversation_digests: (subject) => this.#digests(subject),
  };

  constructor(private readonly store: Store) {}

  get #db(): Reader {
    return this.store.read;
  }

  /** Every row about a person, by table. */
  async rowsOf(subject: Subject): Promise<Record<PersonTable, Row[]>> {
    const tables = Object.entries(this.#readers).map(async ([table, read]) => [table, await read(subject)] as const);
    return Object.fromEntries(await Promise.all(tables)) as Record<PersonTable, Row[]>;
  }

  async #timeline({ callIds }: Subject): Promise<Row[]> {
    const rows: Row[] = [];
    for (let from = 0; from < callIds.length; from += VALUES_LIMIT) {
      const page = callIds.slice(from, from + VALUES_LIMIT);
      rows.push(...(await this.#db.selectFrom('timeline').selectAll().where('call_id', 'in', page).orderBy('id').execute()));
    }
    return rows;
  }

  async #earlyFacts({ traces, bounds }: Subject): Promise<Row[]> {
    const rows = await this.#db.selectFrom('early_facts').selectAll().orderBy('id').execute();
    return rows.filter((row) => !bounds.isOther(row.phone_number_id) && (traces.isIn(row.wacid) || traces.isIn(row.data)));
  }

  /** Of each delivery only what is about the person: others may stand in the same one. */
  async #deliveries({ traces, bounds }: Subject): Promise<Row[]> {
    const page = (after: number) =>
      this.#db.selectFrom('deliveries').select(['id', 'received_at', 'phone_number_id', 'body']).where('id', '>', after).orderBy('id');
    return this.#search(page, ({ body, ...row }) => {
      const { text, broughtBy } = received({ body, phone_number_id: row.phone_number_id });
      const value = readable(text);
      if (value === undefined) return traces.isIn(text) && !bounds.isTextOfOther(text, broughtBy) ? { ...row, body: text } : null;
      const about = traces.partAbout(value, bounds.othersIn(value, broughtBy));
      return about === undefined ? null : { ...row, body: JSON.stringify(about) };
    });
  }

  async #events({ person, traces, bounds }: Subject): Promise<Row[]> {
    const own = person ? `permission:${person.id}` : null;
    const page = (after: number) =>
      this.#db
        .selectFrom('events')
        .select(['id', 'type', 'subject', 'phone_number_id', 'occurred_at', 'data'])
        .where('id', '>', after)
        .orderBy('id');
    return this.#search(page, (row) => {
      if (bounds.isOther(row.phone_number_id)) return null;
      return row.subject === own || traces.isIn(row.subject) || traces.isIn(row.data) ? row : null;
    });
  }

  async #answers({ traces, bounds }: Subject): Promise<Row[]> {
    const rows = await this.#db
      .selectFrom('idempotency')
      .leftJoin('calls', 'calls.id', 'idempotency.call_id')
      .select(['key', 'call_id', 'status', 'body', 'idempotency.created_at', 'calls.phone_number_id'])
      .orderBy('idempotency.created_at')
      .execute();
    return rows
      .filter(({ phone_number_id, body }) => !bounds.isOther(phone_number_id) && !bounds.isAnswerOfOther(body))
      .filter(({ key, call_id, body }) => [key, call_id ?? '', body ?? ''].some((text) => traces.isIn(text)));
  }

  async #digests({ bounds, addresses }: Subject): Promise<Row[]> {
    const keys = templateUserKeys(addresses);
    if (bounds.phoneNumberId === null || keys.length === 0) return [];
    const digests = this.#db.selectFrom('conversation_digests').selectAll().where('phone_number_id', '=', bounds.phoneNumberId);
    return digests.where('key', 'in', keys).execute();
  }

  /** Reads a table page by page, in the order of its ids. @param about what of a row is about the person; null for nothing */
  async #search<R extends { id: number }>(
    pageAfter: (id: number) => { limit(rows: number): { execute(): Promise<R[]> } },
    about: (row: R) => Row | null,
  ): Promise<Row[]> {
    const found: Row[] = [];
    for (let after: number | null = 0; after !== null; await turn()) {
      const rows: R[] = await pageAfter(after).limit(PAGE).execute();
      found.push(...rows.map(about).filter((row) => row !== null));
      after = rows.length < PAGE ? null : (rows.at(-1)?.id ?? null);
    }
    return found;
  }
}

/** No person has the empty id. */
const idOf = (person: Subject['person']): string => person?.id ?? '';
