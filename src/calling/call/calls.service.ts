import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import type { Exchange } from '#dialog360/exchange.js';
import { OutboxService } from '#events/outbox.service.js';
import { PeopleService } from '#identity/people.service.js';
import type { Person } from '#identity/person.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { type Call, type CallOutcome, type CallState, union, withoutSdp } from './call.js';
import { type CallDto, sessionOf, toCallDto } from './call.view.js';
import { type CallCursor, type CallFilter, CallsStore } from './calls.store.js';
import { derive } from './derive.js';
import { announce, type CallSnapshot } from './publish.js';
import { entriesOf, type TimelineEntry, TimelineService } from './timeline.service.js';

export type { CallCursor, CallFilter } from './calls.store.js';

/** What whoever writes a call knows already, so that it is not read again, and has to note with it. */
export interface Known {
  /** The other side, as of now. */
  person?: Person | undefined;
  /** What made the call change; it stands in the timeline before the change. */
  cause?: TimelineEntry;
  /** The request to 360dialog whose answer made the call change; so does that. */
  exchange?: Exchange;
}

/** Learns how a call ended, or that it ended otherwise than was `thought`, in the transaction that writes it. */
export type Ended = (tx: Tx, ended: CallSnapshot, thought: CallOutcome | null) => Promise<void>;

/** The calls and what is told of them: the only place where a call is written, always together with its events. */
@Injectable()
export class CallsService {
  readonly #onEnded: Ended[] = [];

  constructor(
    private readonly calls: CallsStore,
    private readonly people: PeopleService,
    private readonly outbox: OutboxService,
    private readonly timeline: TimelineService,
    private readonly store: Store,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    people.onAbsorb((tx, from, into) => calls.absorb(tx, from, into));
  }

  /** Rooms that keep count of calls register here. */
  onEnded(ended: Ended): void {
    this.#onEnded.push(ended);
  }

  snapshot(call: Call): CallSnapshot {
    return { call, derived: derive(call, this.settings.deadlines) };
  }

  /**
   * The call by its own id or by wacid.
   * @throws Problem `call_not_found`
   */
  async require(id: string, reader: Reader = this.store.read): Promise<Call> {
    const call = await this.calls.byId(reader, id);
    if (!call) throw new Problem('call_not_found', { params: { id } });
    return call;
  }

  find(id: string, reader: Reader): Promise<Call | undefined> {
    return this.calls.byId(reader, id);
  }

  liveWith(reader: Reader, phoneNumberId: string, personId: string): Promise<Call[]> {
    return this.calls.liveWith(reader, phoneNumberId, personId);
  }

  /** The ids of calls that the watchdog must look at. */
  due(now: number, limit: number): Promise<string[]> {
    return this.calls.due(this.store.read, now, limit);
  }

  /** Deletes calls that ended before that moment, with their timelines. @returns how many */
  purge(endedBefore: number): Promise<number> {
    return this.store.inBatches((tx, most) => this.calls.purge(tx, endedBefore, most));
  }

  /** Whether more calls than `most` match. */
  exceeds(filter: CallFilter, most: number): Promise<boolean> {
    return this.calls.exceeds(this.store.read, filter, most);
  }

  inState(state: CallState, limit: number): Promise<Call[]> {
    return this.calls.list(this.store.read, { state }, limit, null);
  }

  /** The log: newest first; one more than a page tells that there is a next one. */
  list(filter: CallFilter, limit: number, after: CallCursor | null): Promise<Call[]> {
    return this.calls.list(this.store.read, filter, limit, after);
  }

  /** Writes a new call, or one that has changed, and appends what the world is told of it. Call under the number's lock. */
  async write(tx: Tx, before: Call | null, changed: Call, known: Known = {}): Promise<Call> {
    const then = before && this.snapshot(before);
    const derived = this.snapshot(changed).derived;
    const call = derived.state === 'ended' ? withoutSdp(changed) : changed;
    const announcements = announce(then, { call, derived });
    const after = { call: { ...call, sequence: call.sequence + announcements.length }, derived };
    await (before ? this.calls.save(tx, after.call, derived) : this.calls.insert(tx, after.call, derived));
    const noted: TimelineEntry[] = known.cause ? [known.cause] : [];
    if (known.exchange) noted.push(...entriesOf(known.exchange));
    if (then?.derived.state !== derived.state) {
      const data = { from: then?.derived.state ?? null, outcome: derived.outcome, error: derived.error };
      noted.push({ at: this.clock.now(), kind: 'state', name: derived.state, data });
    }
    await this.timeline.note(tx, call.id, ...noted);
    if (derived.state === 'ended' && then?.derived.outcome !== derived.outcome) {
      for (const ended of this.#onEnded) await ended(tx, after, then?.derived.outcome ?? null);
    }
    const person = known.person ?? (announcements.length ? await this.#person(tx, call.personId) : undefined);
    for (const [i, { type, changed: names }] of announcements.entries()) {
      const sequence = call.sequence + i + 1;
      const view = toCallDto({ call: { ...after.call, sequence }, derived }, person, this.settings.publicUrl, false);
      await this.outbox.append(tx, {
        type,
        subject: call.id,
        sequence,
        phoneNumberId: call.phoneNumberId,
        occurredAt: this.clock.now(),
        expiresAt: PERISHABLE.has(type) ? derived.deadlineAt : null,
        data: type === 'call.updated' ? { ...view, changed: names } : view,
      });
    }
    return after.call;
  }

  /** Takes the facts of a stray row, made by webhooks before anyone knew whose dial it was, into its real call. */
  async absorb(tx: Tx, call: Call, wacid: string): Promise<Call> {
    const stray = await this.calls.byId(tx, wacid);
    if (!stray || stray.id === call.id) return call;
    await this.calls.remove(tx, stray.id);
    await this.timeline.move(tx, stray.id, call.id);
    return { ...call, wacid, facts: union(call.facts, stray.facts) };
  }

  /** A request that changed nothing. */
  noteExchange(tx: Tx, call: Call, exchange: Exchange): Promise<void> {
    return this.timeline.note(tx, call.id, ...entriesOf(exchange));
  }

  /** Who asked for what. @param by the name of the key */
  noteCommand(tx: Tx, callId: string, verb: string, by: string): Promise<void> {
    return this.timeline.note(tx, callId, { at: this.clock.now(), kind: 'command', name: verb, data: { by } });
  }

  /** The same in a transaction of its own, for a call by its own id or by wacid; one that does not exist is none to note. */
  async noteCommandOn(id: string, verb: string, by: string): Promise<void> {
    const call = await this.calls.byId(this.store.read, id);
    if (call) await this.store.write((tx) => this.noteCommand(tx, call.id, verb, by));
  }

  timelineOf(call: Call): Promise<TimelineEntry[]> {
    return this.timeline.of(call.id);
  }

  async view(call: Call, withSession: boolean, reader: Reader = this.store.read): Promise<CallDto> {
    return toCallDto(this.snapshot(call), await this.#person(reader, call.personId), this.settings.publicUrl, withSession);
  }

  async views(calls: readonly Call[], withSession: boolean): Promise<CallDto[]> {
    const people = await this.people.byIds(calls.map(({ personId }) => personId));
    return calls.map((call) => toCallDto(this.snapshot(call), people.get(call.personId), this.settings.publicUrl, withSession));
  }

  /** The other side's SDP of a live call, for streams. */
  async sessionOf(id: string): Promise<unknown> {
    const call = await this.calls.byId(this.store.read, id);
    return call ? sessionOf(this.snapshot(call)) : null;
  }

  async #person(reader: Reader, id: string): Promise<Person | undefined> {
    return (await this.people.byIds([id], reader)).get(id);
  }
}

const PERISHABLE = new Set(['call.incoming', 'call.ready', 'call.connected']);
