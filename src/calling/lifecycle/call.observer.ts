import { Injectable, type OnModuleInit } from '@nestjs/common';
import { apply, type Call, type Fact, fact, newCall } from '#calling/call/call.js';
import { CallsService, type TimelineEntry } from '#calling/call/calls.service.js';
import { Settings } from '#config/settings.js';
import type { CallFact } from '#dialog360/fact.js';
import { PeopleService } from '#identity/people.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { ReceivedFact } from '#inbox/received-fact.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import type { Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { HangUpService } from './hang-up.service.js';
import { toFacts } from './wire-facts.js';

type ReceivedCallFact = ReceivedFact<CallFact>;

/** Applies webhooks about calls: finds the call of a fact, or begins it. */
@Injectable()
export class CallObserver implements OnModuleInit {
  constructor(
    private readonly inbox: InboxService,
    private readonly calls: CallsService,
    private readonly people: PeopleService,
    private readonly hangUps: HangUpService,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.inbox.on(['call.connect', 'call.status', 'call.terminate', 'call.note'], (tx, received) => this.apply(tx, received));
  }

  /** Applies one fact. @returns what is to be done once it is committed */
  async apply(tx: Tx, received: ReceivedCallFact): Promise<undefined | (() => void)> {
    const { fact: reported } = received;
    const known = await this.#find(tx, received);
    const facts = toFacts(reported, received.at);
    if (known) {
      const person = reported.contact ? await this.people.identified(tx, known.personId, reported.contact, received) : undefined;
      // The merge of two people may have moved the call to the older one.
      const before = person && person.id !== known.personId ? await this.calls.require(known.id, tx) : known;
      const applied = facts.reduce<Call>(apply, { ...before, wacid: before.wacid ?? reported.wacid });
      const after = await this.calls.write(tx, before, applied, { person, cause: causeOf(received) });
      return this.#hangUpLater(after);
    }
    if (!facts.length || !reported.contact) {
      if (facts.length)
        this.log.pino.warn(
          { event: 'calling.call_without_user', wacid: reported.wacid, kind: reported.kind },
          'A call without a user cannot be shown; its delivery is kept',
        );
      return undefined;
    }
    const person = await this.people.named(tx, reported.contact, 'wire', received);
    await this.calls.write(tx, null, this.#begin(person.id, received, facts), { person, cause: causeOf(received) });
    return undefined;
  }

  /** By wacid; else by our own id, which the dial carried; else the one dial to this person that has no wacid yet. */
  async #find(tx: Tx, { fact: reported, phoneNumberId, at }: ReceivedCallFact): Promise<Call | undefined> {
    const byWacid = await this.calls.find(reported.wacid, tx);
    if (byWacid) return byWacid;
    const byOpaque = reported.opaque?.startsWith('call_') ? await this.calls.find(reported.opaque, tx) : undefined;
    if (byOpaque && byOpaque.wacid === null && byOpaque.phoneNumberId === phoneNumberId) return byOpaque;
    if (reported.direction === 'inbound' || !reported.contact) return undefined;
    const person = await this.people.named(tx, reported.contact, 'wire', { at });
    const live = await this.calls.liveWith(tx, phoneNumberId, person.id);
    return live.find((call) => call.direction === 'outbound' && call.wacid === null && fact(call.facts, 'dialing'));
  }

  /** A new call: a user's, or one that another app has made from our number. */
  #begin(personId: string, { fact: reported, phoneNumberId, at }: ReceivedCallFact, facts: Fact[]): Call {
    const direction = reported.direction ?? (reported.kind === 'call.status' ? 'outbound' : 'inbound');
    const now = this.clock.now();
    const origin = {
      id: newId('call'),
      phoneNumberId,
      personId,
      direction,
      input: null,
      reference: null,
      createdAt: begunAt(reported, at, now),
      giveUpAfterMs: null,
    };
    const call = newCall(origin, facts, reported.wacid);
    const answerUntil = at + this.settings.deadlines.answerMs;
    // An offer older than the answer window, such as one redelivered hours later, is recorded and never rings.
    return direction === 'inbound' && answerUntil <= now ? apply(call, { kind: 'lapsed', at: answerUntil, state: 'ringing' }) : call;
  }

  /** A hang-up that was asked for while the wacid was unknown: it can be sent now. */
  #hangUpLater(call: Call): undefined | (() => void) {
    if (!fact(call.facts, 'hang_up.asked') || this.calls.snapshot(call).derived.state === 'ended') return undefined;
    return () =>
      void this.hangUps
        .finish(call.id)
        .catch((error) =>
          this.log.pino.warn({ event: 'calling.hang_up_failed', error, call: call.id }, 'A hang-up failed; the watchdog retries it'),
        );
  }
}

function causeOf({ fact: reported, receivedAt }: ReceivedCallFact): TimelineEntry {
  const [name, data] = describe(reported);
  return { at: receivedAt, kind: 'webhook', name, data: { ...data, opaque_returned: reported.opaque !== null } };
}

/** By Meta's time: a delivery that arrives hours late is about a call of that hour. A time in the future counts as now. */
function begunAt(reported: CallFact, at: number, now: number): number {
  const talkedFrom = reported.kind === 'call.terminate' ? reported.startTime : null;
  return Math.min(at, talkedFrom ?? at, now);
}

/** A webhook as the timeline shows it: without SDP, names and numbers. */
function describe(reported: CallFact): [name: string, data: object] {
  switch (reported.kind) {
    case 'call.connect': {
      const { session, direction } = reported;
      return ['connect', { sdp_type: session?.sdp_type ?? null, sdp_length: session?.sdp.length ?? null, direction }];
    }
    case 'call.status':
      return [reported.status, {}];
    case 'call.terminate':
      return ['terminate', { status: reported.status, duration: reported.durationSeconds, errors: reported.errors }];
    case 'call.note':
      return [reported.event, { errors: reported.errors }];
  }
}
