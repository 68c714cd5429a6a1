import { Injectable } from '@nestjs/common';
import { type ExpressionBuilder, sql } from 'kysely';
import { COUNT } from '#store/order.js';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { type ForwardSource, OF_ENVIRONMENT } from './forward-source.js';
import { type Refusal, RefusedForwardsStore, type ReplayedDelivery } from './refused-forwards.store.js';

/** Of a later offset ids have the order of the offsets; see `store/migrations/003x/0031-forward-per-number.ts`. */
const FIRST_STRETCH = 2 ** 48;

/** The offset of a delivery in the order of the inbox; `xid` is 0 on SQLite. */
export interface ForwardOffset {
  xid: number;
  id: number;
}

/** The offset, and until when nothing is forwarded, in ms since 1970; null when nothing stands in the way. */
export interface ForwardTurn extends ForwardOffset {
  heldUntil: number | null;
}

/** A kept delivery of 360dialog with its offset. */
export interface ForwardedDelivery extends ForwardOffset {
  body: Uint8Array;
  /** How often the target has refused it. */
  refusals: number;
}

/** What waits to be forwarded, and what is set aside. Times are ms since 1970. */
export interface ForwardState {
  /** Deliveries that wait to be forwarded. */
  pending: number;
  /** When the oldest of them was received; null when none waits. */
  oldestReceivedAt: number | null;
  /** Until when the target asks to wait, or when a refused delivery is tried again; null or past when nothing is waited for. */
  heldUntil: number | null;
  /** Deliveries that the target refused for good. */
  setAside: number;
}

/** How long the oldest delivery has waited, in ms; 0 when none waits. */
export const ageOf = (oldestReceivedAt: number | null, now: number): number =>
  oldestReceivedAt === null ? 0 : Math.max(0, now - oldestReceivedAt);

/** What one pass of forwarding has done. */
export interface ForwardProgress {
  /** The last delivery that is forwarded or set aside; null when the offset stays. */
  reached: ForwardOffset | null;
  /** Those of them that the target had refused before. */
  takenAfterAll: readonly number[];
  heldUntil: number | null;
  refusal: Refusal | null;
}

/** What a cursor belongs to. */
type Cursor = Pick<ForwardSource, 'name' | 'numbers'>;

/** The SQL of forwarding: the cursor of each number, and the next deliveries. */
@Injectable()
export class ForwardsStore {
  readonly refused = new RefusedForwardsStore();

  constructor(private readonly store: Store) {}

  /**
   * Begins what has no cursor yet after the newest kept delivery, and ends what nothing forwards any more, so that the purge of deliveries no
   * longer waits for it.
   * @param kept the ids of the numbers that have a forward, as the transaction sees them: what this process knows may be older, and what it
   * cannot open it does not know at all
   * @param locks so that no number changes meanwhile
   */
  async settle(sources: readonly ForwardSource[], kept: (tx: Tx) => Promise<string[]>, locks: readonly string[]): Promise<void> {
    await this.store.write(async (tx) => {
      const ofRows = new Set(await kept(tx));
      const begun = await tx.selectFrom('forwards').select(['name', 'phone_number_id']).execute();
      const isWanted = (name: string) => (name === OF_ENVIRONMENT ? sources.some((one) => one.name === name) : ofRows.has(name));
      for (const source of sources) if (isWanted(source.name)) await this.#begin(tx, source, begun);
      const ended = begun.map(({ name }) => name).filter((name) => !isWanted(name));
      if (ended.length === 0) return;
      await tx.deleteFrom('forwards').where('name', 'in', ended).execute();
      const left = sources.filter(({ name }) => isWanted(name)).flatMap(({ numbers }) => numbers);
      const unknown = [...ofRows].filter((id) => !left.includes(id));
      // One of them may be the first number, which has what came without one.
      await this.refused.clear(tx, unknown.length > 0 ? [...left, ...unknown, ''] : left);
    }, locks);
  }

  async #begin(tx: Tx, { name, phoneNumberId }: ForwardSource, begun: readonly Pick<Schema['forwards'], 'name'>[]): Promise<void> {
    const known = begun.find((one) => one.name === name);
    if (known) {
      await tx.updateTable('forwards').set({ phone_number_id: phoneNumberId }).where('name', '=', name).execute();
      return;
    }
    const order = tx.selectFrom('deliveries').select(['xid', 'id']).orderBy('xid', 'desc').orderBy('id', 'desc');
    const newest = await order.limit(1).executeTakeFirst();
    const cursor = { xid: newest?.xid ?? 0, delivery_id: newest?.id ?? 0 };
    await tx
      .insertInto('forwards')
      .values({ name, phone_number_id: phoneNumberId, ...cursor, holder: null, held_by_until: null, held_until: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** The offset, for the one replica that gets or renews the lease; null for the others. */
  async claim(name: string, holder: string, now: number, until: number): Promise<ForwardTurn | null> {
    if (this.store.engine === 'sqlite') return this.turn(name);
    const leased = await this.store.write((tx) =>
      tx
        .updateTable('forwards')
        .set({ holder, held_by_until: until })
        .where('name', '=', name)
        .where((where) => where.or([where('holder', '=', holder), where('holder', 'is', null), where('held_by_until', '<', now)]))
        .returning(['xid', 'delivery_id as id', 'held_until as heldUntil'])
        .executeTakeFirst(),
    );
    return leased ?? null;
  }

  /** The names of the cursors of whose numbers deliveries wait, or are to be posted once more. */
  async waiting(): Promise<Set<string>> {
    const { read } = this.store;
    const [behind, replaying] = await Promise.all([
      read
        .selectFrom('forwards')
        .select('name')
        .where(({ exists, selectFrom }) => exists(selectFrom('deliveries').select('id').where(isBeyond)))
        .execute(),
      this.refused.replayingNumbers(read),
    ]);
    return new Set([...behind.map(({ name }) => name), ...replaying]);
  }

  /**
   * The next deliveries of these numbers in order. On Postgres only those before which no delivery can appear any more: a transaction may commit
   * after others with higher ids.
   */
  async after({ numbers }: Cursor, offset: ForwardOffset, limit: number): Promise<ForwardedDelivery[]> {
    const pages = await Promise.all(numbers.map((number) => this.#after(number, offset, limit)));
    return pages
      .flat()
      .sort((a, b) => a.xid - b.xid || a.id - b.id)
      .slice(0, limit);
  }

  async #after(number: string, offset: ForwardOffset, limit: number): Promise<ForwardedDelivery[]> {
    const found = this.store.engine === 'sqlite' ? this.#beyond([number], offset) : ofAfter(this.store.read, number, offset, limit);
    const columns = found.leftJoin('refused_forwards', 'refused_forwards.delivery_id', 'deliveries.id');
    const rows = await columns
      .select(['xid', 'id', 'body', 'refused_forwards.attempts as refusals'])
      .orderBy('xid')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ refusals, ...row }) => ({ ...row, refusals: refusals ?? 0 }));
  }

  /** The deliveries of numbers beyond an offset, by the index of each number. */
  #beyond(numbers: readonly string[], { xid, id }: ForwardOffset) {
    const all = this.store.read.selectFrom('deliveries').where('phone_number_id', 'in', [...numbers]);
    if (this.store.engine === 'sqlite') return all.where('id', '>', id);
    const beyond = all.where(({ eb, refTuple, tuple }) => eb(refTuple('xid', 'id'), '>', tuple(xid, id)));
    return xid < FIRST_STRETCH ? beyond : beyond.where('id', '>', id);
  }

  /** What waits and what is set aside; null when forwarding is off. */
  async state({ name, numbers }: Cursor): Promise<ForwardState | null> {
    const turn = await this.turn(name);
    if (!turn) return null;
    const { heldUntil } = turn;
    if (numbers.length === 0) return { pending: 0, oldestReceivedAt: null, heldUntil, setAside: 0 };
    const counted = await this.#beyond(numbers, turn).select(COUNT).executeTakeFirstOrThrow();
    const oldest = await this.#beyond(numbers, turn).select('received_at').orderBy('id').limit(1).executeTakeFirst();
    const setAside = await this.refused.count(this.store.read, numbers);
    return { pending: Number(counted.n), oldestReceivedAt: oldest?.received_at ?? null, heldUntil, setAside };
  }

  /** What waits and what is set aside of all. Those of which nothing waits are not counted one by one. */
  async total(sources: readonly Cursor[]): Promise<ForwardState | null> {
    if (sources.length === 0) return null;
    const waiting = sources.length > 1 ? await this.waiting() : null;
    const counted = sources.filter(({ name, numbers }) => waiting === null || waiting.has(name) || numbers.includes(''));
    const states = (await Promise.all(counted.map((one) => this.state(one)))).filter((state) => state !== null);
    const oldest = states.flatMap(({ oldestReceivedAt }) => oldestReceivedAt ?? []);
    const all = sources.flatMap(({ numbers }) => numbers);
    return {
      pending: states.reduce((sum, { pending }) => sum + pending, 0),
      oldestReceivedAt: oldest.length > 0 ? Math.min(...oldest) : null,
      heldUntil: null,
      setAside: await this.refused.count(this.store.read, all),
    };
  }

  /** The next deliveries to post once more. */
  toReplay({ numbers }: Cursor, limit: number): Promise<ReplayedDelivery[]> {
    return this.refused.toReplay(this.store.read, numbers, limit);
  }

  /** Writes the result of one more attempt. @param result the id of a delivery that the target took, or its failure */
  async replayed(result: number | Refusal): Promise<void> {
    await this.store.write((tx) => (typeof result === 'number' ? this.refused.taken(tx, [result]) : this.refused.record(tx, result)));
  }

  /** Deletes what is set aside and whose delivery is gone. */
  async purge(): Promise<void> {
    await this.store.write((tx) => this.refused.purge(tx));
  }

  /** Writes what a pass has done, in one transaction; false, and nothing written, when another replica has the lease. */
  async advance(name: string, holder: string, { reached, takenAfterAll, heldUntil, refusal }: ForwardProgress): Promise<boolean> {
    return this.store.write(async (tx) => {
      const offset = reached ? { xid: reached.xid, delivery_id: reached.id } : {};
      let query = tx
        .updateTable('forwards')
        .set({ ...offset, held_until: heldUntil })
        .where('name', '=', name);
      if (this.store.engine === 'postgres') query = query.where('holder', '=', holder);
      if ((await query.executeTakeFirst()).numUpdatedRows === 0n) return false;
      await this.refused.taken(tx, takenAfterAll);
      if (refusal) await this.refused.record(tx, refusal);
      return true;
    });
  }

  /** Gives back every lease of this holder. */
  async release(holder: string): Promise<void> {
    if (this.store.engine !== 'postgres') return;
    await this.store.write((tx) =>
      tx.updateTable('forwards').set({ holder: null, held_by_until: null }).where('holder', '=', holder).execute(),
    );
  }

  /** Where forwarding is; null when it is off. */
  async turn(name: string): Promise<ForwardTurn | null> {
    const kept = this.store.read.selectFrom('forwards').select(['xid', 'delivery_id as id', 'held_until as heldUntil']);
    return (await kept.where('name', '=', name).executeTakeFirst()) ?? null;
  }
}

/** On Postgres. */
function ofAfter(read: Reader, number: string, { xid, id }: ForwardOffset, limit: number) {
  const found = sql`deliveries_of_after(${number}, ${xid}, ${id}, ${limit})`.as<'deliveries'>(sql.ref('deliveries'));
  return read.selectFrom(found) as unknown as ReturnType<typeof selectDeliveries>;
}

const selectDeliveries = (reader: Reader) => reader.selectFrom('deliveries');

/** A delivery of the number of a cursor beyond it. Rows of releases that ordered by another column than the id are found by the queue that forwards them. */
const isBeyond = ({ eb, and, ref }: ExpressionBuilder<Schema, 'deliveries' | 'forwards'>) =>
  and([eb('deliveries.phone_number_id', '=', ref('forwards.phone_number_id')), eb('deliveries.id', '>', ref('forwards.delivery_id'))]);
