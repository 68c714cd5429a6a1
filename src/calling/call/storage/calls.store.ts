import { Injectable } from '@nestjs/common';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { type Call, type ControlState, RESPONSES } from '#calling/call/call.js';
import { type DerivedState, wakeAt } from '#calling/call/derive.js';
import { type NumberReach, reaches } from '#identity/numbers/number-reach.js';
import type { PersonKey } from '#identity/person.js';
import { camelCase, snakeCase } from '#kernel/case.js';
import { batchOf, runAhead } from '#store/batch/batch.js';
import { newestOfNumbers, severalOf } from '#store/lists/newest-of-numbers.js';
import { Prepared, pick } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';
import { type CallKeys, type CallRow, CallsBatch } from './calls-batch.store.js';
import { EarlyFactsStore } from './early-facts.store.js';

/** The filter of the call log: calls of these numbers alone. Times are in ms since 1970. */
export interface CallFilter extends NumberReach {
  state?: string;
  direction?: Call['direction'];
  outcome?: string;
  /** One of these; each belongs to a number of its own. */
  personIds?: readonly string[];
  since?: number;
  until?: number;
}

/** The cursor of the call log: the last call of a page. */
export type CallCursor = Pick<Call, 'createdAt' | 'id'>;

/** A call that the watchdog has to look at. */
export type DueCall = Pick<Call, 'id' | 'phoneNumberId'>;

/** What never changes, and what does. */
const FIXED = ['id', 'phone_number_id', 'input', 'reference', 'connected_by'] as const;
const KNOWN = ['person_id', 'wacid', 'direction', 'knowledge', 'sequence', 'created_at', 'callback_data'] as const;
const CHANGING = [...KNOWN, 'state', 'outcome', 'live', 'deadline_at', 'ended_at'] as const;
const COLUMNS = [...FIXED, ...KNOWN] as const;

/** Calls of one number, or of all but some. */
export type OfNumbers = { only: string } | { except: readonly string[] };

@Injectable()
export class CallsStore {
  readonly early = new EarlyFactsStore();
  readonly #insert = new Prepared((db: Tx, row: CallRow) => db.insertInto('calls').values(pick(row, [...FIXED, ...CHANGING])));
  readonly #save = new Prepared((db: Tx, row: CallRow) => db.updateTable('calls').set(pick(row, CHANGING)).where('id', '=', row.id));
  readonly #byId = new Prepared((db, { id }: { id: string }) => db.selectFrom('calls').select(COLUMNS).where('id', '=', id));
  readonly #byWacid = new Prepared((db, { wacid }: { wacid: string }) => db.selectFrom('calls').select(COLUMNS).where('wacid', '=', wacid));
  readonly #liveWith = new Prepared((db, { personId, phoneNumberId }: { personId: string; phoneNumberId: string }) =>
    db
      .selectFrom('calls')
      .select(COLUMNS)
      .where('person_id', '=', personId)
      .where('phone_number_id', '=', phoneNumberId)
      .where('live', '=', 1)
      .orderBy('created_at'),
  );

  readonly #namedAhead = new Prepared((db: Tx, { ids }: { ids: string[] }) =>
    db
      .selectFrom('calls')
      .select([...COLUMNS, 'live'])
      .where(({ or, eb }) => or([eb('id', '=', sql<string>`any(${ids})`), eb('wacid', '=', sql<string>`any(${ids})`)])),
  );
  readonly #liveAhead = new Prepared((db: Tx, { people, numbers }: { people: string[]; numbers: string[] }) =>
    db
      .selectFrom('calls')
      .select([...COLUMNS, 'live'])
      .where('person_id', '=', sql<string>`any(${people})`)
      .where('live', '=', sql.lit(1))
      .where('phone_number_id', '=', sql<string>`any(${numbers})`),
  );

  async insert(tx: Tx, call: Call, derived: DerivedState): Promise<void> {
    const row = toRow(call, derived);
    const held = this.#held(tx);
    if (held) held.put(call, row);
    else await this.#insert.run(tx, row);
  }

  async save(tx: Tx, call: Call, derived: DerivedState): Promise<void> {
    const row = toRow(call, derived);
    const held = this.#held(tx);
    if (held) held.put(call, row);
    else await this.#save.run(tx, row);
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.deleteFrom('calls').where('id', '=', id).execute();
  }

  /** By the gateway's own id or by wacid. One of a number out of reach costs what one costs that does not exist: no more than the look for it. */
  async byId(reader: Reader, id: string, by: NumberReach): Promise<Call | undefined> {
    const known = this.#held(reader)?.find(id);
    if (known !== undefined) return known && reaches(by, known.phoneNumberId) ? known : undefined;
    const row = id.startsWith('call_') ? await this.#byId.first(reader, { id }) : await this.#byWacid.first(reader, { wacid: id });
    return row && reaches(by, row.phone_number_id) ? toCall(row) : undefined;
  }

  /** Calls of every number by the gateway's own ids, in no order; at most 200. */
  async byIds(reader: Reader, ids: readonly string[]): Promise<Call[]> {
    return (await reader.selectFrom('calls').select(COLUMNS).where('id', 'in', ids).execute()).map(toCall);
  }

  /** SQL of Postgres for the call with this id as one JSON value, for `fromJson`. */
  asJson(id: RawBuilder<string>): RawBuilder<unknown> {
    return sql`(select to_json(one) from (select ${sql.join(COLUMNS.map((name) => sql.ref(name)))} from calls where calls.id = ${id}) as one)`;
  }

  fromJson(row: unknown): Call {
    return toCall(row as Parameters<typeof toCall>[0]);
  }

  /** The call with a person that has not ended, waiting ones included; there is one at most. */
  async liveWith(reader: Reader, phoneNumberId: string, personId: string): Promise<Call[]> {
    const held = this.#held(reader);
    if (held && batchOf(reader)?.isNew(personId)) held.learn({ ids: [], people: [{ phoneNumberId, personId }] }, []);
    const known = held?.liveWith(phoneNumberId, personId);
    if (known) return known;
    const { rows } = await this.#liveWith.run(reader, { personId, phoneNumberId });
    return rows.map(toCall);
  }

  /** Those of a number that have not ended; at most 500. */
  async liveOf(reader: Reader, phoneNumberId: string): Promise<Call[]> {
    const live = reader.selectFrom('calls').select(COLUMNS).where('live', '=', sql.lit(1)).where('phone_number_id', '=', phoneNumberId);
    return (await live.orderBy('created_at').limit(500).execute()).map(toCall);
  }

  /** Reads at once what a batch will look up. Does nothing outside of one. */
  async readAhead(tx: Tx, keys: CallKeys): Promise<void> {
    const held = this.#held(tx);
    if (!held || keys.ids.length + keys.people.length === 0) return;
    const people = keys.people.map(({ personId }) => personId);
    const numbers = keys.people.map(({ phoneNumberId }) => phoneNumberId);
    const [named, live] = await Promise.all([
      keys.ids.length > 0 ? runAhead(tx, this.#namedAhead.compiled(tx, { ids: [...keys.ids] })) : [],
      people.length > 0 ? runAhead(tx, this.#liveAhead.compiled(tx, { people, numbers })) : [],
      this.early.readAhead(tx, keys.ids),
    ]);
    held.learn(
      keys,
      [...named, ...live].map(({ live: isLive, ...row }) => ({ call: toCall(row), live: isLive === 1 })),
    );
  }

  /** The newest call with each of these people, in no order; at most 200. */
  async lastWith(reader: Reader, personIds: readonly string[]): Promise<Call[]> {
    if (personIds.length === 0) return [];
    // Both engines call the column so.
    const wanted = sql<{ column1: string }>`(values ${sql.join(personIds.map((id) => sql`(cast(${id} as text))`))})`.as('wanted');
    const newest = reader
      .selectFrom(wanted)
      .select(({ selectFrom }) =>
        selectFrom('calls as c')
          .select('c.id')
          .whereRef('c.person_id', '=', 'wanted.column1')
          .orderBy('c.created_at', 'desc')
          .orderBy('c.id', 'desc')
          .limit(1)
          .as('newest'),
      );
    const ids = (await newest.execute()).flatMap((row) => row.newest ?? []);
    return ids.length > 0 ? this.byIds(reader, ids) : [];
  }

  /** Each person of these numbers with a call of this reference once, in the order of their ids. */
  async peopleOfReference(reader: Reader, numbers: readonly string[], reference: string, limit: number): Promise<PersonKey[]> {
    if (numbers.length === 0) return [];
    const found = reader
      .selectFrom('calls')
      .select(['person_id as personId', 'phone_number_id as phoneNumberId'])
      .distinct()
      .where('reference', '=', reference)
      .where('phone_number_id', 'in', [...numbers]);
    return found.orderBy('person_id').limit(limit).execute();
  }

  #held(reader: Reader): CallsBatch | undefined {
    return batchOf(reader)?.held(this, () => new CallsBatch());
  }

  /** The calls that are due for the watchdog, up to `limit` of each number: a number with many of them keeps none of another away. */
  async due(reader: Reader, now: number, limit: number): Promise<DueCall[]> {
    const place = sql<number>`row_number() over (partition by phone_number_id order by deadline_at)`.as('place');
    const due = reader.selectFrom('calls').select(['id', 'phone_number_id as phoneNumberId', 'deadline_at', place]);
    const rows = reader
      .selectFrom(due.where('live', '=', sql.lit(1)).where('deadline_at', '<=', now).as('due'))
      .select(['id', 'phoneNumberId']);
    return rows.where('place', '<=', limit).orderBy('deadline_at').execute();
  }

  /** Dials that were committed before then and have no response, up to `limit` of each number, the oldest first. */
  async unanswered(reader: Reader, before: number, limit: number): Promise<DueCall[]> {
    const place = sql<number>`row_number() over (partition by phone_number_id order by created_at)`.as('place');
    let dials = reader
      .selectFrom('calls')
      .select(['id', 'phone_number_id as phoneNumberId', 'created_at', place])
      .where('live', '=', sql.lit(1))
      .where('state', '=', 'dialing')
      .where('created_at', '<', before);
    for (const kind of RESPONSES) dials = dials.where('knowledge', 'not like', `%"${kind}":{%`);
    const rows = reader.selectFrom(dials.as('dials')).select(['id', 'phoneNumberId']);
    return rows.where('place', '<=', limit).orderBy('created_at').execute();
  }

  /** Newest first, from `after` on; one more row than a page proves that there is a next page. */
  async list(reader: Reader, filter: CallFilter, limit: number, after: CallCursor | null): Promise<Call[]> {
    const page = (of: CallFilter) => {
      const query = newestFirst(matching(reader, of)).limit(limit);
      return after
        ? query.where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '<', tuple(after.createdAt, after.id)))
        : query;
    };
    // The calls of a user are few, and so are those that have not ended; both have an index.
    const several = filter.personIds || isLive(filter) ? null : severalOf(filter.numbers);
    if (!several) return (await page(filter).select(COLUMNS).execute()).map(toCall);
    const of = (id: string) => page({ ...filter, numbers: [id] }).select(['id', 'created_at as at']);
    const ids = await newestOfNumbers(reader, several, limit, of);
    if (ids.length === 0) return [];
    return (
      await newestFirst(reader.selectFrom('calls').where('id', 'in', ids))
        .select(COLUMNS)
        .execute()
    ).map(toCall);
  }

  /** Whether more calls than `limit` match; it reads no further than that. */
  async exceeds(reader: Reader, filter: CallFilter, limit: number): Promise<boolean> {
    const beyond = await matching(reader, filter).select('id').limit(1).offset(limit).execute();
    return beyond.length > 0;
  }

  /** Deletes up to `limit` calls that ended before then, with their timelines. */
  async purge(tx: Tx, endedBefore: number, of: OfNumbers, limit: number): Promise<{ numDeletedRows: bigint }> {
    const ended = tx.selectFrom('calls').select('id').where('live', '=', 0).where('ended_at', '<', endedBefore);
    // A call is created before it ends: the index of the number holds when.
    const ofOne = (id: string) =>
      ended.where('phone_number_id', '=', id).where('direction', 'in', ['inbound', 'outbound']).where('created_at', '<', endedBefore);
    const ofOthers = (ids: readonly string[]) => (ids.length > 0 ? ended.where('phone_number_id', 'not in', [...ids]) : ended);
    const old = await ('only' in of ? ofOne(of.only) : ofOthers(of.except)).limit(limit).execute();
    const ids = old.map(({ id }) => id);
    if (!ids.length) return { numDeletedRows: 0n };
    await tx.deleteFrom('timeline').where('call_id', 'in', ids).execute();
    return tx.deleteFrom('calls').where('id', 'in', ids).executeTakeFirst();
  }

  async absorb(tx: Tx, from: string, into: string): Promise<void> {
    await tx.updateTable('calls').set({ person_id: into }).where('person_id', '=', from).execute();
  }
}

const isLive = ({ state }: Pick<CallFilter, 'state'>): boolean => state !== undefined && state !== 'ended';

/** The calls of the log that match, in no order. */
function matching(reader: Reader, { since, until, personIds, numbers, ...members }: CallFilter) {
  let query = reader.selectFrom('calls').where((where) => where.and(snakeCase(members)));
  if (numbers !== null) query = query.where('phone_number_id', 'in', [...numbers]);
  if (isLive(members)) query = query.where('live', '=', sql.lit(1));
  if (personIds !== undefined) query = query.where('person_id', 'in', [...personIds]);
  if (since !== undefined) query = query.where('created_at', '>=', since);
  if (until !== undefined) query = query.where('created_at', '<', until);
  return query;
}

const newestFirst = (query: ReturnType<typeof matching>) => query.orderBy('created_at', 'desc').orderBy('id', 'desc');

const toRow = (call: Call, derived: DerivedState) => ({
  ...snakeCase(call),
  state: derived.state,
  outcome: derived.outcome,
  live: derived.state === 'ended' ? 0 : 1,
  knowledge: JSON.stringify({ facts: call.facts, hold: call.control, giveUpAfterMs: call.giveUpAfterMs }),
  created_at: derived.createdAt,
  deadline_at: wakeAt(call, derived),
  ended_at: derived.endedAt,
});

function toCall({ knowledge, ...row }: Pick<Selectable<Schema['calls']>, (typeof COLUMNS)[number]>): Call {
  const { hold, ...known } = JSON.parse(knowledge) as Pick<Call, 'facts' | 'giveUpAfterMs'> & { hold: ControlState };
  return { ...camelCase(row), ...known, control: hold };
}
