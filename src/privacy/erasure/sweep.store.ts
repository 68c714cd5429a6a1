import { Injectable } from '@nestjs/common';
import { isMetaEvent } from '#events/event.js';
import { parseJson } from '#kernel/read.js';
import { type ReceivedDelivery, readable, received, type Sought } from '#privacy/person/sought.js';
import type { Traces } from '#privacy/person/traces.js';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';

/** Batch size: rows that are searched before the event loop gets a turn. */
const PAGE = 100;
/** On Postgres a transaction may commit after others with higher ids; none lags by more. */
const STRAGGLERS = 5_000;

/** The cursors of a sweep. */
export type Swept = Record<'deliveries' | 'events', number>;

export type EventOffset = Record<'xid' | 'id', number>;

/** Names a kept answer. */
export type AnswerId = Pick<Schema['idempotency'], 'api_key_id' | 'key'>;

/** The SQL of erasure where a person stands inside of texts: deliveries as received, events, kept answers. */
@Injectable()
export class SweepStore {
  constructor(private readonly store: Store) {}

  /** The newest rows by now: the next sweep searches later ones only. */
  async newest(reader: Reader): Promise<Swept> {
    const last = async (table: 'deliveries' | 'events'): Promise<number> =>
      (await reader.selectFrom(table).select('id').orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ?? 0;
    const back = this.store.engine === 'postgres' ? STRAGGLERS : 0;
    return { deliveries: Math.max(0, (await last('deliveries')) - back), events: Math.max(0, (await last('events')) - back) };
  }

  /** Whether a delivery that is not processed yet names the person to this number. */
  async isAwaited(reader: Reader, sought: Sought): Promise<boolean> {
    const rows = await reader.selectFrom('deliveries').select(RECEIVED).where('state', '=', 'new').limit(1_000).execute();
    return rows.map(received).some((one) => sought.traces.isIn(one.text) && !isForOthersAlone(one, sought));
  }

  /** One page of deliveries after `after`: those that name the person, and where to go on; null at the end. */
  async deliveries(reader: Reader, sought: Sought, after: number): Promise<{ found: number[]; next: number | null }> {
    const rows = await reader
      .selectFrom('deliveries')
      .select(['id', ...RECEIVED])
      .where('id', '>', after)
      .where('state', '!=', 'new')
      .orderBy('id')
      .limit(PAGE)
      .execute();
    const found = rows.filter((row) => isChanged(received(row), sought)).map(({ id }) => id);
    return { found, next: rows.length < PAGE ? null : (rows.at(-1)?.id ?? null) };
  }

  /** Deletes facts of calls of the number that are not known yet and that name the person. */
  async deleteEarlyFacts(tx: Tx, { traces, bounds }: Sought): Promise<void> {
    const rows = await tx.selectFrom('early_facts').select(['id', 'phone_number_id', 'wacid', 'data']).execute();
    const own = rows.filter((row) => !bounds.isOther(row.phone_number_id));
    const ids = own.filter(({ wacid, data }) => traces.isIn(wacid) || traces.isIn(data)).map(({ id }) => id);
    for (const id of ids) await tx.deleteFrom('early_facts').where('id', '=', id).execute();
  }

  /**
   * Takes the person out of a delivery; what else it held stays, and is still forwarded. Another erasure may take its own number's part out of
   * the same delivery: the later one reads what the first has left.
   */
  async redactDelivery(tx: Tx, sought: Sought, id: number): Promise<void> {
    const found = tx.selectFrom('deliveries').select(RECEIVED).where('id', '=', id);
    const row = await (this.store.engine === 'postgres' ? found.forUpdate() : found).executeTakeFirst();
    if (!row) return;
    const kept = withoutPerson(received(row), sought);
    const body = kept === undefined ? undefined : Buffer.from(kept);
    if (body) await tx.updateTable('deliveries').set({ body }).where('id', '=', id).execute();
    else await tx.deleteFrom('deliveries').where('id', '=', id).execute();
  }

  /** One page of events after `after`: those that name the person or a call with them, of this number or of none. */
  async events(
    reader: Reader,
    { traces, bounds }: Sought,
    after: number,
    personSubject: string | null,
  ): Promise<{ found: EventOffset[]; next: number | null }> {
    const rows = await reader
      .selectFrom('events')
      .select(['id', 'xid', 'subject', 'phone_number_id', 'data'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    const found = rows
      .filter(({ phone_number_id }) => !bounds.isOther(phone_number_id))
      .filter(({ subject, data }) => subject === personSubject || traces.isIn(subject) || traces.isIn(data))
      .map(({ xid, id }) => ({ xid, id }));
    return { found, next: rows.length < PAGE ? null : (rows.at(-1)?.id ?? null) };
  }

  /** The event keeps its cursor, so that no stream and no subscription meets a gap. */
  async redactEvent(tx: Tx, traces: Traces, id: number): Promise<void> {
    const row = await tx.selectFrom('events').select(['type', 'data']).where('id', '=', id).executeTakeFirst();
    if (!row) return;
    // An element as Meta wrote it may hold anything about its user, under any name.
    const data = isMetaEvent(row.type) ? 'null' : JSON.stringify(traces.anonymous(parseJson(row.data)));
    await tx.updateTable('events').set({ data }).where('id', '=', id).execute();
  }

  /** One page of answers kept for a repeated `Idempotency-Key`: those that name the person or a call with them. */
  async answers(
    reader: Reader,
    { traces, bounds }: Sought,
    after: AnswerId | null,
    since = 0,
  ): Promise<{ found: AnswerId[]; next: AnswerId | null }> {
    let query = reader
      .selectFrom('idempotency')
      .leftJoin('calls', 'calls.id', 'idempotency.call_id')
      .select(['api_key_id', 'key', 'call_id', 'body', 'calls.phone_number_id'])
      .where('idempotency.created_at', '>=', since);
    if (after) query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('api_key_id', 'key'), '>', tuple(after.api_key_id, after.key)));
    const rows = await query.orderBy('api_key_id').orderBy('key').limit(PAGE).execute();
    const found = rows
      .filter(({ key, call_id, body }) => [key, call_id ?? '', body ?? ''].some((text) => traces.isIn(text)))
      .filter(({ phone_number_id, body }) => !bounds.isOther(phone_number_id) && !bounds.isAnswerOfOther(body));
    return { found, next: rows.length < PAGE ? null : (rows.at(-1) ?? null) };
  }

  /**
   * The row stays with neither answer nor fingerprint, so that the key is still taken and the call is not repeated; a key that
   * itself names the person goes.
   */
  async redactAnswer(tx: Tx, traces: Traces, { api_key_id, key }: AnswerId): Promise<void> {
    if (traces.isIn(key)) {
      await tx.deleteFrom('idempotency').where('api_key_id', '=', api_key_id).where('key', '=', key).execute();
      return;
    }
    await tx
      .updateTable('idempotency')
      .set({ fingerprint: 'erased', status: 410, body: 'null', call_id: null })
      .where('api_key_id', '=', api_key_id)
      .where('key', '=', key)
      .execute();
  }
}

const RECEIVED = ['body', 'phone_number_id'] as const;

/** JSON without the person, or `undefined` when nothing of it can stay. */
function withoutPerson({ text, broughtBy }: ReceivedDelivery, { traces, bounds }: Sought): string | undefined {
  const value = readable(text);
  if (value === undefined) return undefined;
  const kept = traces.without(value, bounds.othersIn(value, broughtBy));
  return kept === undefined ? undefined : JSON.stringify(kept);
}

function isChanged({ text, broughtBy }: ReceivedDelivery, { traces, bounds }: Sought): boolean {
  const value = readable(text);
  if (value === undefined) return traces.isIn(text) && !bounds.isTextOfOther(text, broughtBy);
  return traces.without(value, bounds.othersIn(value, broughtBy)) !== value;
}

/** Whether a text that names the person does so in what is about other numbers, and nowhere else. */
function isForOthersAlone(received: ReceivedDelivery, sought: Sought): boolean {
  const { text, broughtBy } = received;
  const value = readable(text);
  if (value === undefined) return sought.bounds.isTextOfOther(text, broughtBy);
  return sought.bounds.othersIn(value, broughtBy).size > 0 && !isChanged(received, sought);
}
