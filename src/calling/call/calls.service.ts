import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import type { Exchange } from '#dialog360/exchange.js';
import { PERISHABLE } from '#events/event.js';
import { OutboxService } from '#events/outbox.service.js';
import { EVERY_NUMBER, type NumberReach } from '#identity/numbers/number-reach.js';
import { PeopleService } from '#identity/people.service.js';
import type { Person } from '#identity/person.js';
import { Clock, HOUR } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { numberLock, type Reader, Store, type Tx } from '#store/store.js';
import { type Call, type CallOutcome, closedCall, UNKNOWN_PERSON } from './call.js';
import { type CallDto, type CallUpdatedView, toCallDto } from './call.view.js';
import { type CallSnapshot, type DerivedState, derive, remoteSession } from './derive.js';
import { type CallEvent, eventsOf } from './publish.js';
import { type CallCursor, type CallFilter, CallsStore, type DueCall, type OfNumbers } from './storage/calls.store.js';
import type { CallKeys } from './storage/calls-batch.store.js';
import { entriesOf, type TimelineEntry, TimelineStore } from './storage/timeline.store.js';

export type { CallCursor, CallFilter, DueCall } from './storage/calls.store.js';
export type { TimelineEntry } from './storage/timeline.store.js';

/** What the writer of a call has at hand: it need not be read again, and is noted with the change. */
export interface WriteContext {
  /** The other side, as of now. */
  person?: Person | undefined;
  /** The causes of the change; their timeline entries stand before the change. */
  causes?: readonly TimelineEntry[];
  /** The request to 360dialog with the response that changed the call; its entries stand there, too. */
  exchange?: Exchange;
}

/** Called in the transaction that writes an ended call, another outcome of it, or its person at last; `former` is the outcome until now. */
export type CallEndedHandler = (tx: Tx, ended: CallSnapshot, former: CallOutcome | null) => Promise<void>;

/** Reads and writes calls. It is the only writer of a call and publishes every change in the same transaction. */
@Injectable()
export class CallsService {
  /** Whether inbound calls of a number are announced. One slot; without one, those of every number are. */
  announces: (phoneNumberId: string) => boolean = () => true;
  readonly #onEnded: CallEndedHandler[] = [];

  constructor(
    private readonly calls: CallsStore,
    private readonly people: PeopleService,
    private readonly outbox: OutboxService,
    private readonly timeline: TimelineStore,
    private readonly store: Store,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    people.onMerge((tx, from, into) => calls.absorb(tx, from, into));
  }

  /** How many calls of a number have not ended, at most 500, for a command beside its gateway. */
  static async liveIn(store: Store, phoneNumberId: string): Promise<number> {
    return (await new CallsStore().liveOf(store.read, phoneNumberId)).length;
  }

  /** Registers a handler; modules that count calls register at start. */
  onEnded(handler: CallEndedHandler): void {
    this.#onEnded.push(handler);
  }

  /** The call with its state, derived by the configured deadlines. */
  snapshot(call: Call): CallSnapshot {
    return { call, derived: derive(call, this.settings.deadlines) };
  }

  /**
   * The call by the gateway's id or by wacid.
   * @throws Problem `call_not_found`, the same for a call that does not exist and for one of a number that `by` does not reach
   */
  async require(by: NumberReach, id: string, reader: Reader = this.store.read): Promise<Call> {
    const call = await this.calls.byId(reader, id, by);
    if (!call) throw new Problem('call_not_found', { params: { id } });
    return call;
  }

  /** The call by the gateway's id or by wacid; undefined when there is none. */
  find(id: string, reader: Reader): Promise<Call | undefined> {
    return this.calls.byId(reader, id, EVERY_NUMBER);
  }

  /** Calls with a person that have not ended, waiting ones included. */
  liveWith(reader: Reader, phoneNumberId: string, personId: string): Promise<Call[]> {
    return this.calls.liveWith(reader, phoneNumberId, personId);
  }

  /** Calls of a number that have not ended, waiting ones included; at most 500. */
  liveOf(phoneNumberId: string): Promise<Call[]> {
    return this.calls.liveOf(this.store.read, phoneNumberId);
  }

  /** Reads at once what a batch of facts will look up. */
  readAhead(tx: Tx, keys: CallKeys): Promise<void> {
    return this.calls.readAhead(tx, keys);
  }

  /** The calls with a deadline, lease, claim or hang-up that is due, up to `limit` of each number. */
  due(now: number, limit: number): Promise<DueCall[]> {
    return this.calls.due(this.store.read, now, limit);
  }

  /** Dials that were committed before then and have no response, up to `limit` of each number. */
  unanswered(before: number, limit: number): Promise<DueCall[]> {
    return this.calls.unanswered(this.store.read, before, limit);
  }

  /** Deletes calls that ended before that moment, with their timelines. @returns how many */
  purge(endedBefore: number, of: OfNumbers): Promise<number> {
    return this.store.inBatches((tx, batchSize) => this.calls.purge(tx, endedBefore, of, batchSize));
  }

  /** Whether more calls than `limit` match. */
  exceeds(filter: CallFilter, limit: number): Promise<boolean> {
    return this.calls.exceeds(this.store.read, filter, limit);
  }

  /** The call log, newest first, from the cursor on. */
  list(filter: CallFilter, limit: number, after: CallCursor | null = null): Promise<Call[]> {
    return this.calls.list(this.store.read, filter, limit, after);
  }

  /** Runs `work` on the call as it stands, in one transaction under its number's lock. @throws Problem `call_not_found` */
  change<T>({ id, phoneNumberId }: Pick<Call, 'id' | 'phoneNumberId'>, work: (tx: Tx, now: Call) => Promise<T>): Promise<T> {
    return this.store.write(async (tx) => work(tx, await this.require(EVERY_NUMBER, id, tx)), [numberLock(phoneNumberId)]);
  }

  /**
   * Changes calls of one number in one transaction. Those that are not there any more are left out.
   * @param found the calls as they were read; `change` gets each as it stands
   * @param waits whether it waits for another writer of the number, or leaves everything as it is while there is one
   */
  async changeAll(phoneNumberId: string, found: readonly Call[], change: (now: Call) => Call, waits: boolean): Promise<void> {
    const locks = [numberLock(phoneNumberId)];
    const prepare = (tx: Tx) => this.#aheadOf(tx, found);
    const apply = async (tx: Tx, people: ReadonlyMap<string, Person>) => {
      for (const { id } of found) {
        const now = await this.calls.byId(tx, id, EVERY_NUMBER);
        if (now) await this.write(tx, now, change(now), { person: people.get(now.personId) });
      }
    };
    if (waits) await this.store.writeBatch(async (tx) => apply(tx, await prepare(tx)), locks);
    else await this.store.writeBatchNow({ prepare, apply }, locks);
  }

  /** Reads at once what changes of these calls will look up. @returns their people by id */
  async #aheadOf(tx: Tx, found: readonly Call[]): Promise<ReadonlyMap<string, Person>> {
    await this.readAhead(tx, { ids: found.map(({ id }) => id), people: [] });
    return this.people.byKeys(found, tx);
  }

  /** Calls by the gateway's own ids, in no order; at most 200. */
  byIds(ids: readonly string[]): Promise<Call[]> {
    return this.calls.byIds(this.store.read, ids);
  }

  /** `change` for what a power cut may take back, since the request to 360dialog that follows can be repeated. */
  changeUnsynced<T>({ id, phoneNumberId }: Pick<Call, 'id' | 'phoneNumberId'>, work: (tx: Tx, now: Call) => Promise<T>): Promise<T> {
    return this.store.writeUnsynced(async (tx) => work(tx, await this.require(EVERY_NUMBER, id, tx)), [numberLock(phoneNumberId)]);
  }

  /** Writes a new or changed call, its timeline and its events. Call it under the number's lock. */
  async write(tx: Tx, before: Call | null, changed: Call, context: WriteContext = {}): Promise<Call> {
    const former = before && this.snapshot(before);
    const { derived } = this.snapshot(changed);
    const call = derived.state === 'ended' ? closedCall(changed) : changed;
    const events = eventsOf(former, { call, derived }).filter(({ type }) => type !== 'call.incoming' || this.#mayRing(call, derived));
    const after = { call: { ...call, sequence: call.sequence + events.length }, derived };
    await (before ? this.calls.save(tx, after.call, derived) : this.calls.insert(tx, after.call, derived));
    await this.#note(tx, former, after, context);
    // A handler that counts calls by person waits for the person.
    const isNamed = former?.call.personId === UNKNOWN_PERSON && call.personId !== UNKNOWN_PERSON;
    if (derived.state === 'ended' && (isNamed || former?.derived.outcome !== derived.outcome)) {
      for (const handler of this.#onEnded) await handler(tx, after, former?.derived.outcome ?? null);
    }
    await this.#publish(tx, { call, derived }, events, context.person);
    return after.call;
  }

  /** A call of which a webhook reports hours later rings nobody: that it has ended follows. */
  #mayRing({ phoneNumberId }: Call, { deadlineAt }: DerivedState): boolean {
    return this.announces(phoneNumberId) && (deadlineAt === null || deadlineAt > this.clock.now() - HOUR);
  }

  async #note(
    tx: Tx,
    former: CallSnapshot | null,
    { call, derived }: CallSnapshot,
    { causes = [], exchange }: WriteContext,
  ): Promise<void> {
    const entries: TimelineEntry[] = [...causes, ...(exchange ? entriesOf(exchange) : [])];
    const from = former?.derived.state ?? null;
    if (from !== derived.state) {
      const data = { from, outcome: derived.outcome, error: derived.error };
      entries.push({ at: this.clock.now(), kind: 'state', name: derived.state, data });
    }
    await this.timeline.add(tx, call.id, ...entries);
  }

  async #publish(tx: Tx, { call, derived }: CallSnapshot, events: readonly CallEvent[], known: Person | undefined): Promise<void> {
    const person = known ?? (events.length ? await this.#person(tx, call) : undefined);
    for (const [i, { type, changed }] of events.entries()) {
      const sequence = call.sequence + i + 1;
      const view = toCallDto({ call: { ...call, sequence }, derived }, person, this.settings.publicUrl, false);
      await this.outbox.append(tx, {
        type,
        subject: call.id,
        sequence,
        phoneNumberId: call.phoneNumberId,
        occurredAt: this.clock.now(),
        expiresAt: PERISHABLE.has(type) ? derived.deadlineAt : null,
        data: type === 'call.updated' ? ({ ...view, changed } satisfies CallUpdatedView) : view,
      });
    }
  }

  /** Notes something that did not change the call. */
  note(tx: Tx, call: Call, entry: TimelineEntry): Promise<void> {
    return this.timeline.add(tx, call.id, entry);
  }

  /** Notes a request that changed nothing. */
  noteExchange(tx: Tx, call: Call, exchange: Exchange): Promise<void> {
    return this.timeline.add(tx, call.id, ...entriesOf(exchange));
  }

  /** Notes which key asked for which verb. @param by the name of the key */
  noteCommand(tx: Tx, callId: string, verb: string, by: string): Promise<void> {
    return this.timeline.add(tx, callId, { at: this.clock.now(), kind: 'command', name: verb, data: { by } });
  }

  /** The same in a transaction of its own; a call that does not exist, or is out of reach, is not noted. @param id the gateway's id or the wacid */
  async noteCommandOn(id: string, verb: string, by: NumberReach & { name: string }): Promise<void> {
    const call = await this.calls.byId(this.store.read, id, by);
    if (call) await this.store.write((tx) => this.noteCommand(tx, call.id, verb, by.name));
  }

  /** The timeline, in the order in which the gateway noted it. */
  timelineOf(call: Call): Promise<TimelineEntry[]> {
    return this.timeline.of(this.store.read, call.id);
  }

  /** The public call; `withSession` only for clients with `calls:control`. */
  async view(call: Call, withSession: boolean, reader: Reader = this.store.read): Promise<CallDto> {
    return toCallDto(this.snapshot(call), await this.#person(reader, call), this.settings.publicUrl, withSession);
  }

  /** The same for several calls, with one query for their users. */
  async views(calls: readonly Call[], withSession: boolean): Promise<CallDto[]> {
    const people = await this.people.byKeys(calls);
    return calls.map((call) => toCallDto(this.snapshot(call), people.get(call.personId), this.settings.publicUrl, withSession));
  }

  /** The other side's SDP of each live call, for streams; null for one that has none. */
  async sessionsOf(ids: readonly string[]): Promise<Map<string, unknown>> {
    const calls = await this.byIds(ids);
    return new Map(calls.map((call) => [call.id, remoteSession(this.snapshot(call))]));
  }

  /** The same of a call that was read beside an event (`CallsStore.asJson`). */
  sessionIn(row: unknown): unknown {
    return remoteSession(this.snapshot(this.calls.fromJson(row)));
  }

  async #person(reader: Reader, call: Call): Promise<Person | undefined> {
    return (await this.people.byKeys([call], reader)).get(call.personId);
  }
}
